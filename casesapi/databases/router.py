"""Which database a query goes to: what the public asks for may have some of its own.

With `DATABASE_READER_URL` the public API reads as a role that may read the published tables and
nothing else, so not even a mistake of ours can show what is private. With `DATABASE_REPLICA_URL` it
reads from replicas, as long as they have reached the newest publication.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from casesapi.databases import replicas

# What a connection is limited to, as the connection itself knows it and as it was asked for.
LIMIT = "cases_statement_timeout"

# A failure of the database, by Django and by statements that are sent past it.
FAILURES = (
    *(OperationalError, InterfaceError),
    *(psycopg.OperationalError, psycopg.InterfaceError),
)
# A replica cancels a query that reads what the primary has removed meanwhile.
CONFLICT = "40001"
READ_ONLY = "25006"

# Null = not for the public.
_database: ContextVar[str | None] = ContextVar("database", default=None)


@contextmanager
def use_public_database(database: str | None = None) -> Iterator[None]:
    """Within it every query, also one that would write, goes to this database; null = the best one
    at the moment."""
    token = _database.set(database or _database.get() or replicas.standing.databases()[0])
    try:
        yield
    finally:
        _database.reset(token)


def alias() -> str:
    """The database that a query goes to here."""
    return _database.get() or DEFAULT_DB_ALIAS


def connection() -> BaseDatabaseWrapper:
    return connections[alias()]


def another_may_answer(error: BaseException) -> bool:
    """Whether a query failed by a fault of its database: it is gone, or not ready. A dead
    connection is closed, so that the same database may be tried again as well."""
    if not isinstance(error, FAILURES):
        return False
    failed = connection()
    if failed.in_atomic_block:
        return False
    if failed.connection is None or not failed.is_usable():
        failed.close()
        return True
    return _code(error) == CONFLICT


def is_down(error: BaseException | None) -> bool:
    """Whether an error says that nothing can be written: the database is gone, or a replica."""
    if isinstance(error, InternalError):
        return _code(error) == READ_ONLY
    if not isinstance(error, FAILURES):
        return False
    code = _code(error)
    # Class 08: connection; 57P: shut down, crashed, starting; 53: no room for it.
    return code is None or code.startswith(("08", "57P", "53"))


def _code(error: BaseException) -> str | None:
    """PostgreSQL's code of an error; null = it comes from the connection."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return getattr(cause, "sqlstate", None)


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


def no_statement_timeout(
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

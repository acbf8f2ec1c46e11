"""Which database a query goes to: what the public asks for may have one of its own.

With `DATABASE_READER_URL` the public API reads as a role that may read the published tables and
nothing else, so not even a mistake of ours can show what is private.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

READER = "reader"

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


class Router:
    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return alias()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return alias()

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        return True  # both are the same data

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS

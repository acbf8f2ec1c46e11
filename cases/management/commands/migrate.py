"""`manage.py migrate`: Django's own, by one process at a time, and repeatable after a kill."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from django.core.management.base import OutputWrapper
from django.core.management.commands import migrate
from django.db import Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

# Any number: the advisory lock that two migrations of one database agree on.
MIGRATING = 726_001
# Seconds between two tries to take it, and until the user is told about the wait.
INTERVAL, TELL_AFTER = 0.1, 1.0


class Executor(MigrationExecutor):
    """Records an atomic migration in the transaction that applies it.

    Where a migration defers statements to its end, as for foreign keys, Django records it after the
    commit. Killed between the two, every later run fails: the tables exist already.
    """

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        with self._transaction(migration):
            return super().apply_migration(state, migration, fake, fake_initial)

    def unapply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False
    ) -> ProjectState:
        with self._transaction(migration):
            return super().unapply_migration(state, migration, fake)

    def _transaction(self, migration: Migration) -> AbstractContextManager[None]:
        return transaction.atomic(self.connection.alias) if migration.atomic else nullcontext()


# Django's command offers no other way to choose the executor.
migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"]:  # these change nothing
            super().handle(*args, **options)
            return
        with one_at_a_time(connections[options["database"]], self.stderr):
            super().handle(*args, **options)


@contextmanager
def one_at_a_time(connection: BaseDatabaseWrapper, stderr: OutputWrapper) -> Iterator[None]:
    """Wait until no other process migrates this database, and keep others waiting.

    It polls: a statement that waits for the lock would hold a snapshot meanwhile, and CREATE INDEX
    CONCURRENTLY of the process that has the lock would wait for that.
    """
    begin, told = time.monotonic(), False
    with connection.cursor() as cursor:
        while not _locked(cursor):
            if not told and time.monotonic() - begin > TELL_AFTER:
                stderr.write("Another process migrates this database. Waiting for it.")
                told = True
            time.sleep(INTERVAL)
        try:
            yield
        finally:
            # A connection that is lost has lost the lock too.
            with suppress(Error):
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _locked(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING])
    return bool(cursor.fetchone()[0])

"""Migrations that are killed at any moment, or run by two processes at once."""

import io
import threading

import pytest
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from cases.management.commands import migrate
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

HALF_DONE = "0009_what_rests_on_a_source"
INDEXES = {"publishedsource_cites", "publishedstatistic_source"}


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def valid_indexes():
    found = run(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid"
        " AND indrelid IN ('cases_publishedsource'::regclass, 'cases_publishedstatistic'::regclass)"
    )
    return INDEXES & {name for (name,) in found}


def applied():
    return MigrationRecorder(connection).applied_migrations().keys()


# What is left of a run that was killed, from the last statement back to the first.
LEFT_BEHIND = {
    "all of it, not recorded": [],
    "an index that is invalid": [
        "DROP INDEX publishedstatistic_source",
        "CREATE UNIQUE INDEX CONCURRENTLY publishedstatistic_source ON django_migrations ((1))",
    ],
    "no index": ["DROP INDEX publishedsource_cites", "DROP INDEX publishedstatistic_source"],
    "one column": ["ALTER TABLE cases_publishedstatistic DROP COLUMN source"],
    "nothing": [
        "ALTER TABLE cases_publishedsource DROP COLUMN cites",
        "ALTER TABLE cases_publishedstatistic DROP COLUMN source",
    ],
}


@pytest.mark.parametrize("left", LEFT_BEHIND)
def test_a_migration_that_was_killed_halfway_is_completed_by_the_next_run(left):
    # As far as a database of that time had come.
    call_command("migrate", "cases", HALF_DONE, verbosity=0)
    MigrationRecorder(connection).record_unapplied("cases", HALF_DONE)
    try:
        for statement in LEFT_BEHIND[left]:
            if "UNIQUE" in statement:
                # Fails, as there are many rows, and leaves the index as a kill would.
                with pytest.raises(DatabaseError):
                    run(statement)
            else:
                run(statement)
    finally:
        call_command("migrate", verbosity=0)
    assert ("cases", HALF_DONE) in applied()
    assert valid_indexes() == INDEXES


def test_it_goes_back_and_forth():
    try:
        call_command("migrate", "cases", "0008", verbosity=0)
        assert valid_indexes() == set()
    finally:
        call_command("migrate", verbosity=0)
    assert valid_indexes() == INDEXES


def test_all_its_statements_are_shown_also_when_there_is_nothing_to_do():
    shown = io.StringIO()
    call_command("sqlmigrate", "cases", HALF_DONE, stdout=shown)
    assert shown.getvalue().count("ADD COLUMN") == 2
    assert shown.getvalue().count("CREATE INDEX CONCURRENTLY") == 2


def test_a_migration_and_its_record_are_committed_together(monkeypatch):
    """Its index is made at the end of the transaction, after which Django by itself records it."""
    call_command("migrate", "sessions", "zero", verbosity=0)

    def killed(self, migration):
        raise KeyboardInterrupt

    try:
        with monkeypatch.context() as patched:
            patched.setattr(migrate.Executor, "record_migration", killed)
            with pytest.raises(KeyboardInterrupt):
                call_command("migrate", "sessions", verbosity=0)
        assert run("SELECT to_regclass('django_session')::text") == [(None,)]
    finally:
        call_command("migrate", verbosity=0)
    assert ("sessions", "0001_initial") in applied()


class Other:
    """A second process that migrates, or waits to; a thread with a connection of its own."""

    def __init__(self):
        self.said, self.has_it, self.may_end = io.StringIO(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.may_end.set()
        self._thread.join()

    def _run(self):
        try:
            with migrate.one_at_a_time(connection, OutputWrapper(self.said)):
                self.has_it.set()
                self.may_end.wait()
        finally:
            connections.close_all()


def test_who_waits_for_another_migration_does_not_keep_it_from_creating_an_index(monkeypatch):
    monkeypatch.setattr(migrate, "TELL_AFTER", 0)
    with migrate.one_at_a_time(connection, OutputWrapper(io.StringIO())), Other() as other:
        try:
            until(other.said.getvalue, "the other one says that it waits")
            run(
                # PostgreSQL ends a deadlock after one second by itself, by an error.
                "CREATE INDEX CONCURRENTLY synthetic_index ON cases_publishedsource (version)",
                "DROP INDEX CONCURRENTLY synthetic_index",
            )
            assert not other.has_it.is_set()
        finally:
            run("SELECT pg_advisory_unlock_all()")
        until(other.has_it.is_set, "the other one has its turn")
    assert "Another process migrates this database" in other.said.getvalue()


def test_the_lock_is_given_back_after_a_failure():
    alone = migrate.one_at_a_time(connection, OutputWrapper(io.StringIO()))
    with pytest.raises(ZeroDivisionError), alone:
        raise ZeroDivisionError
    with Other() as other:
        until(other.has_it.is_set, "the other one has its turn")


def test_what_only_looks_waits_for_nobody():
    with Other() as other:
        until(other.has_it.is_set, "the other one migrates")
        shown = io.StringIO()
        call_command("migrate", "--plan", stdout=shown)
        call_command("migrate", "--check", stdout=shown)
    assert "No planned migration operations" in shown.getvalue()


def test_a_field_that_needs_an_index_is_refused_outside_a_transaction():
    from django.db import NotSupportedError, models
    from django.db.migrations.state import ProjectState

    from cases.repeatable import RepeatableAddField

    before = ProjectState.from_apps(migrate.migrate.apps)
    after = before.clone()
    operation = RepeatableAddField("word", "synthetic", models.TextField(null=True, unique=True))
    operation.state_forwards("cases", after)
    with connection.schema_editor(atomic=False) as editor:
        with pytest.raises(NotSupportedError, match="synthetic needs an index"):
            operation.database_forwards("cases", editor, before, after)
        editor.deferred_sql.clear()
    with transaction.atomic():
        assert not run("SELECT 1 FROM pg_attribute WHERE attname = 'synthetic'")

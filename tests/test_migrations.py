"""Migrations run while the old program goes on: none may lock a table for long or take away what
that program reads."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from cases.repeatable import REPEATABLE
from tests.waiting import WAIT_TIMEOUT

SQUAWK = Path(sys.executable).with_name("squawk")
# No database that is served has been migrated by these: they were written before the first release.
BASELINE = {
    "0001_reading_functions",
    "0002_working_copy_ledger_and_read_model",
    "0003_search_words_and_dictionary",
    "0004_desk_audit_checks_and_redactions",
    "0005_uploads",
    "0006_quality_and_folded_names",
    "0007_tell_of_publications",
    "0008_api_keys",
    "0009_what_rests_on_a_source",
}
# What squawk says beyond locks and lost columns.
NOT_ABOUT_DOWNTIME = (
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",  # Django records what has run
    "prefer-text-field",
    "prefer-timestamp-tz",
    "require-lock-timeout",  # for the operator to set, see docs/operations.md
    "require-statement-timeout",
)


def ours():
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(name for app, name in migrations if app == "cases")


def findings(sql):
    """What squawk says of the statements of one migration; "" = nothing."""
    run = subprocess.run(
        [
            *(SQUAWK, "--pg-version=15", "--reporter=gcc"),
            *(f"--exclude={rule}" for rule in NOT_ABOUT_DOWNTIME),
        ],
        input=sql,
        capture_output=True,
        text=True,
        timeout=WAIT_TIMEOUT,
    )
    assert run.returncode in (0, 1), run.stderr
    return run.stdout if run.returncode else ""


# What is created concurrently cannot even be shown in a transaction.
@pytest.mark.django_db(transaction=True)
def test_no_migration_since_stops_the_service():
    found = {}
    for name in set(ours()) - BASELINE:
        said = io.StringIO()
        call_command("sqlmigrate", "cases", name, stdout=said)
        found[name] = findings(said.getvalue())
    assert not any(found.values()), found


def test_the_baseline_holds_no_migration_that_is_gone():
    assert set(ours()) >= BASELINE


def test_what_runs_outside_a_transaction_can_be_repeated_after_a_kill():
    """Django runs such a migration from its first operation again."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    outside = [m for (app, _), m in migrations.items() if app == "cases" and not m.atomic]
    assert outside
    for migration in outside:
        for operation in migration.operations:
            assert isinstance(operation, REPEATABLE), (migration.name, operation)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("ALTER TABLE cases_case ADD COLUMN x int NOT NULL;", "adding-required-field"),
        ("ALTER TABLE cases_case DROP COLUMN summary;", "ban-drop-column"),
        ("ALTER TABLE cases_case RENAME COLUMN summary TO x;", "renaming-column"),
        ("ALTER TABLE cases_case RENAME TO x;", "renaming-table"),
        ("DROP TABLE cases_case;", "ban-drop-table"),
        ("ALTER TABLE cases_case ALTER COLUMN opened TYPE int;", "changing-column-type"),
        ("CREATE INDEX x ON cases_case (opened);", "require-concurrent-index-creation"),
        ("ALTER TABLE cases_case ADD CHECK (opened > '');", "constraint-missing-not-valid"),
    ],
)
def test_what_would_stop_the_service_is_found(statement, rule):
    assert rule in findings(statement)


def test_what_stops_nobody_is_not():
    assert findings("ALTER TABLE cases_case ADD COLUMN x text;") == ""
    new = "BEGIN; CREATE TABLE x (id bigint PRIMARY KEY); CREATE INDEX y ON x (id); COMMIT;"
    assert findings(new) == ""

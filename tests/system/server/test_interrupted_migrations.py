"""Migrations whose process is killed, at every moment that makes a difference."""

import re

import psycopg
import pytest

from casesapi.postgres.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.system.processes import Process, state_folder
from tests.waiting import WAIT_TIMEOUT, until

INDEXES = {"publishedsource_cites", "publishedstatistic_source"}


@pytest.fixture(scope="module")
def own_state():
    with state_folder() as folder:
        yield folder


@pytest.fixture
def server(own_state):
    """A process that keeps the database running, however often others are killed."""
    with Process(own_state, "-c", USER) as user:
        user.waits_for("joined")
        yield user


USER = """
from casesapi.postgres import embedded
print("joined", embedded.server().join(), flush=True)
input()
"""


def connect(state):
    folder = str(EmbeddedPostgres(state).sockets)
    return psycopg.connect(host=folder, user=SUPERUSER, dbname=DATABASE, autocommit=True)


def migrate(state, *more):
    with Process(state, "manage.py", "migrate", "--no-input", *more) as process:
        assert process.wait() == 0, process.printed()


def valid_indexes(connection):
    found = connection.execute(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid"
    ).fetchall()
    return INDEXES & {name for (name,) in found}


def test_killed_after_each_change_of_an_empty_database_it_is_completed(own_state, server):
    with Process(own_state, "-m", "tests.system.server.killed_migrations") as process:
        assert process.popen.wait(10 * WAIT_TIMEOUT) == 0, process.printed()
        printed = process.printed()
    # One for each migration at least, and for each statement of those outside a transaction.
    assert int(re.search(r"done after (\d+) kills", printed)[1]) > 40, printed
    assert printed.count("CREATE INDEX CONCURRENTLY") == 3
    with connect(own_state) as connection:
        assert valid_indexes(connection) == INDEXES
    migrate(own_state, "--check")


@pytest.mark.parametrize("name", sorted(INDEXES))
def test_killed_while_an_index_is_built_it_is_completed(own_state, server, name):
    """A reader holds a snapshot, which the build waits for. The index that is left is invalid."""
    migrate(own_state)
    # As far as a database of that time had come.
    migrate(own_state, "cases", "0009")
    with connect(own_state) as connection, connect(own_state) as reader:
        connection.execute(f"DROP INDEX {name}")
        connection.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name > '0009'")
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM cases_case")
        with Process(own_state, "manage.py", "migrate", "--no-input") as process:
            until(
                lambda: connection.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND query LIKE %s",
                    [f'CREATE INDEX CONCURRENTLY "{name}"%'],
                ).fetchone(),
                f"it builds {name}",
                process.printed,
            )
            process.kill()
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'CREATE INDEX%' AND pid <> pg_backend_pid()"
        )
        reader.execute("COMMIT")
        assert valid_indexes(connection) == INDEXES - {name}
        migrate(own_state)
        assert valid_indexes(connection) == INDEXES

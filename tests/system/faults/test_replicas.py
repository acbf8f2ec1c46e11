"""A primary, a streaming replica and a server that reads from both, while parts of it die."""

import time

import pytest

from tests.system.faults.cluster import Postgres
from tests.system.faults.nodes import (
    SECRET,
    Publisher,
    Readers,
    assert_ledger_verifies,
    assert_nothing_is_lost,
    fresh,
    seconds_until_it_answers,
)
from tests.system.processes import Server, manage, state_folder
from tests.waiting import until


@pytest.fixture(scope="module")
def folder():
    with state_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def primary(folder):
    primary = Postgres(folder / "primary").create()
    yield primary
    primary.stop()


@pytest.fixture(scope="module")
def replica(folder, primary):
    replica = Postgres(folder / "replica").follow(primary)
    yield replica
    replica.stop()


@pytest.fixture(scope="module")
def env(primary, replica):
    return {
        "DATABASE_URL": primary.url,
        "DATABASE_REPLICA_URL": replica.url,
        "SECRET_KEY": SECRET,
        "HTTPS": "0",
    }


@pytest.fixture(scope="module")
def node(folder, env):
    with Server(folder / "node", **env).started() as node:
        yield node


@pytest.fixture
def publisher(folder, env, primary):
    with Publisher(folder / "publisher", batch=primary.newest() + 1, **env) as publisher:
        publisher.publishes()
        yield publisher


def scans(server):
    """How often the published sources were looked through or into; told some seconds later."""
    [(count,)] = server.ask(
        "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables"
        " WHERE relname = 'cases_publishedsource'"
    )
    return count


def read(node):
    status, headers, _ = node.ask(f"/api/v1/sources/?page_size={fresh()}")
    assert status == 200, node.printed()
    return int(headers["Dataset-Publication"])


def until_equal(primary, replica):
    until(lambda: replica.newest() == primary.newest(), "the replica has every publication")


def test_the_public_is_answered_by_the_replica(node, primary, replica):
    until_equal(primary, replica)

    def read_there():
        """Whether both workers have heard of the replica: of many reads none reaches the primary.

        Each server counts after a second or so; by the end of the second round the primary has
        counted the first.
        """
        before = scans(primary)
        for _ in range(2):
            counted = scans(replica)
            for _ in range(50):
                read(node)
            until(
                lambda counted=counted: scans(replica) > counted + 40,
                "reads are counted",
                node.printed,
            )
        return scans(primary) == before

    until(read_there, "the primary is left alone", node.printed)


def test_who_publishes_reads_it_at_once_also_while_the_replica_is_behind(
    node, primary, replica, publisher
):
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        behind = replica.newest()
        for _ in range(5):
            publisher.publishes()
            number = max(publisher.confirmed)
            until(
                lambda number=number: read(node) >= number,
                f"publication {number} is told, which the replica has not",
                node.printed,
            )
        assert replica.newest() <= behind + 1 < primary.newest()
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")
    publisher.kill()
    until_equal(primary, replica)
    assert_nothing_is_lost(primary.url, publisher.confirmed)


def test_a_replica_that_dies_under_load_costs_no_reader_anything(
    node, primary, replica, took, publisher
):
    with Readers(node) as readers:
        readers.answered(50)
        replica.kill()
        begin = time.monotonic()
        readers.answered(20)
        took("replica killed, 20 more answers", time.monotonic() - begin)
        replica.start()
        begun = scans(replica)
        until(lambda: scans(replica) > begun + 20, "the replica is read again", node.printed)
    assert readers.statuses.keys() == {200}
    assert (readers.broken, readers.backwards) == (0, [])


def only_answers(readers):
    """Whether the next hundred requests are all answered."""
    readers.statuses.clear()
    readers.answered(100)
    return readers.statuses.keys() == {200}


def test_with_the_primary_killed_under_load_the_public_reads_on_and_writers_are_told(
    node, primary, replica, folder, env, publisher, took
):
    with Readers(node) as readers:
        readers.answered(50)
        primary.kill()
        publisher.kill()
        # What the replica did not get is not shown, and nothing older instead.
        lost = replica.newest() < readers.newest
        if not lost:
            took("primary killed, answered from the replica", seconds_until_it_answers(node))
            # Each process has to find out by itself.
            until(lambda: only_answers(readers), "every worker answers", node.printed)
            assert all(read(node) == replica.newest() for _ in range(8))
        status, headers, body = node.ask("/desk/login/", headers={"Cookie": "sessionid=synthetic"})
        assert (status, headers["Retry-After"]) == (503, "5")
        assert b"cannot save at the moment" in body
        if not lost:
            # The node stays in the pool of whoever balances.
            ready = node.ask("/health/ready")
            assert (ready.status, ready.json()["writable"]) == (200, False)
        code, said = manage(folder / "writer", "publish", **env)
        assert code == 1
        assert "The database stopped to answer" in said
        assert "Traceback" not in said
        if not lost:
            with Server(folder / "second", **env).started() as second:
                assert "only replicas are read" in second.printed()
                assert read(second) == replica.newest()
        begin = time.monotonic()
        primary.start()
        until(lambda: node.status("/desk/login/") == 200, "editors can log in", node.printed)
        took("primary started again, editors work", time.monotonic() - begin)
    assert (readers.broken, readers.backwards) == (0, [])
    assert_nothing_is_lost(primary.url, publisher.confirmed)
    with Publisher(folder / "publisher", batch=primary.newest() + 1, **env) as again:
        again.publishes()
        number = max(again.confirmed)
        until(lambda: read(node) >= number, f"publication {number} is told", node.printed)
    assert_ledger_verifies(folder / "verifier", **env)


def test_a_replica_that_misses_what_was_shown_is_not_read_when_the_primary_dies(
    node, primary, replica, publisher
):
    until_equal(primary, replica)
    replica.ask("SELECT pg_wal_replay_pause()")
    behind = replica.newest()
    until(
        lambda: max(publisher.confirmed) > behind + 2,
        "the replica misses publications",
        publisher.printed,
    )
    publisher.kill()
    newest = primary.newest()

    def told():
        # Several requests, so that each worker is asked.
        return all(read(node) == newest for _ in range(10))

    until(told, f"each worker tells publication {newest}", node.printed)
    primary.kill()

    def given_up():
        """Whether no worker answers any more: for some seconds each believes what it knew."""
        statuses = set()
        for _ in range(10):
            status, headers, _ = node.ask(f"/api/v1/sources/?page_size={fresh()}")
            assert status == 503 or int(headers["Dataset-Publication"]) == newest
            statuses.add(status)
        return statuses == {503}

    try:
        until(given_up, "nobody is told an older publication", node.printed)
    finally:
        primary.start()
        replica.ask("SELECT pg_wal_replay_resume()")
    seconds_until_it_answers(node)
    assert read(node) == newest

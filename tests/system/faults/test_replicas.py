"""A primary, a streaming replica and a server that reads from both, while parts of it die."""

import json
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from tests.system.faults.cluster import Postgres
from tests.system.faults.nodes import (
    SECRET,
    Node,
    Publisher,
    Readers,
    assert_ledger_verifies,
    assert_nothing_is_lost,
    fresh,
)
from tests.system.processes import Process, processes_of
from tests.waiting import until


@pytest.fixture(scope="module")
def folder():
    folder = Path(tempfile.mkdtemp(prefix="cases-api-cluster-"))
    folder.chmod(0o711)
    yield folder
    until(lambda: not processes_of(folder))
    shutil.rmtree(folder, ignore_errors=True)


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
    with Node(folder / "node", **env) as node:
        yield node.started()


@pytest.fixture
def publisher(folder, env, primary):
    with Publisher(folder / "publisher", batch=primary.newest() + 1, **env) as publisher:
        until(lambda: publisher.confirmed)
        yield publisher


def queries(server):
    """Transactions of a server, which each query is one of."""
    [(count,)] = server.ask(
        "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    )
    return count


def read(node):
    status, headers, _ = node.get(f"/api/v1/sources/?page_size={fresh()}")
    assert status == 200
    return int(headers["Dataset-Publication"])


def test_the_public_is_answered_by_the_replica(node, primary, replica):
    until(lambda: replica.newest() == primary.newest())
    time.sleep(1)
    before = queries(primary), queries(replica)
    for _ in range(200):
        read(node)
    # Statistics come some seconds later.
    until(lambda: queries(replica) - before[1] > 200)
    # What is left to the primary is each worker's question for the head, twice a second.
    assert queries(primary) - before[0] < 100


def test_who_publishes_reads_it_at_once_also_while_the_replica_is_behind(
    node, primary, replica, publisher
):
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        behind = replica.newest()
        for _ in range(5):
            number = max(publisher.confirmed)
            # A notification takes milliseconds; without one it would be half a second.
            time.sleep(0.6)
            assert read(node) >= number > 0
        assert replica.newest() <= behind + 1 < primary.newest()
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")
    publisher.kill()
    until(lambda: replica.newest() == primary.newest())
    assert_nothing_is_lost(primary.url, publisher.confirmed)


def test_a_replica_that_dies_under_load_costs_no_reader_anything(
    node, primary, replica, took, publisher
):
    with Readers(node) as readers:
        time.sleep(1)
        replica.kill()
        begin, seen = time.monotonic(), sum(readers.statuses.values())
        until(lambda: sum(readers.statuses.values()) > seen + 20)
        took("replica killed, 20 more answers", time.monotonic() - begin)
        replica.start()
        until(lambda: queries(replica) > 50)
    assert readers.statuses.keys() == {200}
    assert (readers.broken, readers.backwards) == (0, [])


def only_answers(readers):
    """Whether the next hundred requests are all answered."""
    readers.statuses.clear()
    until(lambda: sum(readers.statuses.values()) > 100)
    return readers.statuses.keys() == {200}


def test_with_the_primary_killed_under_load_the_public_reads_on_and_writers_are_told(
    node, primary, replica, folder, env, publisher, took
):
    with Readers(node) as readers:
        time.sleep(1)
        primary.kill()
        publisher.kill()
        # What the replica did not get is not shown, and nothing older instead.
        lost = replica.newest() < readers.newest
        if not lost:
            took("primary killed, answered from the replica", node.seconds_until_it_answers())
            # Each process has to find out by itself.
            until(lambda: only_answers(readers))
            assert all(read(node) == replica.newest() for _ in range(8))
        status, headers, body = node.get("/desk/login/", Cookie="sessionid=synthetic")
        assert (status, headers["Retry-After"]) == (503, "5")
        assert b"cannot save at the moment" in body
        if not lost:
            # The node stays in the pool of whoever balances.
            status, _, body = node.get("/health/ready")
            assert (status, json.loads(body)["writable"]) == (200, False)
        with Process(folder / "writer", "manage.py", "publish", **env) as writer:
            assert writer.popen.wait(60) == 1
            assert "The database stopped to answer" in writer.printed()
            assert "Traceback" not in writer.printed()
        if not lost:
            with Node(folder / "second", **env) as second:
                second.started()
                assert "only replicas are read" in second.printed()
                assert read(second) == replica.newest()
        begin = time.monotonic()
        primary.start()
        until(lambda: node.get("/desk/login/")[0] == 200)
        took("primary started again, editors work", time.monotonic() - begin)
    assert (readers.broken, readers.backwards) == (0, [])
    assert_nothing_is_lost(primary.url, publisher.confirmed)
    with Publisher(folder / "publisher", batch=primary.newest() + 1, **env) as again:
        until(lambda: again.confirmed)
        number = max(again.confirmed)
        until(lambda: read(node) >= number)
    assert_ledger_verifies(folder / "verifier", **env)


def test_a_replica_that_misses_what_was_shown_is_not_read_when_the_primary_dies(
    node, primary, replica, publisher
):
    until(lambda: replica.newest() == primary.newest())
    replica.ask("SELECT pg_wal_replay_pause()")
    behind = replica.newest()
    until(lambda: max(publisher.confirmed) > behind + 2)
    publisher.kill()
    newest = primary.newest()
    until(lambda: read(node) == newest)
    time.sleep(1)  # for the other worker
    primary.kill()
    try:
        # Past the time for which a process believes what it knew.
        end = time.monotonic() + 7
        while time.monotonic() < end:
            status, headers, _ = node.get(f"/api/v1/sources/?page_size={fresh()}")
            assert status == 503 or int(headers["Dataset-Publication"]) == newest
        assert status == 503
    finally:
        primary.start()
        replica.ask("SELECT pg_wal_replay_resume()")
    node.seconds_until_it_answers()
    assert read(node) == newest

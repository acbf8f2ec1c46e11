"""One server with the embedded PostgreSQL, published to and read from, while its processes are
killed and the clock is set back."""

import json
import re
import time
from email.utils import parsedate_to_datetime

import psutil
import psycopg
import pytest

from casesapi.postgres.embedded import EmbeddedPostgres
from tests.system import processes
from tests.system.faults.clock import DAY, Clock
from tests.system.faults.cluster import postgres_of
from tests.system.faults.nodes import (
    Publisher,
    Readers,
    assert_ledger_verifies,
    assert_nothing_is_lost,
    seconds_until_it_answers,
)
from tests.system.processes import Server, processes_of
from tests.waiting import WAIT_TIMEOUT, until

PAGE = "/api/v1/sources/?page_size=1"


@pytest.fixture(scope="module")
def node(state):
    with Server(state).started() as node:
        yield node


@pytest.fixture(scope="module")
def dsn(state):
    return processes.dsn(state)


def test_a_killed_worker_is_replaced_and_the_others_answer_meanwhile(node, took):
    killed = node.workers()[0]
    with Readers(node, count=8) as readers:
        readers.answered(50)
        killed.kill()
        begin = time.monotonic()
        took("worker killed, answered again", seconds_until_it_answers(node))
        until(
            lambda: len(node.workers()) == 2 and killed not in node.workers(),
            "another worker is in its place",
            node.printed,
        )
        took("worker killed, another one in its place", time.monotonic() - begin)
    # Only who was connected to it lost an answer.
    assert readers.statuses.keys() == {200}
    assert readers.broken < 30
    assert readers.backwards == []


def test_postgresql_killed_in_the_middle_of_publishing_loses_nothing_and_comes_back(
    node, state, dsn, took
):
    with Publisher(state) as publisher, Readers(node) as readers:
        for round_ in range(3):
            publisher.publishes(2)
            # Somewhere within the next one.
            time.sleep(0.013 * round_)
            server = postgres_of(EmbeddedPostgres(state).data)
            oldest = min(server, key=psutil.Process.create_time)
            oldest.kill()
            took("PostgreSQL killed, answered again", seconds_until_it_answers(node))
        publisher.publishes()
        publisher.kill()
    assert readers.statuses.keys() <= {200, 503}
    assert (readers.broken, readers.backwards) == (0, [])
    assert_nothing_is_lost(dsn, publisher.confirmed)
    assert_ledger_verifies(state)


def test_a_clock_that_is_set_back_by_days_breaks_nothing(state, dsn, tmp_path, took):
    """That of the server and of who publishes; the database writes down no time of its own."""
    clock = Clock(tmp_path)
    with (
        Server(state, **clock.env).started() as node,
        Publisher(state, batch=500, **clock.env) as publisher,
        Readers(node) as readers,
    ):
        publisher.publishes(2)
        _, before, _ = node.ask(PAGE)
        for days in (1, -2, -3, 0):
            clock.set(days * DAY)
            begin = time.monotonic()
            publisher.publishes(3)
            number = max(publisher.confirmed)
            until(
                lambda number=number: readers.newest >= number,
                f"readers are told publication {number}",
                node.printed,
            )
            took(f"clock set to {days} days, three publications told", time.monotonic() - begin)
            _, headers, _ = node.ask(PAGE)
            if days > 0:
                # Set back, the server's library goes on with the latest date that it told.
                said = parsedate_to_datetime(headers["Date"])
                assert abs(said.timestamp() - time.time() - days * DAY) < WAIT_TIMEOUT
            status, _, body = node.ask("/health/ready")
            assert (status, json.loads(body)["status"]) == (200, "ok")
            assert json.loads(body)["age_seconds"] >= 0
            # Windows of quotas and answers out of memory go by a clock that nobody sets.
            assert 0 < int(re.search("t=([0-9]+)", headers["RateLimit"])[1]) <= 60
        # Who holds an older answer is not told that it is still true.
        status, after, _ = node.ask(PAGE, headers={"If-Modified-Since": before["Last-Modified"]})
        assert status == 200
        assert int(after["Dataset-Publication"]) >= number > int(before["Dataset-Publication"])
        publisher.kill()
        with psycopg.connect(dsn) as connection:
            rows = connection.execute(
                "SELECT published_at FROM cases_publication ORDER BY number"
            ).fetchall()
        assert rows == sorted(rows)
        assert_nothing_is_lost(dsn, publisher.confirmed)
    assert readers.statuses.keys() == {200}
    assert (readers.broken, readers.backwards) == (0, [])
    assert_ledger_verifies(state)


def test_everything_killed_at_once_while_publishing_starts_again_whole(node, state, dsn, took):
    """Last, as it ends the server of the others. Whoever supervises it starts it again."""
    batch = 1_000
    with Publisher(state, batch) as publisher:
        publisher.publishes(3)
        everything = processes_of(state) + postgres_of(EmbeddedPostgres(state).data)
        for process in everything:
            process.suspend()
        for process in everything:
            process.kill()
        psutil.wait_procs(everything, WAIT_TIMEOUT)
    begin = time.monotonic()
    with Server(state).started():
        took("everything killed, started again, answered", time.monotonic() - begin)
        assert_nothing_is_lost(dsn, publisher.confirmed)
        assert_ledger_verifies(state)
        # It can be published to as before.
        with Publisher(state, batch + 500) as publisher:
            publisher.publishes()

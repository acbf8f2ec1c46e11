"""What asks for too much of a real server is told so, and harms nobody else."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.system.processes import Server, database
from tests.waiting import WAIT_TIMEOUT, until

BASE = "/api/v1/"
# Seconds that a statement may take, for a page and for a file.
PAGE, FILE = 2, 8


@pytest.fixture(scope="module")
def serve(state):
    """One worker that may write one file at a time."""
    limits = {"STATEMENT_SECONDS": str(PAGE), "EXPORT_STATEMENT_SECONDS": str(FILE)}
    with Server(state, WORKERS="1", EXPORTS_AT_ONCE="1", **limits).started() as serve:
        yield serve


@pytest.fixture
def locked(state, serve):
    """Nobody can read sources until the test ends."""
    with database(state) as connection:
        connection.execute("BEGIN")
        connection.execute("LOCK TABLE cases_publishedsource")
        yield connection
        connection.execute("ROLLBACK")


def asked(serve, path):
    """The answer, and after how many seconds."""
    begin = time.monotonic()
    return serve.ask(path), time.monotonic() - begin


def assert_unavailable(answer, code, retry_after):
    assert (answer.status, answer.headers["Retry-After"]) == (503, retry_after)
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    for word in (b"statement", b"timeout", b"psycopg", b"SELECT"):
        assert word not in answer.body


def test_an_answer_that_takes_too_long_is_given_up_and_a_file_may_take_longer(serve, locked):
    """While what it waits for goes on: without the limit, nothing would be answered."""
    with ThreadPoolExecutor(2) as pool:
        file = pool.submit(asked, serve, f"{BASE}sources/?format=csv")
        for path in ("sources/", "sources/SRC-0001/", "sources/facets/?by=kind"):
            answer, seconds = asked(serve, BASE + path)
            assert_unavailable(answer, "too_slow", "30")
            assert seconds > PAGE - 0.1
        answer, seconds = file.result(WAIT_TIMEOUT)
        assert_unavailable(answer, "too_slow", "30")
        assert seconds > FILE - 0.1


def test_the_next_answer_is_as_ever(serve):
    assert serve.status(f"{BASE}sources/") == 200
    assert serve.status(f"{BASE}sources/?format=csv") == 200


def test_small_files_wait_for_each_other(serve):
    paths = [
        f"{BASE}statistics/?format={form}&year={year}"
        for year in range(2015, 2026)
        for form in ("csv", "ndjson")
    ]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(serve.status, paths)) == [200] * len(paths)


def test_while_files_are_written_others_wait_their_turn_and_pages_are_answered(serve, locked):
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(serve.ask, f"{BASE}sources/?format=ndjson")
        asking = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        until(
            lambda: locked.execute(asking).rowcount == 1,
            "the first file waits for the lock",
            serve.printed,
        )
        second = serve.ask(f"{BASE}cases/?format=csv")
        page = serve.status(f"{BASE}cases/")
        written = not first.done()
        locked.execute("ROLLBACK")
        assert first.result(WAIT_TIMEOUT).status == 200
    assert_unavailable(second, "busy", "5")
    assert page == 200
    assert written, "the second file was to be refused while the first was written"
    assert serve.status(f"{BASE}cases/?format=csv") == 200


def test_a_file_that_failed_gives_its_place_back(serve):
    for _ in range(3):
        assert serve.status(f"{BASE}cases/?format=csv&fields=id&ids=KZ-0001") == 200
    assert serve.status(f"{BASE}cases/?format=csv&bom=maybe") == 400
    assert serve.status(f"{BASE}cases/?format=csv") == 200

"""What asks for too much is told so, by a real server, and harms nobody else."""

import json
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from cases.api.limits import LONGEST_ADDRESS, MOST_VALUES
from casesapi.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.system.processes import Process, free_port
from tests.waiting import WAIT_TIMEOUT, until

BASE = "/api/v1/"


def of_length(length):
    return f"{BASE}cases/?q=".ljust(length, "x")


def test_an_address_may_be_so_long_and_no_longer(client, dataset):
    assert client.get(of_length(LONGEST_ADDRESS)).json()["code"] == "bad_parameters"
    refused = client.get(of_length(LONGEST_ADDRESS + 1))
    assert refused.status_code == 414
    assert refused["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert problem["code"] == "address_too_long"
    assert "8,001 bytes" in problem["detail"]
    assert "8,000 are allowed" in problem["detail"]


@pytest.mark.parametrize("divider", [",", "%2C", "%2c", "&ids="])
def test_a_request_may_have_so_many_values_and_no_more(client, dataset, divider):
    most = divider.join(["KZ-0001"] * MOST_VALUES)
    assert client.get(f"{BASE}cases/?ids={most}").json()["count"] == 1
    refused = client.get(f"{BASE}cases/?ids={most}{divider}KZ-0002")
    assert refused.status_code == 400
    assert refused.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "too_many_values",
        "detail": "The request has more values than are allowed.",
        "errors": [
            {
                "param": "ids",
                "value": None,
                "detail": "The request has 501 values, most of them here.",
                "allowed": "500 values of all parameters together",
            }
        ],
    }


def test_values_of_all_parameters_count_together(client, dataset):
    many = ",".join(["KZ-0001"] * 300)
    refused = client.get(f"{BASE}cases/?ids={many}&source={many}")
    assert refused.json()["code"] == "too_many_values"


class Serve(Process):
    """One worker that may write one file at a time and work for two seconds on a statement."""

    def __init__(self, state):
        self.port = free_port()
        limits = {"EXPORTS_AT_ONCE": "1", "STATEMENT_SECONDS": "2", "EXPORT_STATEMENT_SECONDS": "4"}
        super().__init__(state, "manage.py", "serve", PORT=str(self.port), WORKERS="1", **limits)
        self.waits_for("Stop it with Ctrl-C.")

    def ask(self, path):
        """Status, headers, body and the seconds it took."""
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=WAIT_TIMEOUT
            ) as got:
                found = got.status, got.headers, got.read()
        except urllib.error.HTTPError as error:
            with error:
                found = error.code, error.headers, error.read()
        return *found, time.monotonic() - begun


@pytest.fixture(scope="module")
def serve(state):
    with Serve(state) as serve:
        yield serve


@pytest.fixture
def locked(state, serve):
    """Nobody can read sources until the test ends."""
    folder = str(EmbeddedPostgres(state).sockets)
    with psycopg.connect(host=folder, user=SUPERUSER, dbname=DATABASE) as connection:
        connection.execute("LOCK TABLE cases_publishedsource")
        yield connection
        connection.rollback()


def assert_unavailable(answer, code, retry_after):
    status, headers, body, _ = answer
    assert (status, headers["Retry-After"]) == (503, retry_after)
    assert headers["Content-Type"] == "application/problem+json"
    problem = json.loads(body)
    assert problem["code"] == code
    assert problem["request_id"] == headers["X-Request-ID"]
    for word in (b"statement", b"timeout", b"psycopg", b"SELECT"):
        assert word not in body


@pytest.mark.parametrize("path", ["sources/", "sources/SRC-0001/", "sources/facets/?by=kind"])
def test_an_answer_that_takes_too_long_is_given_up(serve, locked, path):
    answer = serve.ask(BASE + path)
    assert_unavailable(answer, "too_slow", "30")
    assert 1.9 < answer[3] < 10


def test_small_files_wait_for_each_other(serve):
    paths = [
        f"{BASE}statistics/?format={form}&year={year}"
        for year in range(2015, 2026)
        for form in ("csv", "ndjson")
    ]
    with ThreadPoolExecutor(2) as pool:
        assert [status for status, *_ in pool.map(serve.ask, paths)] == [200] * len(paths)


def test_a_file_may_take_longer_than_a_page(serve, locked):
    answer = serve.ask(f"{BASE}sources/?format=csv")
    assert_unavailable(answer, "too_slow", "30")
    assert 3.9 < answer[3] < 12


def test_the_next_answer_is_as_ever(serve):
    assert serve.ask(f"{BASE}sources/")[0] == 200
    assert serve.ask(f"{BASE}sources/?format=csv")[0] == 200


def test_while_files_are_written_others_wait_their_turn_and_pages_are_answered(serve, locked):
    waiting = []
    first = threading.Thread(
        target=lambda: waiting.append(serve.ask(f"{BASE}sources/?format=ndjson"))
    )
    first.start()
    asking = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    until(lambda: locked.execute(asking).rowcount == 1)
    second = serve.ask(f"{BASE}cases/?format=csv")
    assert_unavailable(second, "busy", "5")
    assert second[3] < 1
    assert serve.ask(f"{BASE}cases/")[0] == 200
    locked.rollback()
    first.join(WAIT_TIMEOUT)
    assert waiting[0][0] == 200
    assert serve.ask(f"{BASE}cases/?format=csv")[0] == 200


def test_a_file_that_failed_gives_its_place_back(serve):
    for _ in range(3):
        assert serve.ask(f"{BASE}cases/?format=csv&fields=id&ids=KZ-0001")[0] == 200
    assert serve.ask(f"{BASE}cases/?format=csv&bom=maybe")[0] == 400
    assert serve.ask(f"{BASE}cases/?format=csv")[0] == 200


@pytest.mark.django_db(transaction=True)
def test_the_desk_has_all_the_time_it_needs_on_the_connection_the_api_used(client):
    from django.db import connection

    def allowed():
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    client.get(f"{BASE}cases/")
    assert allowed() == "10s"
    client.get("/desk/login/")
    assert allowed() == "0"
    file = client.get(f"{BASE}cases/?format=csv")
    assert allowed() == "1min"
    file.close()

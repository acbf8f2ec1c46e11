"""Requests as the operator of a real server sees them: ids, logs, figures; and what he does not."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from casesapi.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from casesapi.figures import INTERVAL
from tests.system.processes import Process, free_port

TOKEN = "only-for-tests-metrics-token"
# A name that is nowhere else.
CANARY = "Канарейкин"


class Serve(Process):
    def __init__(self, state, **env):
        self.port = free_port()
        settings = {"PORT": str(self.port), "WORKERS": "2", "LOG_LEVEL": "info"}
        super().__init__(state, "manage.py", "serve", **settings | {"METRICS_TOKEN": TOKEN} | env)
        self.waits_for("Stop it with Ctrl-C.")

    def ask(self, path, **headers):
        """Status, headers and body of an answer."""
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def lines(self):
        """The log as far as it is written."""
        return [json.loads(line) for line in self.printed().splitlines() if line.startswith("{")]

    def figures(self):
        """Value by name with labels, when each worker has written what it counted."""
        time.sleep(2 * INTERVAL)
        status, _, body = self.ask("/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        said = [line for line in body.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in said)}


@pytest.fixture(scope="module")
def serve(state):
    with Serve(state) as serve:
        yield serve


def test_a_request_has_an_id_in_its_header_its_error_and_the_log(serve):
    status, headers, body = serve.ask("/api/v1/cases/?colour=red")
    assert status == 400
    given = headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", given)
    assert json.loads(body)["request_id"] == given
    [line] = [line for line in serve.lines() if line.get("request_id") == given]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/cases/", 400)
    assert 0 < line["seconds"] < 60
    assert line.keys() == {
        *("time", "level", "logger", "message", "request_id"),
        *("method", "route", "status", "seconds"),
    }


@pytest.mark.parametrize("path", ["/api/v1/", "/static/cases/schema.js", "/desk/", "/nowhere"])
def test_every_answer_has_an_id_of_its_own(serve, path):
    assert serve.ask(path)[1]["X-Request-ID"] != serve.ask(path)[1]["X-Request-ID"]


@pytest.mark.parametrize("given", ["abcd1234", "0af7651916cd43dd-8448.eb_211c", "x" * 64])
def test_the_id_that_a_proxy_gave_is_kept(serve, given):
    assert serve.ask("/api/v1/", **{"X-Request-ID": given})[1]["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", 'quo"te-quo', "a;b=c;d=e", ""])
def test_an_id_that_is_not_well_formed_is_replaced(serve, given):
    answered = serve.ask("/api/v1/", **{"X-Request-ID": given})[1]["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", answered)


def test_browsers_of_other_sites_may_read_the_id(serve):
    headers = serve.ask("/api/v1/", Origin="https://a.example")[1]
    assert "X-Request-ID" in headers["Access-Control-Expose-Headers"]


def test_figures_count_the_requests_of_all_workers(serve):
    address = "/api/v1/cases/<id:public_id>/"
    counter = f'cases_requests_total{{method="GET",route="{address}",status="200"}}'
    before = serve.figures().get(counter, 0)
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: serve.ask("/api/v1/cases/KZ-0001/")[0], range(200)))
    assert asked == [200] * 200
    # Whichever worker is asked.
    for _ in range(5):
        figures = serve.figures()
        assert figures[counter] == before + 200
        assert figures[f'cases_request_seconds_count{{route="{address}"}}'] >= 200
    assert figures["cases_database_up"] == 1
    assert figures["cases_publication"] == 1
    assert figures["cases_publication_timestamp_seconds"] > 1_700_000_000
    connections = [name for name in figures if name.startswith("cases_database_connections{")]
    assert sum(figures[name] for name in connections) >= 1
    assert figures["cases_database_connections_max"] == 100


def test_what_strangers_ask_for_makes_no_new_series(serve):
    for path in ("/wp-admin", "/api/v1/nowhere/", "/api/v1/x/y/z/", "/static/a", "/static/b"):
        serve.ask(path)
    series = {name for name in serve.figures() if name.startswith("cases_requests_total")}
    routes = {re.search('route="([^"]*)"', name)[1] for name in series}
    assert {"none", "/static/"} <= routes
    assert not any("nowhere" in route or "wp-admin" in route for route in routes)


@pytest.mark.parametrize(
    "given", [{}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer "}]
)
def test_nobody_reads_figures_without_the_token(serve, given):
    assert serve.ask("/metrics", **given)[0] == 404


def test_health_is_told(serve):
    assert json.loads(serve.ask("/health/live")[2]) == {"status": "ok"}
    status, headers, body = serve.ask("/health/ready")
    said = json.loads(body)
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert (said["status"], said["reasons"], said["publication"]) == ("ok", [], 1)
    assert 0 <= said["age_seconds"] < 3600


def database(state, name=DATABASE):
    folder = str(EmbeddedPostgres(state).sockets)
    return psycopg.connect(host=folder, user=SUPERUSER, dbname=name, autocommit=True)


def test_nobody_who_was_searched_for_stands_in_any_log(state):
    """Not in searches that work, are refused, fail or take too long; nor in the database's log."""
    quoted = urllib.parse.quote(CANARY)
    with Serve(state, STATEMENT_SECONDS="1", LOG_LEVEL="debug") as serve:
        assert serve.ask(f"/api/v1/cases/?q={quoted}")[0] == 200
        assert serve.ask(f"/api/v1/defendants/?q={quoted}&format=csv")[0] == 200
        assert serve.ask(f"/api/v1/cases/?q={quoted}&{quoted}={quoted}")[0] == 400
        assert serve.ask(f"/api/v1/defendants/{quoted}/")[0] == 404
        assert serve.ask(f"/{quoted}")[0] == 404
        assert serve.ask("/api/v1/", Referer=f"https://a.example/?{quoted}")[0] == 200
        with database(state) as connection:
            # Nothing can be read for a while.
            connection.execute("BEGIN")
            connection.execute("LOCK TABLE cases_publisheddefendant")
            slow = serve.ask(f"/api/v1/defendants/?q={quoted}")
            connection.execute("ROLLBACK")
            assert slow[0] == 503
            assert json.loads(slow[2])["code"] == "too_slow"
            # Every search fails.
            connection.execute("ALTER TABLE cases_publisheddefendant RENAME words TO lost")
            failed = serve.ask(f"/api/v1/defendants/?q={quoted}")
            connection.execute("ALTER TABLE cases_publisheddefendant RENAME lost TO words")
            assert failed[0] == 500
            assert CANARY not in failed[2].decode()
        logged = serve.printed()
        [error] = [line for line in serve.lines() if line["message"].startswith("Internal")]
        assert error["request_id"] == failed[1]["X-Request-ID"]
        assert error["exception"][-1]["sqlstate"] == "42703"
        assert error["exception"][-1]["at"]
    logs = [logged, *(path.read_text() for path in state.rglob("*.log"))]
    assert len(logs) > 1
    for log in logs:
        for written in (CANARY, CANARY.lower(), quoted, quoted.lower(), "kanareikin", "kanareykin"):
            assert written not in log


def test_a_database_that_is_gone_is_told_and_comes_back(state):
    with Serve(state, WORKERS="1") as serve:
        with database(state, "postgres") as connection:
            connection.execute("ALTER DATABASE cases ALLOW_CONNECTIONS false")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = 'cases' AND pid <> pg_backend_pid()"
            )
            try:
                status, headers, body = serve.ask("/api/v1/cases/")
                ready = serve.ask("/health/ready")
                figures = serve.figures()
                live = serve.ask("/health/live")[0]
            finally:
                connection.execute("ALTER DATABASE cases ALLOW_CONNECTIONS true")
        assert (status, headers["Retry-After"]) == (503, "5")
        problem = json.loads(body)
        assert problem["code"] == "unavailable"
        for word in ("postgres", "connect", "cases_"):
            assert word not in body.decode()
        assert ready[0] == 503
        assert json.loads(ready[2])["reasons"] == ["The database does not answer."]
        assert figures["cases_database_up"] == 0
        assert "cases_publication" not in figures
        assert live == 200
        # Without anybody doing anything.
        assert serve.ask("/api/v1/cases/")[0] == 200
        assert serve.ask("/health/ready")[0] == 200

"""Requests as the operator of a real server sees them: ids, logs, figures; and what he does not."""

import json
import re
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import real_data
from tests.system.processes import METRICS_TOKEN, Server, database
from tests.waiting import until

# A name that is nowhere else.
CANARY = "Канарейкин"


def test_a_request_has_an_id_in_its_header_its_error_and_the_log(server):
    answer = server.ask("/api/v1/cases/?colour=red")
    assert answer.status == 400
    given = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", given)
    assert answer.json()["request_id"] == given

    def lines():
        return [line for line in server.log() if line.get("request_id") == given]

    until(lines, "the request stands in the log", server.printed)
    [line] = lines()
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/cases/", 400)
    assert line["seconds"] > 0
    assert line.keys() == {
        *("time", "level", "logger", "message", "request_id"),
        *("method", "route", "status", "seconds"),
    }


@pytest.mark.parametrize("path", ["/api/v1/", "/static/cases/schema.js", "/desk/", "/nowhere"])
def test_every_answer_has_an_id_of_its_own(server, path):
    one, other = (server.ask(path).headers["X-Request-ID"] for _ in range(2))
    assert one != other


@pytest.mark.parametrize("given", ["abcd1234", "0af7651916cd43dd-8448.eb_211c", "x" * 64])
def test_the_id_that_a_proxy_gave_is_kept(server, given):
    answer = server.ask("/api/v1/", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", 'quo"te-quo', "a;b=c;d=e", ""])
def test_an_id_that_is_not_well_formed_is_replaced(server, given):
    answer = server.ask("/api/v1/", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_browsers_of_other_sites_may_read_the_id(server):
    answer = server.ask("/api/v1/", headers={"Origin": "https://a.example"})
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]


def test_figures_count_the_requests_of_all_workers(server):
    address = "/api/v1/cases/<id:public_id>/"
    counter = f'cases_requests_total{{method="GET",route="{address}",status="200"}}'
    before = server.settled(counter)
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: server.ask("/api/v1/cases/KZ-0001/").status, range(200)))
    assert asked == [200] * 200
    until(
        lambda: server.metrics()[counter] >= before + 200,
        "each worker has written what it counted",
        lambda: json.dumps(server.metrics(), indent=1),
    )
    # Whichever worker is asked, and none is counted twice.
    for _ in range(5):
        figures = server.metrics()
        assert figures[counter] == before + 200
        assert figures[f'cases_request_seconds_count{{route="{address}"}}'] >= 200
    assert figures["cases_database_up"] == 1
    assert figures["cases_publication"] == real_data.publications()
    assert figures["cases_publication_timestamp_seconds"] > 1_700_000_000
    connections = [name for name in figures if name.startswith("cases_database_connections{")]
    assert sum(figures[name] for name in connections) >= 1
    assert figures["cases_database_connections_max"] == 100


def test_what_strangers_ask_for_makes_no_new_series(server):
    for path in ("/wp-admin", "/api/v1/nowhere/", "/api/v1/x/y/z/", "/static/a", "/static/b"):
        server.ask(path)

    def routes():
        series = [name for name in server.metrics() if name.startswith("cases_requests_total")]
        return {re.search('route="([^"]*)"', name)[1] for name in series}

    until(lambda: routes() >= {"none", "/static/"}, "the requests are counted")
    assert not any("nowhere" in route or "wp-admin" in route for route in routes())


@pytest.mark.parametrize(
    "given",
    [{}, {"Authorization": f"Bearer {METRICS_TOKEN}x"}, {"Authorization": "Bearer "}],
)
def test_nobody_reads_figures_without_the_token(server, given):
    assert server.ask("/metrics", headers=given).status == 404


def test_health_is_told(server):
    assert server.ask("/health/live").json() == {"status": "ok"}
    answer = server.ask("/health/ready")
    said = answer.json()
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert (said["status"], said["reasons"]) == ("ok", [])
    assert said["publication"] == real_data.publications()
    assert said["age_seconds"] >= 0


def test_nobody_who_was_searched_for_stands_in_any_log(state):
    """Not in searches that work, are refused, fail or take too long; nor in the database's log."""
    quoted = urllib.parse.quote(CANARY)
    with Server(state, STATEMENT_SECONDS="1", LOG_LEVEL="debug").started() as serve:
        for path, status in {
            f"/api/v1/cases/?q={quoted}": 200,
            f"/api/v1/defendants/?q={quoted}&format=csv": 200,
            f"/api/v1/cases/?q={quoted}&{quoted}={quoted}": 400,
            f"/api/v1/defendants/{quoted}/": 404,
            f"/{quoted}": 404,
        }.items():
            assert serve.ask(path).status == status, path
        elsewhere = {"Referer": f"https://a.example/?{quoted}"}
        assert serve.ask("/api/v1/", headers=elsewhere).status == 200
        with database(state) as connection:
            # Nothing can be read for a while.
            connection.execute("BEGIN")
            connection.execute("LOCK TABLE cases_publisheddefendant")
            slow = serve.ask(f"/api/v1/defendants/?q={quoted}")
            connection.execute("ROLLBACK")
            assert slow.status == 503
            assert slow.json()["code"] == "too_slow"
            # Every search fails.
            connection.execute("ALTER TABLE cases_publisheddefendant RENAME words TO lost")
            failed = serve.ask(f"/api/v1/defendants/?q={quoted}")
            connection.execute("ALTER TABLE cases_publisheddefendant RENAME lost TO words")
            assert failed.status == 500
            assert CANARY not in failed.body.decode()

        def errors():
            return [line for line in serve.log() if line["message"].startswith("Internal")]

        until(errors, "the error stands in the log", serve.printed)
        logged = serve.printed()
        [error] = errors()
        assert error["request_id"] == failed.headers["X-Request-ID"]
        assert error["exception"][-1]["sqlstate"] == "42703"
        assert error["exception"][-1]["at"]
    logs = [logged, *(path.read_text() for path in state.rglob("*.log"))]
    assert len(logs) > 1
    for log in logs:
        for written in (CANARY, CANARY.lower(), quoted, quoted.lower(), "kanareikin", "kanareykin"):
            assert written not in log


def test_a_database_that_is_gone_is_told_and_comes_back(state):
    with Server(state, WORKERS="1").started() as serve:
        with database(state, "postgres") as connection:
            connection.execute("ALTER DATABASE cases ALLOW_CONNECTIONS false")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = 'cases' AND pid <> pg_backend_pid()"
            )
            try:
                answer = serve.ask("/api/v1/cases/")
                ready = serve.ask("/health/ready")
                figures = serve.metrics()
                live = serve.status("/health/live")
            finally:
                connection.execute("ALTER DATABASE cases ALLOW_CONNECTIONS true")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert answer.json()["code"] == "unavailable"
        for word in ("postgres", "connect", "cases_"):
            assert word not in answer.body.decode()
        assert ready.status == 503
        assert ready.json()["reasons"] == ["The database does not answer."]
        assert figures["cases_database_up"] == 0
        assert "cases_publication" not in figures
        assert live == 200
        # Without anybody doing anything.
        assert serve.status("/api/v1/cases/") == 200
        assert serve.status("/health/ready") == 200

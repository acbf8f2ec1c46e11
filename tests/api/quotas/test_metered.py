"""What a client is told of its quota, and whom it is counted for."""

import io
import json
import logging
import re
from datetime import timedelta
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from cases.edge.ratelimit import keys, limiter, memory, wsgi
from cases.edge.ratelimit.memory import ProcessCounter
from cases.edge.ratelimit.plans import ANONYMOUS, plan
from cases.models import ApiKey
from casesapi.http.request_log import Observed

BASE = "/api/v1/"
USAGE = f"{BASE}usage/"
PLANS = {
    ANONYMOUS: plan(ANONYMOUS, "3/minute 5/day"),
    "standard": plan("standard", "10/minute 20/day"),
    "bulk": plan("bulk", "100/minute 200/day"),
    "desk": plan("desk", "2/minute"),
    "assets": plan("assets", "20/minute"),
}


class Server:
    """The application in this process, asked as a server asks it."""

    def __init__(self):
        meter = limiter.Meter(ProcessCounter(), keys.Keys())
        self.application = Observed(wsgi.RateLimiter(get_wsgi_application(), meter))

    def ask(self, path, method="GET", address="192.0.2.1", **more):
        """Status, headers in lower case, and body."""
        path, _, query = path.partition("?")
        environ = {
            **{"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method},
            **{"REMOTE_ADDR": address, "HTTP_HOST": "localhost"},
            **more,
        }
        setup_testing_defaults(environ)
        environ["wsgi.errors"] = io.StringIO()
        said = []
        body = self.application(environ, lambda *given: said.append(given))
        block = b"".join(body)
        getattr(body, "close", lambda: None)()
        [(status, headers, *_)] = said
        names = [name.lower() for name, _ in headers]
        assert len(set(names)) == len(names)
        return int(status[:3]), {name.lower(): value for name, value in headers}, block

    def usage(self, **more):
        status, _, body = self.ask(USAGE, **more)
        assert status == 200
        return json.loads(body)


@pytest.fixture
def clock():
    """The seconds by which windows begin and end; a test moves them on."""
    return {"now": 1_000.0}


@pytest.fixture
def server(monkeypatch, empty, clock):
    monkeypatch.setattr(limiter, "PLANS", PLANS)
    monkeypatch.setattr(memory, "monotonic", lambda: clock["now"])
    # A request would end the connection, and the test with it.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Server()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def key(db):
    """A valid key, and its row."""
    row = ApiKey(name="A synthetic program", plan="standard")
    new = row.renew()
    row.save()
    return new, row


def bearing(key):
    return {"HTTP_AUTHORIZATION": f"Api-Key {key}"}


def test_every_answer_says_the_quotas_and_what_is_left(server):
    for left in (2, 1, 0):
        status, headers, _ = server.ask(f"{BASE}publications/")
        assert status == 200
        assert headers["ratelimit-policy"] == '"minute";q=3;w=60, "day";q=5;w=86400'
        assert headers["ratelimit"] == f'"minute";r={left};t=60, "day";r={left + 2};t=86400'


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"path": f"{BASE}cases/KZ-9999/"}, 404),
        ({"path": f"{BASE}cases/?colour=red"}, 400),
        ({"path": BASE, "method": "POST"}, 405),
        ({"path": BASE, "method": "HEAD"}, 200),
        ({"path": f"{BASE}cases"}, 301),
        ({"path": f"{BASE}nowhere/"}, 404),
    ],
)
def test_whatever_the_answer_is_it_counts_and_says_so(server, asked, expected):
    status, headers, _ = server.ask(**asked)
    assert status == expected
    assert headers["ratelimit"].startswith('"minute";r=2;')


def test_who_has_used_it_up_is_told_when_to_come_back(server):
    for _ in range(3):
        server.ask(BASE)
    status, headers, body = server.ask(BASE)
    assert status == 429
    assert headers["retry-after"] == "60"
    assert headers["content-type"] == "application/problem+json"
    assert headers["cache-control"] == "no-store"
    assert headers["ratelimit"] == '"minute";r=0;t=60, "day";r=2;t=86400'
    problem = json.loads(body)
    assert problem.pop("request_id") == headers["x-request-id"]
    assert problem == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "code": "quota_exceeded",
        "detail": (
            "The quota of requests is used up (3 a minute). Wait 60 s. A key raises it, see "
            "/api/v1/docs/. /api/v1/usage/ tells."
        ),
        "violated": ["minute"],
    }
    assert len(body) == int(headers["content-length"])
    status, headers, body = server.ask(BASE, method="HEAD")
    assert (status, body) == (429, b"")
    assert int(headers["content-length"]) > 0


def test_who_comes_back_when_he_was_told_to_is_answered(server, clock):
    # First the minute is used up, then the day.
    for room, wait in ((3, 48), (2, 86_328)):
        for _ in range(room):
            assert server.ask(BASE)[0] == 200
        clock["now"] += 12.25
        status, headers, _ = server.ask(BASE)
        assert (status, headers["retry-after"]) == (429, str(wait))
        clock["now"] += wait - 1
        assert server.ask(BASE)[0] == 429
        clock["now"] += 1
    assert server.ask(BASE)[0] == 200


def test_a_refusal_has_every_header_that_other_errors_have(server):
    more = {"HTTP_ORIGIN": "https://a.example"}
    _, other, _ = server.ask(f"{BASE}cases/?colour=red", **more)
    for _ in range(3):
        server.ask(BASE)
    _, refusal, _ = server.ask(BASE, **more)
    about_the_answer = {"content-length", "vary", "allow", "content-language"}
    assert other.keys() - refusal.keys() <= about_the_answer
    for name in ("access-control-allow-origin", "access-control-expose-headers",
                 "cross-origin-resource-policy", "x-content-type-options"):  # fmt: skip
        assert refusal[name].lower() == other[name].lower()
    assert "retry-after" in refusal["access-control-expose-headers"].lower()


def test_usage_answers_while_throttled_and_costs_nothing(server):
    assert server.usage() == {
        "plan": "anonymous",
        "key": None,
        "windows": [
            {"name": "minute", "seconds": 60, "quota": 3, "used": 0, "remaining": 3,
             "resets_in": 60.0},
            {"name": "day", "seconds": 86400, "quota": 5, "used": 0, "remaining": 5,
             "resets_in": 86400.0},
        ],
    }  # fmt: skip
    for _ in range(9):
        server.ask(BASE)
    status, headers, _ = server.ask(USAGE)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert headers["ratelimit"].startswith('"minute";r=0;')
    minute, day = server.usage()["windows"]
    assert (minute["used"], minute["remaining"], day["used"]) == (3, 0, 3)
    assert minute["resets_in"] == 60
    assert server.ask(f"{USAGE}?as_of=1")[0] == 400


def test_usage_asks_the_database_nothing(server, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert server.ask(USAGE)[0] == 200


@pytest.mark.parametrize("path", ["/static/cases/desk.css", "/health/live", "/metrics"])
def test_what_nobody_reads_says_nothing_of_quotas(server, path):
    assert not [name for name in server.ask(path)[1] if name.startswith("ratelimit")]
    assert server.usage()["windows"][0]["used"] == 0


@pytest.mark.parametrize("path", ["/en/", "/charts/", "/feeds/changes.atom", "/nowhere"])
def test_pages_charts_and_feeds_are_counted_with_the_api(server, path):
    assert server.ask(path)[1]["ratelimit"].startswith('"minute";r=2;')
    assert server.usage()["windows"][0]["used"] == 1


def test_the_desk_is_counted_apart(server):
    for _ in range(2):
        assert server.ask("/desk/login/")[0] == 200
    status, headers, body = server.ask("/desk/login/", HTTP_ACCEPT="text/html")
    assert (status, headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert headers["retry-after"] == "60"
    assert "<h1>Too many requests</h1>" in body.decode()
    assert server.usage()["windows"][0]["used"] == 0


def test_what_pages_load_is_counted_apart_and_refused_beyond_its_quota(server):
    answers = [server.ask("/static/cases/desk.css")[0] for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert server.ask(USAGE)[0] == 429
    assert server.ask(BASE)[1]["ratelimit"].startswith('"minute";r=2;')


def test_a_page_that_is_refused_is_a_page_in_the_readers_language(server):
    for _ in range(3):
        server.ask("/ru/", HTTP_ACCEPT="text/html")
    status, headers, body = server.ask("/ru/cases/", HTTP_ACCEPT="text/html,*/*;q=0.8")
    assert (status, headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert '<html lang="ru">' in body.decode()
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["ratelimit"].startswith('"minute";r=0;')


def test_a_browser_may_ask_whether_it_may_ask(server):
    for _ in range(9):
        status, headers, _ = server.ask(
            BASE,
            method="OPTIONS",
            HTTP_ORIGIN="https://a.example",
            HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET",
            HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization",
        )
        assert status == 200
        assert "authorization" in headers["access-control-allow-headers"]
    assert server.usage()["windows"][0]["used"] == 0


def test_addresses_are_told_apart_and_ipv6_by_networks(server):
    used = {}
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1",
                    "::ffff:192.0.2.1", ""):  # fmt: skip
        server.ask(BASE, address=address)
        used[address] = server.usage(address=address)["windows"][0]["used"]
    assert [*used.values()] == [1, 1, 1, 2, 1, 2, 1]


def test_only_our_own_proxies_say_who_calls(server, settings):
    def left(forwarded, proxies):
        settings.PROXIES = proxies
        more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        return server.ask(BASE, address="192.0.2.1", **more)[1]["ratelimit"].split(";")[1]

    assert [left(f"198.51.100.{n}", 0) for n in range(2)] == ["r=2", "r=1"]
    # The last entry is what our proxy saw; the others are what the client says.
    assert [left(f"198.51.100.{n}, 203.0.113.5", 1) for n in range(2)] == ["r=2", "r=1"]
    assert left("203.0.113.6", 1) == "r=2"
    assert left("203.0.113.6:51234", 1) == "r=1"
    assert left("[2001:db8::1]:443", 1) == "r=2"
    assert left("2001:db8::9", 1) == "r=1"
    # Past our proxy: who it is, is not known.
    assert left("", 1) == "r=0"


def test_a_key_raises_the_quota_wherever_it_comes_from(server, key):
    new, row = key
    for number in range(10):
        status, headers, _ = server.ask(BASE, address=f"192.0.2.{number}", **bearing(new))
        assert status == 200
        assert headers["ratelimit-policy"].startswith('"minute";q=10;')
    status, _, body = server.ask(BASE, **bearing(new))
    assert status == 429
    assert "A key raises it" not in json.loads(body)["detail"]
    said = server.usage(**bearing(new))
    assert (said["plan"], said["key"]) == ("standard", row.hint)
    assert said["windows"][0]["used"] == 10
    assert new not in json.dumps(said)
    # Those who have none are not touched.
    assert server.ask(BASE)[1]["ratelimit"].startswith('"minute";r=2;')


def test_the_database_is_asked_for_a_key_once(server, key, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(5):
            server.usage(**bearing(key[0]))


def test_an_answer_to_a_key_is_kept_by_nobody_on_the_way(server, key):
    new, _ = key
    assert "public" in server.ask(BASE)[1]["cache-control"]
    status, headers, _ = server.ask(BASE, **bearing(new))
    assert (status, headers["cache-control"].split(",")[0]) == (200, "private")
    known = {"HTTP_IF_NONE_MATCH": headers["etag"]}
    status, headers, _ = server.ask(BASE, **bearing(new), **known)
    assert (status, headers["cache-control"].split(",")[0]) == (304, "private")
    assert headers["ratelimit"].startswith('"minute";r=8;')


@pytest.mark.parametrize("given", ["", "cases_wrong", "x" * 5_000, "käse"])
def test_a_wrong_key_is_told_so_and_guessing_ends(server, given, key):
    status, headers, body = server.ask(BASE, **bearing(given))
    assert status == 401
    assert headers["www-authenticate"] == "Api-Key"
    problem = json.loads(body)
    assert problem["code"] == "bad_key"
    assert not given or given not in body.decode()
    for number in range(59):
        assert server.ask(BASE, **bearing(f"{given}{number}"))[0] == 401
    status, headers, body = server.ask(BASE, **bearing(f"{given}-last"))
    assert (status, headers["retry-after"]) == (429, "60")
    assert "not valid" in json.loads(body)["detail"]
    # Elsewhere, and without a key, all goes on.
    assert server.ask(BASE)[0] == 200
    assert server.ask(BASE, address="192.0.2.2", **bearing(key[0]))[0] == 200


def test_who_guesses_too_much_makes_the_database_search_no_more(server, django_assert_num_queries):
    for number in range(60):
        server.ask(BASE, **bearing(f"cases_{number}"))
    with django_assert_num_queries(0):
        for number in range(60, 70):
            assert server.ask(BASE, **bearing(f"cases_{number}"))[0] == 429


@pytest.mark.parametrize("given", ["Basic dTpw", "Bearer x", "Api-Keys x"])
def test_what_is_no_key_of_ours_is_not_looked_at(server, given):
    assert server.ask(BASE, HTTP_AUTHORIZATION=given)[0] == 200
    assert server.usage(HTTP_AUTHORIZATION=given)["plan"] == "anonymous"


def is_valid(key):
    return Server().ask(BASE, **bearing(key))[0] == 200


def test_a_key_lives_until_it_ends_is_revoked_or_changed_long_ago(server, key):
    new, row = key
    assert is_valid(new)
    row.expires_at = timezone.now() - timedelta(seconds=1)
    row.save()
    assert not is_valid(new)
    row.expires_at = timezone.now() + timedelta(days=1)
    newer = row.renew()
    row.save()
    assert is_valid(new)
    assert is_valid(newer)
    newest = row.renew()
    row.save()
    assert [is_valid(each) for each in (new, newer, newest)] == [False, True, True]
    row.former_until = timezone.now() - timedelta(seconds=1)
    row.save()
    assert [is_valid(each) for each in (newer, newest)] == [False, True]
    row.revoke()
    row.save()
    assert not is_valid(newest)


def test_a_revoked_key_ends_in_running_processes_too(server, key, monkeypatch):
    new, row = key
    assert server.ask(BASE, **bearing(new))[0] == 200
    row.revoke()
    row.save()
    now = keys.monotonic()
    # The desk promises so.
    assert keys.BELIEVED <= 10
    monkeypatch.setattr(keys, "monotonic", lambda: now + keys.BELIEVED - 1)
    assert server.ask(BASE, **bearing(new))[0] == 200
    monkeypatch.setattr(keys, "monotonic", lambda: now + keys.BELIEVED + 1)
    assert server.ask(BASE, **bearing(new))[0] == 401


def test_while_keys_cannot_be_looked_up_known_ones_go_on_and_others_read_as_anybody(
    server, key, monkeypatch, caplog
):
    new, _ = key
    assert server.usage(**bearing(new))["plan"] == "standard"

    def fail(*_):
        raise DatabaseError("synthetic")

    monkeypatch.setattr(keys.Keys, "_row", fail)
    now = keys.monotonic()
    monkeypatch.setattr(keys, "monotonic", lambda: now + keys.BELIEVED + 1)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert server.usage(**bearing(new))["plan"] == "standard"
            assert server.usage(**bearing("cases_other"))["plan"] == "anonymous"
    # The database is left alone for a while.
    assert [record.message for record in caplog.records] == ["keys cannot be looked up"]


def test_a_key_is_kept_nowhere(key):
    new, row = key
    assert re.fullmatch("cases_[A-Za-z0-9_-]{43}", new)
    row.refresh_from_db()
    kept = " ".join(str(value) for value in vars(row).values())
    assert new not in kept
    assert new[12:] not in kept
    assert row.hint == new[:12]

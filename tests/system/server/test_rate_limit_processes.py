"""Quotas of a real server with four workers, counted in a real Redis, which may also die."""

import http.client
import json
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from casesapi.figures import INTERVAL
from tests.system.processes import Process, free_port
from tests.waiting import WAIT_TIMEOUT, until

BASE = "/api/v1/"
TOKEN = "only-for-tests-metrics-token"
SECOND, HOUR = 40, 120
MAKE_KEY = """
from cases.models import ApiKey
key = ApiKey(name="A synthetic program", plan="bulk")
print("made", key.renew())
key.save()
"""


class Serve(Process):
    """Four workers behind one proxy, so that tests can be many clients."""

    def __init__(self, state, **env):
        self.port = free_port()
        settings = {
            **{"PORT": str(self.port), "WORKERS": "4", "PROXIES": "1", "LOG_LEVEL": "debug"},
            **{"METRICS_TOKEN": TOKEN, "QUOTA_ANONYMOUS": f"{SECOND}/second {HOUR}/hour"},
        }
        super().__init__(state, "manage.py", "serve", **settings | env)
        self.waits_for("Stop it with Ctrl-C.")

    def ask(self, client, path=BASE, **headers):
        """Status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_TIMEOUT)
        try:
            connection.request("GET", path, headers={"X-Forwarded-For": client, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def figure(self, name):
        time.sleep(2 * INTERVAL)  # until each worker has written what it counted
        figures = self.ask("-", "/metrics", Authorization=f"Bearer {TOKEN}")[2].decode()
        found = re.search(rf"^{re.escape(name)} (\S+)", figures, re.M)
        return float(found[1]) if found else 0.0

    def usage(self, client):
        """Used in the second and in the hour."""
        body = json.loads(self.ask(client, f"{BASE}usage/")[2])
        return [window["used"] for window in body["windows"]]


@pytest.fixture(scope="module")
def serve(state, store):
    with Serve(state, CACHE_URL=store.url) as serve:
        # What the first request of a process pays for would cost more than one unit.
        for number in range(60):
            for path in (BASE, f"{BASE}publications/"):
                assert serve.ask(f"203.0.113.{number}", path)[0] == 200
        yield serve


def at_once(serve, client, requests):
    """The answers to so many requests that begin together: status, and what is left of each
    window."""
    gate = threading.Barrier(requests)

    def ask(_):
        gate.wait()
        status, headers, _ = serve.ask(client)
        left = [int(found) for found in re.findall(r"r=(\d+)", headers["RateLimit"])]
        return status, *left

    with ThreadPoolExecutor(requests) as pool:
        return list(pool.map(ask, range(requests)))


def test_200_requests_at_once_on_the_edge_of_a_window_get_exactly_what_there_is(serve):
    client = "198.51.100.1"
    assert serve.ask(client)[0] == 200
    # So that the window ends while they are under way.
    time.sleep(0.9)
    found = [(200, SECOND - 1, HOUR - 1), *at_once(serve, client, 200)]
    assert {status for status, *_ in found} == {200, 429}
    allowed = [(second, hour) for status, second, hour in found if status == 200]
    # No two requests were given the same place in the hour, and none is missing.
    assert sorted(hour for _, hour in allowed) == [*range(HOUR - len(allowed), HOUR)]
    # In each window of a second no place was given twice.
    places = Counter(second for second, _ in allowed)
    windows = places[SECOND - 1]
    assert windows >= 2
    assert max(places.values()) == windows
    assert len(allowed) <= min(HOUR, windows * SECOND)
    assert serve.usage(client)[1] == len(allowed)


def test_of_many_requests_at_once_no_more_are_let_through_than_the_longest_window_has(serve):
    client = "198.51.100.2"
    allowed = 0
    for _ in range(8):
        allowed += sum(status == 200 for status, *_ in at_once(serve, client, 50))
        time.sleep(0.5)
    assert allowed == HOUR
    status, headers, body = serve.ask(client)
    assert status == 429
    assert 3_500 < int(headers["Retry-After"]) <= 3_600
    assert json.loads(body)["violated"] == ["hour"]


def test_who_waits_as_long_as_he_was_told_is_answered(serve):
    client = "198.51.100.3"
    while (answer := serve.ask(client))[0] == 200:
        pass
    assert answer[1]["Retry-After"] == "1"
    assert serve.ask(client, f"{BASE}usage/")[0] == 200
    time.sleep(1)
    assert serve.ask(client)[0] == 200


def test_answers_out_of_memory_count_too(serve):
    client, memory = "198.51.100.9", 'cases_answers_kept_total{from="memory"}'
    path, before = f"{BASE}publications/", serve.figure(memory)
    answers = [serve.ask(client, path) for _ in range(20)]
    assert serve.figure(memory) - before >= 10
    assert [answer[0] for answer in answers] == [200] * 20
    hours = [re.findall(r"r=(\d+)", headers["RateLimit"])[1] for _, headers, _ in answers]
    assert hours == [str(HOUR - number) for number in range(1, 21)]


def seconds_left(client):
    """Seconds until each counter ends, by its name; -1 = never."""
    found = {name.decode(): client.pttl(name) / 1_000 for name in client.scan_iter()}
    return {name: left for name, left in found.items() if left != -0.002}


def test_the_store_learns_no_address_and_forgets(serve, store):
    serve.ask("198.51.100.4")
    kept = store.asked(seconds_left)
    assert kept
    assert not [name for name in kept if "198.51" in name]
    assert all(0 <= seconds <= 3_600 for seconds in kept.values())


def test_a_key_is_in_no_log(serve, state):
    with Process(state, "manage.py", "shell", "-v0", "-c", MAKE_KEY) as made:
        assert made.popen.wait(WAIT_TIMEOUT) == 0, made.printed()
        new = made.printed().split()[-1]
    status, headers, _ = serve.ask("198.51.100.5", Authorization=f"Api-Key {new}")
    assert status == 200
    # The plan of the key, as it is on one's own machine.
    assert headers["RateLimit-Policy"].startswith('"minute";q=300000000;w=60')
    # Nothing is kept of what is asked with a key.
    kept = [f'cases_answers_kept_total{{from="{place}"}}' for place in ("memory", "application")]
    before = [serve.figure(name) for name in kept]
    for _ in range(5):
        path = f"{BASE}cases/?page_size=7"
        assert serve.ask("198.51.100.5", path, Authorization=f"Api-Key {new}")[0] == 200
    assert [serve.figure(name) for name in kept] == before
    assert serve.ask("198.51.100.5", Authorization=f"Api-Key {new}x")[0] == 401
    until(lambda: '"status":401' in serve.printed())
    assert new[6:] not in serve.printed()


def asked_all_the_while(serve, seconds, meanwhile):
    """What four clients get while something happens: each with its status and seconds."""
    found = []
    end = time.monotonic() + seconds

    def ask(number):
        while time.monotonic() < end:
            begun = time.monotonic()
            # Each below its quota, so that what is refused is not for that.
            client = f"2001:db8:{number}:{len(found):x}::1"
            found.append((serve.ask(client)[0], time.monotonic() - begun))

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(ask, number) for number in range(4)]
        meanwhile()
        for each in done:
            each.result()
    return found


def failures(serve):
    return serve.figure("cases_quota_store_failures_total")


def lost_and_found(serve):
    """How many times a process lost the store, and found it again."""
    log = serve.printed()
    return log.count("the store of quotas does not"), log.count("the store of quotas answers again")


def test_reading_goes_on_while_redis_is_killed_and_quotas_hold_again_by_themselves(serve, store):
    before, started = failures(serve), 0.0

    def fail_and_recover():
        nonlocal started
        time.sleep(1)
        store.kill()
        time.sleep(2)
        store.start()
        started = time.monotonic()

    found = asked_all_the_while(serve, 5, fail_and_recover)
    assert len(found) > 100
    assert {status for status, _ in found} == {200}
    assert failures(serve) > before
    until(lambda: serve.ask("198.51.100.7") and len(set(lost_and_found(serve))) == 1)
    assert lost_and_found(serve)[0] >= 1
    assert time.monotonic() - started < 10

    client = "198.51.100.8"
    allowed = 0
    for _ in range(8):
        allowed += sum(status == 200 for status, *_ in at_once(serve, client, 50))
        time.sleep(0.5)
    assert allowed == HOUR


def test_a_store_that_hangs_holds_up_hardly_anybody(serve, store):
    before = failures(serve)

    def hang():
        time.sleep(0.5)
        store.freeze()
        time.sleep(3)
        store.thaw()

    found = asked_all_the_while(serve, 5, hang)
    assert {status for status, _ in found} == {200}
    # Four workers, each waits a quarter of a second once in a second; a busy machine adds some.
    assert sorted(seconds for _, seconds in found)[len(found) // 2] < 0.2
    assert failures(serve) > before

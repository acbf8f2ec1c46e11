"""Quotas of a real server with four workers, counted in a real Redis, which may also die."""

import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.system import redis_server
from tests.system.processes import Server, manage
from tests.waiting import WAIT_TIMEOUT, until

BASE = "/api/v1/"
SECOND, HOUR = 40, 120
MAKE_KEY = """
from cases.models import ApiKey
key = ApiKey(name="A synthetic program", plan="bulk")
print("made", key.renew())
key.save()
"""
MEMORY = 'cases_answers_kept_total{from="memory"}'
APPLICATION = 'cases_answers_kept_total{from="application"}'
_clients = count()


class Quotas(Server):
    """Four workers behind one proxy, so that tests can be many clients."""

    def __init__(self, state, **env):
        quota = {"QUOTA_ANONYMOUS": f"{SECOND}/second {HOUR}/hour"}
        super().__init__(state, WORKERS="4", PROXIES="1", LOG_LEVEL="debug", **quota, **env)

    def asked_by(self, client, path=BASE, **headers):
        return self.ask(path, headers={"X-Forwarded-For": client, **headers})

    def usage(self, client):
        """Used in the second and in the hour."""
        body = self.asked_by(client, f"{BASE}usage/").json()
        return [window["used"] for window in body["windows"]]


@pytest.fixture(scope="module")
def store():
    with redis_server.running() as store:
        yield store


@pytest.fixture(scope="module")
def serve(state, store):
    with Quotas(state, CACHE_URL=store.url).started() as serve:
        # What the first request of a process pays for would cost more than one unit.
        for number in range(60):
            for path in (BASE, f"{BASE}publications/"):
                assert serve.asked_by(f"203.0.113.{number}", path).status == 200
        yield serve


def somebody():
    """The address of a client that asked for nothing yet."""
    number = next(_clients)
    return f"198.51.{number // 250}.{number % 250 + 1}"


def at_once(serve, client, requests):
    """The answers to so many requests that begin together: status, and what is left of each
    window."""
    gate = threading.Barrier(requests)

    def ask(_):
        gate.wait(WAIT_TIMEOUT)
        answer = serve.asked_by(client)
        left = [int(found) for found in re.findall(r"r=(\d+)", answer.headers["RateLimit"])]
        return answer.status, *left

    with ThreadPoolExecutor(requests) as pool:
        return list(pool.map(ask, range(requests)))


def test_200_requests_at_once_on_the_edge_of_a_window_get_exactly_what_there_is(serve):
    client = somebody()
    assert serve.asked_by(client).status == 200
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


def assert_that_the_hour_is_counted_exactly(serve, client):
    allowed = 0
    for _ in range(8):
        allowed += sum(status == 200 for status, *_ in at_once(serve, client, 50))
        time.sleep(0.5)
    assert allowed == HOUR


def test_of_many_requests_at_once_no_more_are_let_through_than_the_longest_window_has(serve):
    client = somebody()
    assert_that_the_hour_is_counted_exactly(serve, client)
    refused = serve.asked_by(client)
    assert refused.status == 429
    # Not the end of the second.
    assert 60 < int(refused.headers["Retry-After"]) <= 3_600
    assert refused.json()["violated"] == ["hour"]


def test_who_waits_as_long_as_he_was_told_is_answered(serve):
    refused = {}

    def uses_up_a_second():
        """Whether it was quick enough: a busy machine may answer fewer within a second."""
        refused["client"] = somebody()
        with ThreadPoolExecutor(8) as pool:
            for answer in pool.map(lambda _: serve.asked_by(refused["client"]), range(2 * SECOND)):
                refused["answer"] = answer
                if answer.status == 429:
                    return answer.json()["violated"] == ["second"]
        return False

    until(uses_up_a_second, "a client uses up its second", serve.printed)
    assert refused["answer"].headers["Retry-After"] == "1"
    assert serve.asked_by(refused["client"], f"{BASE}usage/").status == 200
    time.sleep(1)
    assert serve.asked_by(refused["client"]).status == 200


def test_answers_out_of_memory_count_too(serve):
    client, path, before = somebody(), f"{BASE}publications/", serve.settled(MEMORY)
    answers = [serve.asked_by(client, path) for _ in range(20)]
    assert [answer.status for answer in answers] == [200] * 20
    hours = [re.findall(r"r=(\d+)", answer.headers["RateLimit"])[1] for answer in answers]
    assert hours == [str(HOUR - number) for number in range(1, 21)]
    # At most one for each worker was computed.
    until(
        lambda: serve.metrics()[MEMORY] - before >= 10, "answers come out of memory", serve.printed
    )


def seconds_left(client):
    """Seconds until each counter ends, by its name; -1 = never."""
    found = {name.decode(): client.pttl(name) / 1_000 for name in client.scan_iter()}
    return {name: left for name, left in found.items() if left != -0.002}


def test_the_store_learns_no_address_and_forgets(serve, store):
    client = somebody()
    serve.asked_by(client)
    kept = store.asked(seconds_left)
    assert kept
    assert not [name for name in kept if client in name or "198.51" in name]
    assert all(0 <= seconds <= 3_600 for seconds in kept.values())


def test_a_key_is_in_no_log(serve, state):
    code, said = manage(state, "shell", "-v0", "-c", MAKE_KEY)
    assert code == 0, said
    new, client = said.split()[-1], somebody()
    answer = serve.asked_by(client, Authorization=f"Api-Key {new}")
    assert answer.status == 200
    # The plan of the key, as it is on one's own machine.
    assert answer.headers["RateLimit-Policy"].startswith('"minute";q=300000000;w=60')
    # Nothing is kept of what is asked with a key: asked without one, it is computed once more.
    path = f"{BASE}cases/?page_size=7"
    before = {name: serve.settled(name) for name in (MEMORY, APPLICATION)}
    for _ in range(5):
        assert serve.asked_by(client, path, Authorization=f"Api-Key {new}").status == 200
    assert serve.asked_by(client, path).status == 200
    assert serve.settled(APPLICATION) == before[APPLICATION] + 1
    assert serve.settled(MEMORY) == before[MEMORY]
    wrong = serve.asked_by(client, Authorization=f"Api-Key {new}x")
    assert wrong.status == 401
    until(lambda: '"status":401' in serve.printed(), "it stands in the log", serve.printed)
    assert new[6:] not in serve.printed()


class Crowd:
    """Four clients that ask without end while something happens; `found` are the statuses."""

    def __init__(self, serve):
        self.serve, self.found, self._end = serve, [], threading.Event()
        self._pool = ThreadPoolExecutor(4)

    def _ask(self, number):
        while not self._end.is_set():
            # Each below its quota, so that what is refused is not for that.
            client = f"2001:db8:{number}:{len(self.found):x}::1"
            self.found.append(self.serve.asked_by(client).status)

    def answered(self, more):
        """Until so many more requests are answered."""
        wanted = len(self.found) + more
        until(lambda: len(self.found) >= wanted, f"{more} more answers", self.serve.printed)

    def __enter__(self):
        self._asking = [self._pool.submit(self._ask, number) for number in range(4)]
        return self

    def __exit__(self, *_):
        self._end.set()
        for each in self._asking:
            each.result(WAIT_TIMEOUT)
        self._pool.shutdown()


def failures(serve):
    return serve.metrics().get("cases_quota_store_failures_total", 0)


def lost_and_found(serve):
    """How many times a process lost the store, and found it again."""
    log = serve.printed()
    return log.count("the store of quotas does not"), log.count("the store of quotas answers again")


def test_reading_goes_on_while_redis_is_killed_and_quotas_hold_again_by_themselves(serve, store):
    before = failures(serve)
    with Crowd(serve) as crowd:
        crowd.answered(20)
        store.kill()
        try:
            crowd.answered(100)
            until(lambda: failures(serve) > before, "a failure is counted", serve.printed)
        finally:
            store.start()
        crowd.answered(20)
    assert set(crowd.found) == {200}

    def found_again():
        serve.asked_by(somebody())
        lost, found = lost_and_found(serve)
        return lost == found >= 1

    until(found_again, "each worker finds the store again", serve.printed)
    assert_that_the_hour_is_counted_exactly(serve, somebody())


def test_a_store_that_hangs_holds_up_few_requests(serve, store):
    before = failures(serve)
    with Crowd(serve) as crowd:
        crowd.answered(20)
        store.freeze()
        try:
            begin = len(crowd.found)
            crowd.answered(400)
            until(lambda: failures(serve) > before, "a failure is counted", serve.printed)
            # What waited in vain for the store. Each worker waits a quarter of a second, and then
            # asks it no more for a second; without that, every request would be one of them.
            held_up, answered = failures(serve) - before, len(crowd.found) - begin
        finally:
            store.thaw()
    assert set(crowd.found) == {200}
    assert held_up < answered / 2

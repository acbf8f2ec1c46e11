"""Requests are counted exactly in a real Redis, which all processes share."""

import time

import pytest

from cases.edge.ratelimit import redis as shared
from cases.edge.ratelimit.plans import Window
from cases.edge.ratelimit.redis import SharedCounter
from tests.api.quotas.counting import HOUR, CountsExactly, new_client, used
from tests.system import redis_server


@pytest.fixture(scope="module")
def store():
    with redis_server.running() as store:
        yield store


@pytest.fixture
def counter(store, monkeypatch):
    # A test may be held up for longer than a request may be; then it would count by itself.
    monkeypatch.setattr(shared, "PATIENCE", 10)
    return SharedCounter(store.url)


@pytest.fixture
def later(store):
    """Brings the ends of a client's windows nearer: Redis has no clock that could be set."""

    def later(client, seconds):
        def move(redis):
            for name in redis.scan_iter(f"cases:quota:{{{client}}}:*"):
                left = redis.pttl(name) - 1_000 * seconds
                redis.pexpire(name, left) if left > 0 else redis.delete(name)

        store.asked(move)

    return later


class TestInRedis(CountsExactly):
    pass


def test_who_waits_until_a_window_ends_has_room_again(counter):
    client, windows = new_client(), (Window("second", 1, 1),)
    assert counter.take(client, windows).allowed
    left = counter.take(client, windows, 0).counts[0].resets_in
    assert 0 < left <= 1
    time.sleep(left + 0.02)
    assert used(counter.take(client, windows)) == [1]


def test_a_counter_without_an_end_gets_one(store, counter):
    client = new_client()
    store.asked(lambda redis: redis.set(f"cases:quota:{{{client}}}:hour", 2))
    assert used(counter.take(client, (HOUR,))) == [3]
    assert 3_500 < counter.take(client, (HOUR,)).counts[0].resets_in <= 3_600

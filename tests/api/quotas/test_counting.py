"""Requests are counted exactly, in one process and in a store that all share."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.core.exceptions import ImproperlyConfigured

from cases.api.quotas.counts import ProcessCounter
from cases.api.quotas.plans import Window, plan
from cases.api.quotas.shared import SharedCounter

SECOND, HOUR = Window("second", 3, 1), Window("hour", 5, 3_600)
_clients = count()


@pytest.fixture
def client():
    """A name that no other test counts by."""
    return f"client-{next(_clients)}"


@pytest.fixture(params=["process", "shared"])
def counter(request):
    if request.param == "process":
        return ProcessCounter()
    return SharedCounter(request.getfixturevalue("store").url)


def used(taken):
    return [found.used for found in taken.counts]


def test_a_window_has_room_for_so_many_and_begins_anew_when_it_is_over(counter, client):
    windows = (SECOND,)
    begun = time.monotonic()
    for expected in (1, 2, 3):
        taken = counter.take(client, windows)
        assert (taken.allowed, used(taken)) == (True, [expected])
        assert 0 < taken.counts[0].resets_in <= 1
    refused = counter.take(client, windows)
    assert (refused.allowed, used(refused)) == (False, [3])
    time.sleep(refused.counts[0].resets_in + 0.02)
    assert time.monotonic() - begun < 1.5
    assert used(counter.take(client, windows)) == [1]


def test_what_one_window_refuses_no_other_one_counts(counter, client):
    for _ in range(3):
        assert counter.take(client, (SECOND, HOUR)).allowed
    for _ in range(9):
        assert not counter.take(client, (SECOND, HOUR)).allowed
    assert used(counter.take(client, (SECOND, HOUR), 0)) == [3, 3]
    time.sleep(1.02)
    assert [counter.take(client, (SECOND, HOUR)).allowed for _ in range(3)] == [True, True, False]
    last = counter.take(client, (SECOND, HOUR), 0)
    assert used(last) == [2, 5]
    assert 3_590 < last.counts[1].resets_in < 3_600


def test_to_look_costs_nothing_and_begins_no_window(counter, client):
    for _ in range(9):
        looked = counter.take(client, (SECOND, HOUR), 0)
        assert (looked.allowed, used(looked)) == (True, [0, 0])
        assert [round(found.resets_in) for found in looked.counts] == [1, 3_600]


def test_clients_are_counted_apart(counter, client):
    for _ in range(5):
        counter.take(client, (HOUR,))
    assert not counter.take(client, (HOUR,)).allowed
    assert counter.take(f"{client}-other", (HOUR,)).allowed


def test_many_threads_at_once_get_what_there_is_and_no_more(counter, client):
    window = Window("minute", 150, 60)
    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(lambda _: counter.take(client, (window,)), range(600)))
    allowed = [used(found)[0] for found in taken if found.allowed]
    assert sorted(allowed) == list(range(1, 151))


def test_a_process_forgets_those_that_came_first_and_stays_small():
    counter = ProcessCounter(most_clients=100)
    for number in range(1_000):
        counter.take(f"client-{number}", (HOUR,))
        assert len(counter) <= 100
    assert used(counter.take("client-999", (HOUR,))) == [2]


def test_a_process_forgets_whose_windows_are_over_before_anybody_else():
    counter = ProcessCounter(most_clients=100)
    for number in range(10):
        counter.take(f"kept-{number}", (HOUR,))
    for number in range(90):
        counter.take(f"over-{number}", (Window("second", 1, 1),))
    time.sleep(1.01)
    counter.take("another", (HOUR,))
    assert len(counter) == 11
    assert used(counter.take("kept-0", (HOUR,))) == [2]


def test_a_counter_without_an_end_gets_one(store, client):
    import redis

    redis.Redis.from_url(store.url).set(f"cases:quota:{{{client}}}:hour", 2)
    counter = SharedCounter(store.url)
    assert used(counter.take(client, (HOUR,))) == [3]
    assert 3_590 < counter.take(client, (HOUR,)).counts[0].resets_in <= 3_600


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("600/minute", [("minute", 600, 60)]),
        ("5/second 2000/hour 9000/day", [("second", 5, 1), ("hour", 2000, 3600),
                                         ("day", 9000, 86400)]),
    ],
)  # fmt: skip
def test_a_setting_says_the_windows_of_a_plan(text, windows):
    found = plan("QUOTA", text)
    assert list(found.windows) == windows
    assert found.policy.startswith(f'"{windows[0][0]}";q={windows[0][1]};w={windows[0][2]}')


@pytest.mark.parametrize(
    "text", ["", "600", "0/minute", "-1/day", "600/week", "1/day 2/day", "600 /minute", "x/day"]
)
def test_a_setting_that_is_no_quota_is_refused(text):
    with pytest.raises(ImproperlyConfigured):
        plan("QUOTA", text)

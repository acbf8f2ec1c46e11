"""Which request is computed next, and how many at a time."""

from queue import SimpleQueue
from threading import Event

import pytest
from django.conf import settings

from casesapi.server.lanes import Job, Lanes, TooManyAtOnceError
from tests.waiting import WAIT_TIMEOUT, until

A, B, C = "192.0.2.1", "192.0.2.2", "192.0.2.3"
MANY = 100


class Held:
    """A job that goes on until it is let go."""

    def __init__(self):
        self.started, self.go_on = Event(), Event()

    def __call__(self):
        self.started.set()
        assert self.go_on.wait(WAIT_TIMEOUT)


@pytest.fixture
def hold(request):
    """Puts a job that holds a thread, until it is let go or the test ends."""

    def put(lanes_, lane, client):
        held = Held()
        request.addfinalizer(held.go_on.set)
        lanes_.put(lane, client, Job(held, pytest.fail))
        return held

    return put


def put(lanes_, lane, client, done, name):
    """A quick job."""
    lanes_.put(lane, client, Job(lambda: done.put(name), lambda: done.put(f"late {name}")))


def taken(done, number):
    return [done.get(timeout=WAIT_TIMEOUT) for _ in range(number)]


def test_a_client_with_many_requests_delays_others_by_one(hold):
    found, done = Lanes({"quick": 1}, MANY), SimpleQueue()
    held = hold(found, "quick", A)
    assert held.started.wait(WAIT_TIMEOUT)
    for name in ("a1", "a2", "a3"):
        put(found, "quick", A, done, name)
    for name in ("b1", "b2"):
        put(found, "quick", B, done, name)
    put(found, "quick", C, done, "c1")
    held.go_on.set()
    assert taken(done, 6) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_one_thread_of_a_lane_is_free_of_any_single_client(hold):
    found, done = Lanes({"costly": 2}, MANY), SimpleQueue()
    first, second = hold(found, "costly", A), hold(found, "costly", A)
    assert first.started.wait(WAIT_TIMEOUT)
    put(found, "costly", B, done, "b")
    assert taken(done, 1) == ["b"]
    assert not second.started.is_set()
    first.go_on.set()
    assert second.started.wait(WAIT_TIMEOUT)


def test_lanes_do_not_wait_for_each_other(hold):
    found, done = Lanes({"quick": 1, "costly": 1}, MANY), SimpleQueue()
    assert hold(found, "costly", A).started.wait(WAIT_TIMEOUT)
    put(found, "costly", B, done, "costly")
    put(found, "quick", B, done, "quick")
    assert taken(done, 1) == ["quick"]
    assert done.empty()


def test_a_client_may_have_few_requests_pending_in_all_lanes_together(hold):
    found, done = Lanes({"quick": 1, "costly": 1}, 2), SimpleQueue()
    held = hold(found, "costly", A)
    hold(found, "costly", A)
    with pytest.raises(TooManyAtOnceError):
        put(found, "quick", A, done, "refused")
    put(found, "quick", B, done, "b")
    assert taken(done, 1) == ["b"]
    held.go_on.set()

    def accepted():
        try:
            put(found, "quick", A, done, "a")
        except TooManyAtOnceError:
            return False
        return True

    until(accepted, "the first request no longer counts")
    assert taken(done, 1) == ["a"]


def test_who_waited_too_long_is_told_so_in_place_of_an_answer(monkeypatch):
    monkeypatch.setattr(settings, "THREAD_SECONDS", 0)
    found, done = Lanes({"quick": 1}, MANY), SimpleQueue()
    put(found, "quick", A, done, "a")
    assert taken(done, 1) == ["late a"]


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit])
def test_a_job_that_fails_ends_no_thread_and_counts_no_more(error, caplog):
    found, done = Lanes({"quick": 1}, 1), SimpleQueue()

    def fail():
        raise error

    found.put("quick", A, Job(fail, fail))
    until(lambda: "a job failed" in caplog.text, "the failure is logged")
    until(lambda: not found._pending, "the job no longer counts")
    put(found, "quick", A, done, "next")
    assert taken(done, 1) == ["next"]

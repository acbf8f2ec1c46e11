"""Requests are counted exactly in one process. Over all processes: `tests/system/server/`."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cases.edge.ratelimit import memory
from cases.edge.ratelimit.memory import ProcessCounter
from cases.edge.ratelimit.plans import Window, plan
from tests.api.quotas.counting import HOUR, CountsExactly, used


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on: the seconds by which windows begin and end."""
    clock = {"now": 1_000.0}
    monkeypatch.setattr(memory, "monotonic", lambda: clock["now"])

    def later(client, seconds):
        clock["now"] += seconds

    return later


class TestInOneProcess(CountsExactly):
    @pytest.fixture
    def counter(self, later):
        return ProcessCounter()


def test_a_process_forgets_those_that_came_first_and_stays_small():
    counter = ProcessCounter(most_clients=100)
    for number in range(1_000):
        counter.take(f"client-{number}", (HOUR,))
        assert len(counter) <= 100
    assert used(counter.take("client-999", (HOUR,))) == [2]


def test_a_process_forgets_whose_windows_are_over_before_anybody_else(later):
    counter = ProcessCounter(most_clients=100)
    for number in range(10):
        counter.take(f"kept-{number}", (HOUR,))
    for number in range(90):
        counter.take(f"over-{number}", (Window("second", 1, 1),))
    later("all", 1)
    counter.take("another", (HOUR,))
    assert len(counter) == 11
    assert used(counter.take("kept-0", (HOUR,))) == [2]


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

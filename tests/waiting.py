"""The one way in which tests wait: ask until it is true, for as long as a busy machine may need."""

import os
import time
from collections.abc import Callable

# Seconds, for anything that is expected to happen. Only a failing test waits this long, so it is
# generous; CASES_TEST_PATIENCE=2 doubles it on a machine that is slower still.
WAIT_TIMEOUT = 300 * float(os.environ.get("CASES_TEST_PATIENCE", "1"))


def until(
    condition: Callable[[], object], awaited: str, output: Callable[[], str] = lambda: ""
) -> None:
    """Return when `condition` is true.

    awaited: what is awaited, in words, and output: what the process in question has printed, both
    for the message of the AssertionError that is raised after WAIT_TIMEOUT.
    """
    deadline = time.monotonic() + WAIT_TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise timed_out(awaited, output())
        time.sleep(0.02)


def timed_out(awaited: str, output: str = "") -> AssertionError:
    """The error of a test that waited WAIT_TIMEOUT in vain."""
    return AssertionError(
        f"Waited {WAIT_TIMEOUT:.0f} s until {awaited}. On a slow machine, set"
        f" CASES_TEST_PATIENCE=2.\n{output}"
    )

"""How much work a request has caused so far, in this process and in others.

Counted are the CPU time of the thread that answers, what the database worked for its statements,
and what is added by hand, such as the drawing of a chart. Waiting for another request is not
counted.

On a busy machine a statement waits more than it works. A database on the same machine says how much
CPU time its process took; of any other one the time until it has answered counts.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from django.db.backends.signals import connection_created

# Seconds. A statement that was answered sooner is not worth looking at the process.
QUICK = 0.005
# On a connection: where its process says how much it worked, and what it said last.
_PLACE, _WORKED = "cases_schedstat", "cases_worked"
# Where in the environment of a request it stands that an editor asks, who is charged for no work.
TRUSTED = "cases.trusted"


class TooMuchWorkError(Exception):
    """The statements of one answer took longer together than they may."""


class _Spent(threading.local):
    """elsewhere: seconds that others worked for this thread. limit: of elsewhere, at which no
    further statement begins; None = no limit."""

    elsewhere = 0.0
    limit: float | None = None


_spent = _Spent()


def spent() -> float:
    """Seconds that were worked for this thread since it began."""
    return thread_time() + _spent.elsewhere


def add(seconds: float) -> None:
    """Count what another process has worked for this thread."""
    _spent.elsewhere += seconds


@contextmanager
def measured(connection: Any) -> Iterator[None]:
    """Count what the database works within, for a connection of Django."""
    begun = perf_counter()
    try:
        yield
    finally:
        passed = perf_counter() - begun
        add(passed if passed < QUICK else min(passed, _worked(connection.connection, passed)))


def _worked(raw: Any, passed: float) -> float:
    """CPU seconds of the database's process since it was looked at last; passed = unknown."""
    place = getattr(raw, _PLACE, None)
    if place is None:
        return passed
    try:
        worked = int(place.read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return passed
    before = getattr(raw, _WORKED, 0.0)
    setattr(raw, _WORKED, worked)
    return float(worked - before)


@contextmanager
def own_limit() -> Iterator[None]:
    """A limit that is set within ends with it. One that was set before also holds within."""
    before = _spent.limit
    try:
        yield
    finally:
        _spent.limit = before


def limit_statements(seconds: float) -> None:
    """Let the statements of this thread take at most so long together from now on."""
    limit = _spent.elsewhere + seconds
    _spent.limit = limit if _spent.limit is None else min(limit, _spent.limit)


def _execute(execute: Callable[..., Any], *given: Any) -> Any:
    if _spent.limit is not None and _spent.elsewhere > _spent.limit:
        raise TooMuchWorkError
    *_, context = given
    with measured(context["connection"]):
        return execute(*given)


def _measure(connection: Any, **_: Any) -> None:
    raw = connection.connection
    # A socket leads to a process of this machine, unless the socket itself is shared.
    if raw.info.host.startswith("/"):
        place = Path(f"/proc/{raw.info.backend_pid}")
        try:
            if (place / "comm").read_text().startswith("postgres"):
                setattr(raw, _PLACE, place / "schedstat")
        except OSError:
            pass  # no Linux
    if _execute not in connection.execute_wrappers:
        connection.execute_wrappers.append(_execute)


connection_created.connect(_measure)

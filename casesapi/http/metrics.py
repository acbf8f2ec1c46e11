"""Figures for Prometheus that change with every request.

Each process writes its figures into a file, so that `/metrics` of any of them tells of all. Writing
takes longer than to answer out of memory, so they are added up for a moment first.
"""

import os
import threading
from bisect import bisect_left
from typing import Protocol

from prometheus_client import Counter, Histogram

# Seconds after which other processes see what this one counted.
INTERVAL = 0.25


class Pending(Protocol):
    def write(self) -> None:
        """Hands over to Prometheus what was added up."""
        ...


class Latencies(Histogram):
    """A histogram to which many observations are added at once."""

    def bounds(self) -> list[float]:
        """The upper end of each bucket, in seconds."""
        return self._upper_bounds

    def add(self, in_buckets: list[int], seconds: float) -> None:
        """in_buckets: how many observations each bucket gets. seconds: their sum."""
        self._sum.inc(seconds)
        for bucket, number in zip(self._buckets, in_buckets, strict=True):
            if number:
                bucket.inc(number)


class Number:
    """A counter that goes up by one."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._number = 0
        self._lock = threading.Lock()
        _all.append(self)

    def inc(self) -> None:
        with self._lock:
            self._number += 1

    def write(self) -> None:
        with self._lock:
            number, self._number = self._number, 0
        if number:
            self._counter.inc(number)


class Series:
    """Things that are counted, and the time that each of them took."""

    def __init__(self, counter: Counter, latencies: Latencies) -> None:
        self._counter, self._latencies = counter, latencies
        self._bounds = latencies.bounds()
        self._lock = threading.Lock()
        self._clear()
        _all.append(self)

    def _clear(self) -> None:
        self._in_buckets = [0] * len(self._bounds)
        self._seconds = 0.0

    def observe(self, seconds: float) -> None:
        with self._lock:
            self._in_buckets[bisect_left(self._bounds, seconds)] += 1
            self._seconds += seconds

    def write(self) -> None:
        with self._lock:
            in_buckets, seconds = self._in_buckets, self._seconds
            self._clear()
        if number := sum(in_buckets):
            self._counter.inc(number)
            self._latencies.add(in_buckets, seconds)


_all: list[Pending] = []
_process: int | None = None
_starting = threading.Lock()


def write() -> None:
    """Hands over to Prometheus all that was added up in this process."""
    for pending in list(_all):
        pending.write()


def start() -> None:
    """Begins to write now and then, once in each process: a fork has no threads of its parent."""
    global _process
    if _process == os.getpid():
        return
    with _starting:
        if _process != os.getpid():
            _process = os.getpid()
            threading.Thread(target=_go_on, name="figures", daemon=True).start()


def _go_on() -> None:
    pause = threading.Event()
    while True:
        pause.wait(INTERVAL)
        write()

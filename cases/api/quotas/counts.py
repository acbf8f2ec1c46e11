"""Counting requests in windows, exactly.

A window begins with the first request in it. A request is counted in all windows or, where one is
used up, in none; so whoever is refused loses nothing by asking again.
"""

from itertools import islice
from threading import Lock
from time import monotonic
from typing import NamedTuple, Protocol

from cases.api.quotas.plans import Window

# Clients that are remembered; of more, those that came first are forgotten.
MOST_CLIENTS = 100_000


class Count(NamedTuple):
    """used: requests in the window. resets_in: seconds until it ends; the whole window, if it has
    not begun."""

    used: int
    resets_in: float


class Taken(NamedTuple):
    """Whether there was room, and how the windows stand afterwards."""

    allowed: bool
    counts: tuple[Count, ...]


class Counter(Protocol):
    def take(self, client: str, windows: tuple[Window, ...], cost: int = 1) -> Taken:
        """Counts a request of a client; with cost 0 it only looks."""
        ...


class ProcessCounter:
    """Exact within this process."""

    def __init__(self, most_clients: int = MOST_CLIENTS) -> None:
        self._most_clients = most_clients
        # Client → of each window the count and the end, on a clock that nobody can set.
        self._counts: dict[str, list[tuple[int, float]]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._counts)

    def take(self, client: str, windows: tuple[Window, ...], cost: int = 1) -> Taken:
        with self._lock:
            now = monotonic()
            known = self._counts.get(client)
            # A plan that was given other windows begins anew.
            if known is None or len(known) != len(windows):
                known = [(0, 0.0)] * len(windows)
            counts = [
                (used, end) if end > now else (0, now + window.seconds)
                for (used, end), window in zip(known, windows, strict=True)
            ]
            allowed = all(
                used + cost <= window.quota
                for (used, _), window in zip(counts, windows, strict=True)
            )
            if allowed and cost:
                counts = [(used + cost, end) for used, end in counts]
                if client not in self._counts and len(self._counts) >= self._most_clients:
                    self._forget(now)
                self._counts[client] = counts
        return Taken(allowed, tuple(Count(used, end - now) for used, end in counts))

    def _forget(self, now: float) -> None:
        """Those whose windows are over, and if they are few, those that came first: a tenth, as
        to look at all takes its time."""
        ended = [
            client
            for client, counts in self._counts.items()
            if all(end <= now for _, end in counts)
        ]
        for client in ended:
            del self._counts[client]
        few = self._most_clients // 10 + 1 - len(ended)
        for client in list(islice(self._counts, max(0, few))):
            del self._counts[client]

"""Counting requests in windows, exactly.

A window begins with the first request in it. A request is counted in all windows or, where one is
used up, in none; so whoever is refused loses nothing by asking again. What a request costs beyond
that is known when it has been answered: it may overdraw a window, which then lasts longer in
proportion.
"""

from itertools import islice
from threading import Lock
from time import monotonic
from typing import NamedTuple, Protocol

from cases.edge.ratelimit.plans import Window

# Clients that are remembered; of more, those that came first are forgotten.
MOST_CLIENTS = 100_000


class Count(NamedTuple):
    """used: requests in the window. resets_in: seconds until it ends; the whole window, if it has
    not begun."""

    used: int
    resets_in: float


class Decision(NamedTuple):
    """Whether there was room, and how the windows stand afterwards."""

    allowed: bool
    counts: list[Count]


class Counter(Protocol):
    def take(
        self, client: str, windows: tuple[Window, ...], cost: int = 1, *, overdraw: bool = False
    ) -> Decision:
        """Counts a request of a client; with cost 0 it only looks.

        overdraw: counts also where there is no room, and gives back where the cost is below 0.
        """
        ...


class _Running:
    """A window of a client: the requests in it, and, unless they are 0, when it ends."""

    __slots__ = ("end", "quota", "seconds", "used")

    def __init__(self, window: Window) -> None:
        self.quota, self.seconds = window.quota, window.seconds
        self.used = 0
        self.end = 0.0

    def add(self, cost: int, now: float) -> None:
        before, quota = self.used, self.quota
        if not before:
            self.end = now + self.seconds
        after = self.used = max(0, before + cost)
        if before > quota or after > quota:
            overdrawn = max(0, after - quota) - max(0, before - quota)
            self.end += self.seconds * overdrawn / quota


class _Client:
    __slots__ = ("running", "windows")

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self.windows = windows
        self.running = [_Running(window) for window in windows]


class ProcessCounter:
    """Exact within this process."""

    def __init__(self, most_clients: int = MOST_CLIENTS) -> None:
        self._most_clients = most_clients
        # By client; times are on a clock that nobody can set.
        self._clients: dict[str, _Client] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._clients)

    def take(
        self, client: str, windows: tuple[Window, ...], cost: int = 1, *, overdraw: bool = False
    ) -> Decision:
        with self._lock:
            now = monotonic()
            found = self._clients.get(client)
            # A plan that was given other windows begins anew.
            if new := found is None or found.windows != windows:
                found = _Client(windows)
            running = found.running
            allowed = True
            for one in running:
                if one.end <= now:
                    one.used = 0
                if one.used + cost > one.quota and not overdraw:
                    allowed = False
            if allowed and cost:
                for one in running:
                    one.add(cost, now)
                if new:
                    self._remember(client, found, now)
            counts = [
                Count(one.used, one.end - now if one.used else one.seconds) for one in running
            ]
        return Decision(allowed, counts)

    def _remember(self, client: str, found: _Client, now: float) -> None:
        if client not in self._clients and len(self._clients) >= self._most_clients:
            self._forget(now)
        self._clients[client] = found

    def _forget(self, now: float) -> None:
        """Those whose windows are over, and if they are few, those that came first: a tenth, as
        to look at all takes its time."""
        ended = [
            client
            for client, found in self._clients.items()
            if all(one.end <= now for one in found.running)
        ]
        for client in ended:
            del self._clients[client]
        few = self._most_clients // 10 + 1 - len(ended)
        for client in list(islice(self._clients, max(0, few))):
            del self._clients[client]

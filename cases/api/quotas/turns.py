"""How many requests one process computes at a time, so that some threads are always left for
answers that are quick."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from django.conf import settings

# Requests that a process answers at a time; `serve` gives it as many threads.
THREADS = 9
# How many costly requests are computed at a time. While one waits for the database, another uses
# the process; more of them would take the database from what is quick.
AT_A_TIME = 2
# These and the costly ones that wait for their turn: one more than a client may have, and two
# threads are left.
MAX_IN_TURN = 7
# Seconds that one waits for its turn.
WAIT_TIMEOUT = 10.0


class TooManyAtOnceError(Exception):
    """The client has as many requests pending as it may."""


class BusyError(Exception):
    """Too many requests wait for their turn, or one has waited too long."""


class Turns:
    """Requests that this process computes: a few of each client, and of the costly ones, two."""

    def __init__(
        self,
        per_client: int = settings.COMPUTED_AT_ONCE,
        at_a_time: int = AT_A_TIME,
        in_turn: int = MAX_IN_TURN,
        wait_timeout: float = WAIT_TIMEOUT,
    ) -> None:
        self.per_client, self._most, self._wait_timeout = per_client, in_turn, wait_timeout
        self._pending: Counter[str] = Counter()
        self._waiting = 0
        self._turn = BoundedSemaphore(at_a_time)
        self._lock = Lock()

    @contextmanager
    def taken(self, client: str, in_turn: bool) -> Iterator[None]:
        """Within it, a request of a client is computed. TooManyAtOnceError, BusyError."""
        self._enter(client, in_turn)
        try:
            if not in_turn:
                yield
            elif not self._turn.acquire(timeout=self._wait_timeout):
                raise BusyError
            else:
                try:
                    yield
                finally:
                    self._turn.release()
        finally:
            self._leave(client, in_turn)

    def _enter(self, client: str, in_turn: bool) -> None:
        with self._lock:
            if self._pending[client] >= self.per_client:
                raise TooManyAtOnceError
            if in_turn and self._waiting >= self._most:
                raise BusyError
            self._pending[client] += 1
            self._waiting += in_turn

    def _leave(self, client: str, in_turn: bool) -> None:
        with self._lock:
            self._waiting -= in_turn
            self._pending[client] -= 1
            if not self._pending[client]:
                del self._pending[client]

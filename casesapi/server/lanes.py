"""The threads that compute responses. Each lane has its own, so that costly requests wait for each
other, and no quick one waits for them. A request that waits for its lane holds no thread."""

import logging
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple

from django.conf import settings

Client = str | None

_log = logging.getLogger(__name__)


class TooManyAtOnceError(Exception):
    """The client has as many requests pending as it may."""


class Job(NamedTuple):
    """compute: called when a thread is free; give_up: instead, when none was in time."""

    compute: Callable[[], None]
    give_up: Callable[[], None]


class _Waiting(NamedTuple):
    job: Job
    since: float


class Lane:
    """Clients take turns: one with many requests delays the others by one of them. While a lane has
    several threads, one is free of any single client."""

    def __init__(
        self, name: str, threads: int, done: Callable[[Client], None] = lambda client: None
    ) -> None:
        """done: called after each job with its client."""
        self._done = done
        self._most_per_client = max(1, threads - 1)
        self._waiting: OrderedDict[Client, deque[_Waiting]] = OrderedDict()
        self._running: Counter[Client] = Counter()
        self._lock = Lock()
        # One for each job that may be there by now; quicker than a condition.
        self._wakeups: SimpleQueue[None] = SimpleQueue()
        for number in range(threads):
            Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    def put(self, client: Client, job: Job) -> None:
        with self._lock:
            self._waiting.setdefault(client, deque()).append(_Waiting(job, monotonic()))
        self._wakeups.put(None)

    def _work(self) -> None:
        while True:
            self._wakeups.get()
            if (found := self._next()) is None:
                continue
            client, waiting = found
            try:
                in_time = monotonic() - waiting.since < settings.THREAD_SECONDS
                (waiting.job.compute if in_time else waiting.job.give_up)()
            except BaseException:  # whatever it is, the thread goes on
                _log.exception("a job failed")
            finally:
                self._end(client)
            # What the job holds can be as large as a file.
            del found, waiting

    def _next(self) -> tuple[Client, _Waiting] | None:
        """A job of the client that has waited longest since its last turn and may have a thread;
        None = there is none."""
        with self._lock:
            for client in self._waiting:
                if self._running[client] < self._most_per_client:
                    break
            else:
                return None
            jobs = self._waiting.pop(client)
            found = jobs.popleft()
            if jobs:
                self._waiting[client] = jobs
            self._running[client] += 1
        return client, found

    def _end(self, client: Client) -> None:
        with self._lock:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            waiting = bool(self._waiting)
        if waiting:
            # A job of this client may have waited for no thread, but for this end.
            self._wakeups.put(None)
        self._done(client)


class Lanes:
    """threads: of each lane. most_per_client: requests that one client may have pending in all."""

    def __init__(self, threads: Mapping[str, int], most_per_client: int) -> None:
        self.most_per_client = most_per_client
        self._pending: Counter[Client] = Counter()
        self._lock = Lock()
        self._lanes = {name: Lane(name, number, self._ended) for name, number in threads.items()}

    def put(self, lane: str, client: Client, job: Job) -> None:
        """TooManyAtOnceError: it is not taken."""
        with self._lock:
            if self._pending[client] >= self.most_per_client:
                raise TooManyAtOnceError
            self._pending[client] += 1
        self._lanes[lane].put(client, job)

    def _ended(self, client: Client) -> None:
        with self._lock:
            self._pending[client] -= 1
            if not self._pending[client]:
                del self._pending[client]

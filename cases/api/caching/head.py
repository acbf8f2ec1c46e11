"""Which publication is the newest, known to every process at any time without asking for it.

A thread keeps a connection on which PostgreSQL tells of each publication, and asks by itself as
well: notifications do not pass poolers and replicas. What it knows is good only as long as it was
confirmed lately, so a process that lost its database stops to answer out of memory.
"""

import atexit
import logging
import os
import threading
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from django.db import DatabaseError

from cases.models import Publication
from casesapi import reading

# On which PostgreSQL tells of publications; the trigger stands in a migration.
CHANNEL = "cases_publication"
# Seconds between two questions, where no notification comes.
INTERVAL = 0.5
# Seconds for which an answer of the database is believed. Together with what `Cache-Control` lets
# caches keep, it must stay below a minute: then what is redacted is gone everywhere.
LEASE = 5.0

_NEWEST = f"SELECT number, digest FROM {Publication._meta.db_table} ORDER BY number DESC LIMIT 1"

_log = logging.getLogger(__name__)


class Head(NamedTuple):
    """The newest publication; 0 and "" before the first."""

    number: int = 0
    digest: str = ""


class Watch:
    """The head of the database as one process knows it."""

    def __init__(self) -> None:
        self._head = Head()
        # Called by the thread with each new head.
        self.moved: list[Callable[[Head], None]] = []
        self._told: Head | None = None
        self._confirmed = self._learned = float("-inf")
        self._changing = threading.Lock()
        self._process: int | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stopped = threading.Event()

    def known(self) -> Head | None:
        """The head, or null if nobody can say for sure: then ask the database."""
        return self._head if monotonic() - self._confirmed < LEASE else None

    def learn(self, head: Head) -> None:
        """A request has read a newer head; no later answer of this process goes back behind it."""
        with self._changing:
            if head.number > self._head.number:
                self._head, self._learned = head, monotonic()

    def start(self) -> None:
        """Begins to watch, once in each process: a fork has no threads of its parent."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._stopped = threading.Event()
                self._thread = threading.Thread(
                    target=self._watch, args=[self._stopped], name="head", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._process, self._confirmed = None, float("-inf")

    def _watch(self, stopped: threading.Event) -> None:
        with reading.for_the_public():
            self._keep_watching(stopped)

    def _keep_watching(self, stopped: threading.Event) -> None:
        registered = lost = False
        while not stopped.is_set():
            try:
                self._listen()
                while not stopped.is_set():
                    self._ask(stopped)
                    lost = False
                    if not registered:
                        # After the embedded server's own, so that it runs before that one ends.
                        atexit.register(self.stop)
                        registered = True
                    self._wait()
            except Exception as error:  # whatever it was, the next try may do better
                if not lost and not stopped.is_set():
                    _log.warning("The newest publication is not known: %s", error)
                lost = True
                reading.connection().close()
                stopped.wait(INTERVAL)
        reading.connection().close()

    def _listen(self) -> None:
        try:
            with reading.connection().cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
        except DatabaseError:
            # A replica cannot; if the database is gone, asking will say so.
            _log.info("The database sends no notifications; it is asked instead")

    def _ask(self, stopped: threading.Event) -> None:
        asked = monotonic()
        with reading.connection().cursor() as cursor:
            cursor.execute(_NEWEST)
            row = cursor.fetchone()
        found = Head(*row) if row else Head()
        with self._changing:
            if stopped.is_set():
                return
            # A request may have read what was published behind this question.
            if asked > self._learned or found.number > self._head.number:
                self._head = found
            self._confirmed = asked
        if found != self._told:
            self._told = found
            for tell in self.moved:
                tell(found)

    def _wait(self) -> None:
        """Until a publication is told, or the interval is over."""
        for _ in reading.connection().connection.notifies(timeout=INTERVAL, stop_after=1):
            pass


watch = Watch()

"""Which publication is the newest, known to every process at any time without asking for it.

A thread keeps a connection to the primary, on which PostgreSQL tells of each publication, and asks
by itself as well: notifications do not pass poolers. Another one asks each replica how far it has
come. What is known is good only as long as it was confirmed lately, so a process that lost its
databases stops to answer out of memory.

The primary says what the newest publication is. While it is gone, the replicas do, but only those
that have all that this process has seen: a replica that misses the last publication may still show
what that one redacted.
"""

import atexit
import logging
import os
import threading
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from django.db import DatabaseError, connections

from cases.models import Publication
from casesapi.databases import replicas
from casesapi.databases.replicas import Replicas

# On which PostgreSQL tells of publications; the trigger stands in a migration.
CHANNEL = "cases_publication"
# Seconds between two questions to the primary, where no notification comes.
INTERVAL = 0.5
# Seconds between two questions to a replica; until it has come as far, the primary is read.
REPLICA_INTERVAL = 0.1
# Seconds for which an answer of the database is believed. Together with what `Cache-Control` lets
# caches keep, it must stay below a minute: then what is redacted is gone everywhere.
LEASE = 5.0

_NEWEST = f"SELECT number, digest FROM {Publication._meta.db_table} ORDER BY number DESC LIMIT 1"

_log = logging.getLogger(__name__)


class LatestPublication(NamedTuple):
    """The newest publication; 0 and "" before the first."""

    number: int = 0
    digest: str = ""


class PublicationWatcher:
    """The head of the databases as one process knows it."""

    def __init__(self, standing: Replicas) -> None:
        self._standing = standing
        self._head = LatestPublication()
        # Called by a thread with each new head.
        self.moved: list[Callable[[LatestPublication], None]] = []
        self._told: LatestPublication | None = None
        self._confirmed = self._learned = float("-inf")
        self._changing = threading.Lock()
        self._process: int | None = None
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()
        self._stopped = threading.Event()

    def known(self) -> LatestPublication | None:
        """The head, or null if nobody can say for sure: then ask the database."""
        return self._head if monotonic() - self._confirmed < LEASE else None

    def learn(self, head: LatestPublication, database: str) -> None:
        """A request has read a newer head; no later answer of this process goes back behind it."""
        with self._changing:
            if head.number > self._head.number:
                self._turn(head)
                self._learned = monotonic()
                self._standing.say(database, head.number, self._learned)

    def start(self) -> None:
        """Begins to watch, once in each process: a fork has no threads of its parent."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._stopped = threading.Event()
                self._threads = [
                    threading.Thread(
                        target=self._watch,
                        args=[database, self._stopped],
                        name=f"head of {database}",
                        daemon=True,
                    )
                    for database in (replicas.primary(), *replicas.replicas())
                ]
                for thread in self._threads:
                    thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._process, self._confirmed = None, float("-inf")
        self._standing.forget()

    def _watch(self, database: str, stopped: threading.Event) -> None:
        registered = lost = False
        while not stopped.is_set():
            try:
                self._listen(database)
                while not stopped.is_set():
                    self._ask(database, stopped)
                    lost = False
                    if not registered:
                        # After the embedded server's own, so that it runs before that one ends.
                        atexit.register(self.stop)
                        registered = True
                    self._wait(database, stopped)
            except Exception as error:  # whatever it was, the next try may do better
                with self._changing:
                    if not stopped.is_set():
                        self._standing.lose(database)
                        if not lost:
                            _log.warning("The database “%s” does not answer: %s", database, error)
                lost = True
                connections[database].close()
                stopped.wait(INTERVAL)
        connections[database].close()

    def _listen(self, database: str) -> None:
        if database != replicas.primary():
            return  # a replica sends none
        try:
            with connections[database].cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
        except DatabaseError:
            # A pooler may refuse; if the database is gone, asking will say so.
            _log.info("The database sends no notifications; it is asked instead")

    def _ask(self, database: str, stopped: threading.Event) -> None:
        asked = monotonic()
        found = self._found(database)
        if not stopped.is_set():
            self.hear(database, found, asked)

    def hear(self, database: str, found: LatestPublication, asked: float) -> None:
        """Take the answer of a database to a question that was put at `asked`, by `monotonic`."""
        with self._changing:
            self._standing.say(database, found.number, asked)
            if database == replicas.primary():
                # A request may have read what was published behind this question.
                if asked > self._learned or found.number > self._head.number:
                    self._turn(found)
                self._confirmed = asked
            elif self._primary_is_lost():
                if found.number > self._head.number:
                    self._turn(found)
                if found == self._head:
                    self._confirmed = asked
            head, moved = self._head, self._head != self._told
            self._told = head
        if moved:
            for tell in self.moved:
                tell(head)

    def _found(self, database: str) -> LatestPublication:
        with connections[database].cursor() as cursor:
            cursor.execute(_NEWEST)
            row = cursor.fetchone()
        return LatestPublication(*row) if row else LatestPublication()

    def _primary_is_lost(self) -> bool:
        primary = replicas.primary()
        return self._standing.heard(primary) and not self._standing.speaks(primary)

    def _turn(self, head: LatestPublication) -> None:
        self._head, self._standing.newest = head, head.number

    def _wait(self, database: str, stopped: threading.Event) -> None:
        """Until a publication is told, or the interval is over."""
        if database != replicas.primary():
            stopped.wait(REPLICA_INTERVAL)
            return
        for _ in connections[database].connection.notifies(timeout=INTERVAL, stop_after=1):
            pass


watch = PublicationWatcher(replicas.standing)

"""The databases of the public, how far each has come, and which of them may be read.

A replica follows the primary by milliseconds, or by hours when something is wrong with it. So only
those are read that have reached the newest publication that this process knows of. Nobody is shown
an older state than before, and nobody what was redacted meanwhile.
"""

import random
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

READER = "reader"
# Before the number of each replica, as Django's name for it.
REPLICA = "replica"
# Seconds after which a database that says nothing counts as lost.
SILENCE = 2.0


class Heartbeat(NamedTuple):
    """number: of the newest publication there. at: when it was asked; -inf = it is lost."""

    number: int
    at: float


LOST = Heartbeat(0, float("-inf"))


class Replicas:
    """What one process knows of the databases. Written by `cases.edge.latest`.

    newest: the newest publication that any of them had.
    """

    def __init__(self) -> None:
        self.newest = 0
        self._said: dict[str, Heartbeat] = {}

    def say(self, database: str, number: int, at: float) -> None:
        self._said[database] = Heartbeat(number, at)

    def lose(self, database: str) -> None:
        """It failed; it is not read until it speaks again."""
        self._said[database] = LOST

    def forget(self) -> None:
        self._said, self.newest = {}, 0

    def heard(self, database: str) -> bool:
        """Whether it was asked once, with or without success."""
        return database in self._said

    def speaks(self, database: str) -> bool:
        return monotonic() - self._said.get(database, LOST).at < SILENCE

    def reached(self, database: str, number: int) -> bool:
        """Whether a database holds a publication for sure. The primary holds all."""
        return database == primary() or self._said.get(database, LOST).number >= number

    def databases(self) -> list[str]:
        """Where to read, in this order; the primary is the last. Until that was heard of nobody
        knows how far behind the replicas are."""
        first = primary()
        found = [
            replica
            for replica in replicas()
            if self.heard(first) and self.speaks(replica) and self.reached(replica, self.newest)
        ]
        # So that each gets its share.
        random.shuffle(found)
        return [*found, first]


def primary() -> str:
    """Where the public reads if no replica may be read."""
    return READER if READER in settings.DATABASES else DEFAULT_DB_ALIAS


def replicas() -> list[str]:
    return [alias for alias in settings.DATABASES if alias.startswith(REPLICA)]


standing = Replicas()

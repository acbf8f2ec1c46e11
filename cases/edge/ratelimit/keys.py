"""Whose a key is, known to a process without asking the database each time."""

import logging
from threading import Lock
from time import monotonic
from typing import NamedTuple

from django.db import DatabaseError, connection

from cases.models import ApiKey

# Seconds for which an answer of the database is believed: so long a revoked key may go on.
BELIEVED = 10.0
# Seconds in which a database that failed is not asked again.
PAUSE = 5.0
MOST_KEYS = 10_000

_log = logging.getLogger(__name__)


class Holder(NamedTuple):
    """Whoever sends a key: its row, its plan, and how it is called in lists."""

    pk: int
    plan: str
    hint: str


class Keys:
    """It reads by the connection of the desk: the public API's role may not read keys."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Holder | None, float]] = {}
        self._ask_again = 0.0
        self._lock = Lock()

    def known(self, digest: str) -> bool:
        """Whether this process needs no database to tell."""
        found = self._known.get(digest)
        return found is not None and found[1] > monotonic()

    def holder(self, digest: str) -> Holder | None:
        """Null: there is no such key, or no longer. DatabaseError: nobody can say."""
        found = self._known.get(digest)
        now = monotonic()
        if found is not None and found[1] > now:
            return found[0]
        try:
            holder = self._asked(digest, now)
        except DatabaseError:
            if found is not None and found[0] is not None:
                return found[0]
            raise
        with self._lock:
            if len(self._known) >= MOST_KEYS:
                self._known.clear()
            self._known[digest] = holder, now + BELIEVED
        return holder

    def _asked(self, digest: str, now: float) -> Holder | None:
        if now < self._ask_again:
            raise DatabaseError("it failed a moment ago")
        try:
            row = self._row(digest)
        except DatabaseError as error:
            self._ask_again = now + PAUSE
            _log.error("keys cannot be looked up", exc_info=error)
            raise
        return Holder(row.pk, row.plan, row.hint) if row else None

    def _row(self, digest: str) -> ApiKey | None:
        query = ApiKey.objects.valid().with_digest(digest)
        kept = connection.connection is not None
        try:
            return query.first()
        except DatabaseError:
            connection.close()
            if not kept:
                raise
        # The connection may have been dead since an earlier request, the database is not.
        try:
            return query.all().first()
        except DatabaseError:
            connection.close()
            raise

"""The state of the dataset that a request is answered from."""

from dataclasses import dataclass, field
from datetime import datetime
from re import fullmatch
from threading import Lock

import orjson

from cases.api.request.parameters import Parameters
from cases.edge.latest import LatestPublication, watch
from cases.models import Entry, Publication, PublishedReference
from cases.vocabulary import RecordKind
from casesapi.databases import router


@dataclass(frozen=True)
class Snapshot:
    """publication: the one that is read, 0 = nothing was published yet; head: the newest one.
    codes: by kind of reference, every code that was ever published.
    redaction: the newest publication that redacted something, 0 = none; it changes past states
    too. redacted_at: when."""

    publication: int = 0
    published_at: datetime | None = None
    digest: str = ""
    head: int = 0
    redaction: int = 0
    redacted_at: datetime | None = None
    head_digest: str = ""
    codes: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells the answers of this state from all others. Whatever keeps answers must keep
        them under this, so that a redaction leaves none of them valid."""
        return f"{self.digest}.{self.redaction}"

    @property
    def modified_at(self) -> datetime | None:
        """When answers from this state changed last."""
        if self.published_at and self.redacted_at:
            return max(self.published_at, self.redacted_at)
        return self.published_at

    def known(self, kind: RecordKind) -> frozenset[str]:
        return self.codes.get(kind, frozenset())

    @property
    def countries(self) -> frozenset[str]:
        return frozenset(code for code in self.known(RecordKind.REGION) if "-" not in code)


# One statement, so that a list needs no query more for knowing the codes. They come along only
# when a publication is newer than what this process knows.
_STATE = f"""
    WITH head AS (
        SELECT number, digest FROM {Publication._meta.db_table} ORDER BY number DESC LIMIT 1
    )
    SELECT read.number, read.published_at, read.digest, head.number, head.digest,
           CASE WHEN head.digest <> %(known)s THEN (
               SELECT jsonb_object_agg(record, codes)::text FROM (
                   SELECT record, jsonb_agg(DISTINCT public_id) AS codes
                   FROM {PublishedReference._meta.db_table} GROUP BY record
               ) AS kinds
           ) END,
           redacted.number, redacted.published_at
    FROM head JOIN {Publication._meta.db_table} AS read ON read.number <= head.number
    LEFT JOIN {Publication._meta.db_table} AS redacted ON redacted.number = (
        SELECT max(publication_id) FROM {Entry._meta.db_table} WHERE operation = 'redact'
    )
    WHERE (%(number)s::int IS NULL OR read.number = %(number)s)
      AND (%(moment)s::timestamptz IS NULL OR read.published_at <= %(moment)s)
    ORDER BY read.number DESC LIMIT 1
"""

_lock = Lock()
# The codes, and the digest of the publication they were read at.
_known: tuple[str, dict[str, frozenset[str]]] = ("", {})
# States that were asked for under one head, by number; null = the newest.
_read: tuple[LatestPublication, dict[int | None, Snapshot]] = (LatestPublication(), {})
MOST_STATES = 1_000


def read(parameters: Parameters) -> Snapshot:
    """The state that `as_of` asks for, else the newest. One query, none if this process knows it;
    two when `as_of` is wrong."""
    asked = parameters.one("as_of")
    if asked is None:
        return _remembered(None) or Snapshot()
    if fullmatch("[0-9]{1,9}", asked):
        found = _remembered(int(asked))
    else:
        moment = parameters.moment("as_of")
        found = _fetch(moment=moment) if moment else None
    if found is None:
        head = _fetch() or Snapshot()
        if asked == "0" and head.publication == 0:
            return head  # what the permalinks say before anything is published
        if not any(error["param"] == "as_of" for error in parameters.errors):
            allowed = f"1 to {head.head}, or a time since the first publication"
            parameters.wrong("as_of", asked, "Nothing was published by then.", allowed)
        return head
    return found


def since(parameters: Parameters, name: str, snapshot: Snapshot) -> int | None:
    """The publication after which something is asked for: the number, or of a day or time the last
    one before it, 0 = none. None = not given. One query for a day or time."""

    def read() -> int | None:
        given = parameters.since(name, snapshot.head)
        if not isinstance(given, datetime):
            return given
        before = Publication.objects.filter(published_at__lte=given).order_by("-published_at")
        return before.values_list("number", flat=True).first() or 0

    return parameters.once(f"{name} as a publication", read)


def _remembered(number: int | None) -> Snapshot | None:
    """A state by its number, out of memory as long as the head is known not to have moved."""
    global _read
    head = watch.known()
    if head and _read[0] == head and number in _read[1]:
        return _read[1][number]
    found = _fetch(number=number)
    if found:
        read_at = LatestPublication(found.head, found.head_digest)
        with _lock:
            if _read[0] != read_at or len(_read[1]) >= MOST_STATES:
                _read = read_at, {}
            _read[1][number] = found
    return found


def _fetch(number: int | None = None, moment: datetime | None = None) -> Snapshot | None:
    global _known
    known_at, codes = _known
    with router.connection().cursor() as cursor:
        cursor.execute(_STATE, {"known": known_at, "number": number, "moment": moment})
        row = cursor.fetchone()
    if row is None:
        return None
    publication, published_at, digest, head, head_digest, fetched, redaction, redacted_at = row
    watch.learn(LatestPublication(head, head_digest), router.alias())
    if fetched is not None:
        codes = {kind: frozenset(found) for kind, found in orjson.loads(fetched).items()}
        with _lock:
            _known = (head_digest, codes)
    return Snapshot(
        publication, published_at, digest, head, redaction or 0, redacted_at, head_digest, codes
    )

"""Facets of whole lists, kept from one publication to the next.

To count all values of 100,000 records takes a quarter of a second; a publication changes a few of
them. So what a process counted at one publication it brings to the next by what began and what
ended in between. A redaction changes the past as well: behind one, everything is counted anew.
"""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from cases.api.request.snapshots import Snapshot
from cases.models import Publication, published
from cases.vocabulary import RecordKind

# Records with each value of a field; null = those without one.
Values = Counter[str | None]
# What is counted by; any two are equal if they count the same.
Field = TypeVar("Field", bound=Hashable)
# Counts rows by fields: their number, and the values of each field.
Count = Callable[[QuerySet[Any], list[Field]], tuple[int, dict[Field, Values]]]


@dataclass(frozen=True)
class Counted(Generic[Field]):
    """What was counted of all records of a kind. digest: of the publication that it holds for;
    redaction: the newest one by then. total: of records; fields: as far as asked for."""

    publication: int
    digest: str
    redaction: int
    total: int
    fields: dict[Field, Values]


class StandingCounts(Generic[Field]):
    """What one process has counted, at most one state for each kind of record."""

    def __init__(self) -> None:
        self._counted: dict[RecordKind, Counted[Field]] = {}
        self._lock = Lock()

    def of(
        self, kind: RecordKind, at: Snapshot, fields: list[Field], count: Count[Field]
    ) -> tuple[int, dict[Field, Values]]:
        """The number of all records of a kind at a state, and how often they have which values."""
        found = self._counted.get(kind)
        if found is not None and not _holds(found, at):
            found = _advanced(kind, found, at, count) if _leads_to(found, at) else None
        known = found.fields if found else {}
        missing = [field for field in fields if field not in known]
        if found is None or missing:
            total, more = count(published(kind).as_of(at.publication), missing)
            known = known | more
            found = Counted(at.publication, at.digest, at.redaction, total, known)
        # Who reads the past does not make others count the present again.
        if at.publication == at.head:
            with self._lock:
                self._counted[kind] = found
        return found.total, {field: known[field] for field in fields}

    def forget(self) -> None:
        with self._lock:
            self._counted.clear()


def _holds(found: Counted[Any], at: Snapshot) -> bool:
    return (found.digest, found.redaction) == (at.digest, at.redaction)


def _leads_to(found: Counted[Any], at: Snapshot) -> bool:
    """Whether a state goes on where counting ended. Digests tell it from one of the same number in
    a database that was set up anew."""
    return (
        found.publication < at.publication
        and found.redaction == at.redaction
        and Publication.objects.filter(number=found.publication, digest=found.digest).exists()
    )


def _advanced(
    kind: RecordKind, found: Counted[Field], at: Snapshot, count: Count[Field]
) -> Counted[Field]:
    """The same for a later publication."""
    versions, known = published(kind), list(found.fields)
    begun = versions.as_of(at.publication).filter(since__gt=found.publication)
    ended = versions.as_of(found.publication).filter(until__lte=at.publication)
    more, came = count(begun, known)
    less, went = count(ended, known)
    fields = {}
    for field, values in found.fields.items():
        changed = values + came[field]
        changed.subtract(went[field])
        # What nothing has any more is not said at all.
        fields[field] = +changed
    total = found.total + more - less
    return Counted(at.publication, at.digest, at.redaction, total, fields)

"""Root records: what an editor publishes as one. A case brings its defendants and verdicts."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Model

from cases.models import (
    Article,
    Case,
    Court,
    Defendant,
    Formation,
    PublishedQuerySet,
    Publisher,
    Region,
    Source,
    Statistic,
    Verdict,
    published,
)
from cases.vocabulary import RecordKind


class RecordRef(NamedTuple):
    """A case, source, statistic or entry of a reference table."""

    record: RecordKind
    public_id: str

    def __str__(self) -> str:
        return f"{self.record}/{self.public_id}"


Selection = Collection[RecordRef]

WORKING: dict[RecordKind, type[Model]] = {
    RecordKind.CASE: Case,
    RecordKind.DEFENDANT: Defendant,
    RecordKind.VERDICT: Verdict,
    RecordKind.SOURCE: Source,
    RecordKind.STATISTIC: Statistic,
    RecordKind.PUBLISHER: Publisher,
    RecordKind.REGION: Region,
    RecordKind.COURT: Court,
    RecordKind.FORMATION: Formation,
    RecordKind.ARTICLE: Article,
}

PARTS = (RecordKind.DEFENDANT, RecordKind.VERDICT)
ROOTS = tuple(kind for kind in WORKING if kind not in PARTS)

# What can be kept in the working copy without being published.
WITH_DRAFTS = (RecordKind.CASE, RecordKind.SOURCE, RecordKind.STATISTIC)


def root_of(kind: RecordKind, public_id: str) -> RecordRef:
    """The root that a record belongs to: of KZ-0001-D1 and KZ-0001-V2 the case KZ-0001."""
    if kind in PARTS:
        return RecordRef(RecordKind.CASE, "-".join(public_id.split("-")[:2]))
    return RecordRef(kind, public_id)


def parse(text: str) -> RecordRef:
    """The root that a command names: KZ-0001, SRC-0001, STAT-0001 or court/kz-some-court."""
    kind, slash, public_id = text.partition("/")
    if slash and kind in RecordKind.values and public_id:
        return root_of(RecordKind(kind), public_id)
    if re.fullmatch("SRC-[0-9]{4,}", text):
        return RecordRef(RecordKind.SOURCE, text)
    if re.fullmatch("STAT-[0-9]{4,}", text):
        return RecordRef(RecordKind.STATISTIC, text)
    if re.fullmatch("[A-Z]{2}-[0-9]{4,}(-[DV][0-9]+)?", text):
        return root_of(RecordKind.VERDICT, text)
    raise ValueError(
        f"“{text}” names no record; expected KZ-0001, SRC-0001, STAT-0001 or a kind and an id such "
        "as court/kz-some-court"
    )


def exists(root: RecordRef) -> bool:
    """Whether a root is in the working copy or public."""
    rows = WORKING[root.record]._default_manager.filter(pk=root.public_id)
    return rows.exists() or versions(root, root.record).exists()


def ids_of(selected: Iterable[RecordRef], kind: RecordKind) -> set[str]:
    return {root.public_id for root in selected if root.record == kind}


def versions(root: RecordRef, kind: RecordKind) -> PublishedQuerySet:
    """All versions of the documents of one kind that a root brought, now and in the past."""
    rows = published(kind)
    if kind == root.record:
        return rows.filter(public_id=root.public_id)
    if root.record == RecordKind.CASE and kind in PARTS:
        return rows.filter(public_id__startswith=f"{root.public_id}-")
    return rows.none()

"""Publishing: what changed in the working copy becomes the next publication, or nothing does.

The chain can be followed by anyone who has the documents: the digest of an entry is SHA-256 over
its canonical JSON, which holds the SHA-256 of the document's bytes; the digest of a publication is
SHA-256 over the previous publication's digest and the sorted digests of its entries, all as hex.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from cases.models import (
    PUBLISHED,
    Case,
    Defendant,
    Entry,
    Publication,
    PublishedRecord,
    PublishedReference,
    Source,
    Statistic,
    Verdict,
    published,
)
from cases.publishing import search
from cases.publishing.documents import REFERENCE, Document, Json, chunks, documents
from cases.publishing.rules import Violation, violations
from cases.vocabulary import Operation, RecordKind

GENESIS = ""  # what stands for the digest before the first publication

Progress = Callable[[Iterable[Document]], Iterable[Document]]

WORKING: dict[RecordKind, type[Model]] = {
    RecordKind.CASE: Case,
    RecordKind.DEFENDANT: Defendant,
    RecordKind.VERDICT: Verdict,
    RecordKind.SOURCE: Source,
    RecordKind.STATISTIC: Statistic,
} | {kind: model for kind, (model, _) in REFERENCE.items()}


class Gone(NamedTuple):
    """A record that is published but no longer in the working copy."""

    record: RecordKind
    public_id: str
    version: int


class RulesBrokenError(Exception):
    """The working copy breaks rules of publishing; nothing was written."""

    def __init__(self, found: list[Violation]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.violations = found


@dataclass
class Changes:
    """What the next publication would do: ids by record kind."""

    published: list[tuple[RecordKind, str]] = field(default_factory=list)
    corrected: list[tuple[RecordKind, str]] = field(default_factory=list)
    withdrawn: list[tuple[RecordKind, str]] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.published) + len(self.corrected) + len(self.withdrawn)


def preview(progress: Progress = iter) -> Changes:
    """What `publish` would do now, with every violation. Writes nothing; constant memory a row."""
    changes = Changes()
    for document, current in _compared(progress(documents())):
        changes.violations += violations(document)
        if current is None:
            changes.published.append((document.record, document.public_id))
        elif _content(current) != document.content:
            changes.corrected.append((document.record, document.public_id))
    changes.withdrawn = [(gone.record, gone.public_id) for gone in _vanished()]
    return changes


def publish(note: str = "", progress: Progress = iter) -> Publication | None:
    """Publishes everything that changed since the last publication, in one transaction.

    note: the editors' public note; it stands with each entry. Returns null when nothing changed.
    RulesBrokenError, with every violation, when a record breaks a rule. Publishers wait for each
    other, so numbers have no gaps and become visible in order.
    """
    with one_publisher_at_a_time():
        previous = Publication.objects.order_by("number").last()
        publication = Publication(
            number=previous.number + 1 if previous else 1, published_at=timezone.now(), note=note
        )
        # Known only at the end; until then anything that has the form of a digest.
        publication.digest = sha256("")
        found: list[Violation] = []
        digests: list[str] = []
        for chunk in chunks(_changed(progress(documents()), found)):
            if not digests:
                publication.save(force_insert=True)
            digests += _append(publication, chunk)
        if found:
            raise RulesBrokenError(found)
        for vanished in chunks(_vanished()):
            if not digests:
                publication.save(force_insert=True)
            digests += _withdraw(publication, vanished)
        if not digests:
            return None
        publication.digest = chain(previous.digest if previous else GENESIS, digests)
        publication.save(force_update=True)
        return publication


def chain(previous: str, entries: Iterable[str]) -> str:
    """Digest of a publication from the digest before it and those of its entries; all hex."""
    return hashlib.sha256("".join([previous, *sorted(entries)]).encode()).hexdigest()


def entry_digest(entry: Entry) -> str:
    """Hex SHA-256 over the entry as canonical JSON: sorted keys, no spaces, UTF-8."""
    stated = {
        "op": entry.operation,
        "record": entry.record,
        "id": entry.public_id,
        "version": entry.version,
        "into": entry.into,
        "body_sha256": entry.body_sha256,
        "note": entry.note,
    }
    return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()


def sha256(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


@contextmanager
def one_publisher_at_a_time() -> Iterator[None]:
    """A transaction that waits until no other publisher is at work, and then sees one unchanging
    state of the working copy, whatever editors commit meanwhile.

    PostgreSQL lets the next publisher in when the transaction ends, also when it failed or its
    process was killed. Within a transaction of the caller, that one's view of the data applies.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # LOCK takes no snapshot, unlike a SELECT of an advisory lock: what is read from here on
        # includes everything that the publisher before us committed.
        cursor.execute(f"LOCK TABLE {Publication._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        yield


Compared = tuple[Document, PublishedRecord | None]


def _compared(found: Iterable[Document]) -> Iterator[Compared]:
    """Each document with the version that is current; null = never published or withdrawn."""
    for chunk in chunks(found):
        wanted: dict[RecordKind, list[str]] = {}
        for document in chunk:
            wanted.setdefault(document.record, []).append(document.public_id)
        current = {
            (kind, row.public_id): row
            for kind, ids in wanted.items()
            for row in published(kind).current().filter(public_id__in=ids).only(*_STORED)
        }
        for document in chunk:
            yield document, current.get((document.record, document.public_id))


_STORED = ("public_id", "version", "since", "until", "body")


def _changed(found: Iterable[Document], broken: list[Violation]) -> Iterator[Compared]:
    """Documents that differ from what is published. Violations of any record go to `broken`,
    and from the first one on nothing more is yielded, as nothing will be written."""
    for document, current in _compared(found):
        broken += violations(document)
        if not broken and (current is None or _content(current) != document.content):
            yield document, current


def _content(current: PublishedRecord) -> Json:
    """What a published document says, without the version it says it in."""
    content: Json = orjson.loads(current.body)
    del content["version"], content["publication"]
    return content


def _append(publication: Publication, changed: list[Compared]) -> list[str]:
    """Writes new versions and their entries; returns the digests of the entries."""
    entries, rows = [], []
    for kind, pairs in _by_kind(changed):
        ids = [document.public_id for document, _ in pairs]
        history = dict(
            published(kind)
            .filter(public_id__in=ids)
            .values("public_id")
            .annotate(last=Max("version"))
            .values_list("public_id", "last")
        )
        published(kind).current().filter(public_id__in=ids).update(until=publication)
        for document, current in pairs:
            version = history.get(document.public_id, 0) + 1
            body = render(document, version, publication.number)
            row = PUBLISHED[kind](
                public_id=document.public_id, version=version, since=publication, body=body
            )
            if isinstance(row, PublishedReference):
                row.record = kind
            rows.append(row)
            entries.append(
                Entry(
                    operation=Operation.CORRECT if current else Operation.PUBLISH,
                    record=kind,
                    public_id=document.public_id,
                    version=version,
                    body_sha256=sha256(body),
                )
            )
    search.index(rows)
    for model, new in groupby(rows, key=lambda row: type(row)):
        model.objects.bulk_create(new)
    return _enter(publication, entries)


def _withdraw(publication: Publication, gone: list[Gone]) -> list[str]:
    """Ends records that are no longer in the working copy; returns the digests of the entries."""
    for record, ids in groupby(gone, key=lambda row: row.record):
        ending = published(record).current()
        ending.filter(public_id__in=[row.public_id for row in ids]).update(until=publication)
    return _enter(
        publication,
        [
            Entry(
                operation=Operation.WITHDRAW,
                record=row.record,
                public_id=row.public_id,
                version=row.version,
            )
            for row in gone
        ],
    )


def _enter(publication: Publication, entries: list[Entry]) -> list[str]:
    for entry in entries:
        entry.publication = publication
        entry.note = publication.note
        entry.digest = entry_digest(entry)
    Entry.objects.bulk_create(entries)
    return [entry.digest for entry in entries]


def render(document: Document, version: int, publication: int) -> str:
    """The JSON text of a document, exactly as it will be served."""
    identity = {
        key: document.content[key] for key in ("id", "code", "url") if key in document.content
    }
    state = {"version": version, "publication": publication}
    return orjson.dumps(identity | state | document.content).decode()


def _vanished() -> Iterator[Gone]:
    """Current records whose row is gone. A row that became a draft keeps its published state."""
    for kind, model in WORKING.items():
        current = published(kind).current()
        gone = current.exclude(public_id__in=model._default_manager.values("pk"))
        for public_id, version in gone.order_by("public_id").values_list("public_id", "version"):
            yield Gone(kind, public_id, version)


def _by_kind(changed: list[Compared]) -> Iterator[tuple[RecordKind, list[Compared]]]:
    kinds: dict[RecordKind, list[Compared]] = {}
    for pair in changed:
        kinds.setdefault(pair[0].record, []).append(pair)
    yield from kinds.items()

"""Checking the ledger: recomputes every digest and every document's place in history."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from cases.models import PUBLISHED, Entry, Publication, PublishedRecord, Searchable, published
from cases.publishing import search
from cases.publishing.ledger import generated
from cases.publishing.ledger.digests import (
    GENESIS,
    KNOWN_VERSIONS,
    entry_digest,
    first_entry_digest,
    note_sha256,
    publication_digest,
    salted_sha256,
)
from cases.vocabulary import Operation, RecordKind

BRINGS_A_BODY = {Operation.PUBLISH, Operation.CORRECT}
ENDS_A_RECORD = {Operation.WITHDRAW, Operation.MERGE}

Progress = Callable[[Iterable[Publication]], Iterable[Publication]]


class Replacement(NamedTuple):
    """What a redaction says that it replaced; digests as the ledger has them."""

    publication: int
    was: str
    now: str


NoteKey = tuple[int, str | None, str | None]
"""A note: its publication, and kind and id of the record whose own note it is; None = of all."""


def note_of(entry: Entry) -> NoteKey:
    if entry.note_salt:
        return entry.publication_id, entry.record, entry.public_id
    return entry.publication_id, None, None


def note_key(replaced: dict[str, Any]) -> NoteKey:
    return replaced["note_of"], replaced.get("record"), replaced.get("id")


class Redactions:
    """Every replacement that the ledger tells of, in order: of documents by record and version,
    of notes by publication. They are few, so they are held."""

    def __init__(self) -> None:
        self.of_documents: dict[tuple[str, str, int], list[Replacement]] = {}
        self.of_notes: dict[NoteKey, list[Replacement]] = {}
        entries = Entry.objects.filter(operation=Operation.REDACT).order_by("publication", "pk")
        for entry in entries.iterator():
            for item in entry.replaced or ():
                told = Replacement(entry.publication_id, item["was"], item["now"])
                if "note_of" in item:
                    self.of_notes.setdefault(note_key(item), []).append(told)
                else:
                    key = entry.record, entry.public_id, item["version"]
                    self.of_documents.setdefault(key, []).append(told)

    def latest(self, entry: Entry) -> Replacement | None:
        """What last replaced the document that an entry brought; null = nothing has."""
        told = self.of_documents.get((entry.record, entry.public_id, entry.version), [])
        later = [one for one in told if one.publication > entry.publication_id]
        return later[-1] if later else None

    def note_before(self, entry: Entry, digest: str) -> str:
        """Digest of a note as it was written, from the digest of the note as it is now; a note that
        is not the one that a redaction left keeps its own digest, which then does not fit."""
        for told in reversed(self.of_notes.get(note_of(entry), [])):
            if told.now != digest:
                break
            digest = told.was
        return digest

    def document_after(self, key: tuple[str, str, int], digest: str | None) -> str | None:
        """Digest that a document must have now, from the one it was published with; null = what a
        redaction says that it replaced never stood there."""
        for told in self.of_documents.get(key, []):
            if told.was != digest:
                return None
            digest = told.now
        return digest


def differences(progress: Progress = iter) -> Iterator[str]:
    """Each difference between the ledger and what it should be, as a sentence; none = sound."""
    redactions = Redactions()
    yield from _chain(progress, redactions)
    for kind in RecordKind:
        yield from _documents(kind, redactions)
    yield from _superfluous(redactions)
    yield from search.differences()
    yield from generated.differences()


def _superfluous(redactions: Redactions) -> Iterator[str]:
    """Replacements of what was never published."""
    for (kind, public_id, version), told in redactions.of_documents.items():
        brought = Entry.objects.filter(
            record=kind, public_id=public_id, version=version, operation__in=BRINGS_A_BODY
        )
        if not brought.filter(publication__lt=told[0].publication).exists():
            yield f"{kind} {public_id} version {version}: was redacted before it was published"


def _chain(progress: Progress, redactions: Redactions) -> Iterator[str]:
    """Publications are gapless, in order of time, and their digests follow from their entries."""
    previous, number, published_at = GENESIS, 0, None
    publications = Publication.objects.order_by("number").iterator(chunk_size=500)
    for publication in progress(publications):
        number += 1
        if publication.number != number:
            yield f"publication {publication.number}: follows publication {number - 1}"
            number = publication.number
        if published_at and publication.published_at < published_at:
            yield f"publication {number}: is dated before the one before it"
        if publication.digest_version not in KNOWN_VERSIONS:
            yield f"publication {number}: has digests of an unknown version"
        digests = []
        for entry in publication.entries.iterator(chunk_size=500):
            entry.publication = publication
            note = redactions.note_before(entry, note_sha256(entry))
            if not entry.note_salt and entry.note != publication.note:
                yield f"publication {number}: its note is not that of {entry.public_id}"
            if not _has_its_digest(entry, publication.digest_version, note):
                yield f"publication {number}: entry of {entry.public_id} has a wrong digest"
            digests.append(entry.digest)
        if not digests:
            yield f"publication {number}: has no entries"
        if publication.digest != publication_digest(publication, previous, digests):
            yield f"publication {number}: has a wrong digest"
        previous, published_at = publication.digest, publication.published_at
    orphans = Entry.objects.exclude(publication__in=Publication.objects.all())
    for orphan in orphans.values_list("publication", flat=True).distinct():
        yield f"publication {orphan}: is missing, but not its entries"


def _has_its_digest(entry: Entry, version: int, note: str) -> bool:
    if entry.digest == entry_digest(entry, version, note):
        return True
    return version == 1 and entry.digest == first_entry_digest(entry)


def _documents(kind: RecordKind, redactions: Redactions) -> Iterator[str]:
    """Versions and entries of one kind, walked side by side: each must account for the other."""
    words = ["words"] if issubclass(PUBLISHED[kind], Searchable) else []
    versions = (
        published(kind)
        .order_by("public_id", "version")
        .only("public_id", "version", "since", "until", "body", "salt", *words)
        .iterator(chunk_size=200)
    )
    entries = (
        Entry.objects.filter(record=kind)
        .order_by("public_id", "publication")
        .iterator(chunk_size=500)
    )
    row = next(versions, None)
    last: PublishedRecord | None = None
    for entry in entries:
        name = f"{kind} {entry.public_id}"
        if last and last.public_id != entry.public_id:
            yield from _still_current(kind, last)
            last = None
        if entry.operation in ENDS_A_RECORD:
            if last is None or last.until_id != entry.publication_id:
                yield f"{name}: does not end at publication {entry.publication_id}"
            last = None
            continue
        if entry.operation not in BRINGS_A_BODY:
            continue
        # Documents that sort before the entry have none.
        while row and (row.public_id, row.version) < (entry.public_id, entry.version):
            yield f"{kind} {row.public_id} version {row.version}: is in no publication"
            row = next(versions, None)
        if row is None or (row.public_id, row.version) != (entry.public_id, entry.version):
            yield f"{name} version {entry.version}: its document is missing"
            last = None
            continue
        yield from _document(kind, row, entry, redactions)
        if last and last.until_id != entry.publication_id:
            yield f"{name} version {last.version}: does not end where the next one begins"
        last, row = row, next(versions, None)
    if last:
        yield from _still_current(kind, last)
    while row:
        yield f"{kind} {row.public_id} version {row.version}: is in no publication"
        row = next(versions, None)


def _document(
    kind: RecordKind, row: PublishedRecord, entry: Entry, redactions: Redactions
) -> Iterator[str]:
    name = f"{kind} {row.public_id} version {row.version}"
    key = entry.record, entry.public_id, entry.version
    if salted_sha256(row.salt, row.body) != redactions.document_after(key, entry.body_sha256):
        yield f"{name}: its document is not the one that was published"
    if row.since_id != entry.publication_id:
        yield f"{name}: begins at publication {row.since_id}, not {entry.publication_id}"
    try:
        stated = orjson.loads(row.body)
    except orjson.JSONDecodeError:
        yield f"{name}: its document is no JSON"
        return
    identity = stated.get("id", stated.get("code")), stated["version"], stated["publication"]
    if identity != (row.public_id, row.version, row.since_id):
        yield f"{name}: its document says it is {identity}"
    if isinstance(row, Searchable) and row.words != search.folded(row.body):
        yield f"{name}: is searched by other words than it holds; run rebuild_search"


def _still_current(kind: RecordKind, row: PublishedRecord) -> Iterator[str]:
    if row.until_id is not None:
        yield f"{kind} {row.public_id}: ended at publication {row.until_id} without an entry"

"""Redacting a person: one publication that rewrites the past, and says so.

The entry of each record commits to what every past document was and to what stands there now, so
that exactly these replacements verify and no others.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet

from cases.models import (
    Citation,
    Defendant,
    Entry,
    Name,
    Publication,
    PublishedRecord,
    Searchable,
    published,
)
from cases.publishing import search
from cases.publishing.documents.build import CHUNK, Json, chunks
from cases.publishing.documents.embedding import embeds
from cases.publishing.documents.record_refs import root_of, versions
from cases.publishing.ledger import ledger
from cases.publishing.ledger.digests import new_salt, note_sha256, salted_sha256
from cases.publishing.redaction import memory, proof, rows
from cases.publishing.redaction.bodies import (
    Target,
    case_of,
    differences,
    namesakes,
    redacted,
)
from cases.publishing.redaction.person import Person
from cases.vocabulary import Operation, RecordKind


class Place(NamedTuple):
    """Where the person stands in what is published, and what will stand there instead."""

    record: RecordKind
    public_id: str
    version: int
    pointer: str
    before: Any
    after: Any


class RedactionRefusedError(Exception):
    """The redaction would not be whole; nothing was written. reasons: sentences."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class UnknownDefendantError(Exception):
    """Neither published nor in the working copy."""


def find(
    defendant: str,
    *,
    spellings: Iterable[str] = (),
    same: Collection[str] = (),
    different: Collection[str] = (),
) -> Target:
    """Who is to be redacted, with every name that was ever published or is in the working copy.

    spellings: further forms of the name to look for. same: other defendants who are this person;
    different: others who only have the same name.
    """
    defendants = frozenset({defendant, *same})
    known, shared, sources = set(spellings), set[str](), set[str]()
    entered = Name.objects.filter(defendant__case__in=set(map(case_of, defendants)))
    for owner, text in entered.values_list("defendant", "text"):
        (known if owner in defendants else shared).add(text)
    exists = False
    for one in defendants:
        root = root_of(RecordKind.DEFENDANT, one)
        exists |= Defendant.objects.filter(pk=one).exists()
        for kind in (RecordKind.CASE, RecordKind.DEFENDANT, RecordKind.VERDICT):
            for body in versions(root, kind).values_list("body", flat=True).iterator():
                document = orjson.loads(body)
                for owner, text in _named(document):
                    (known if owner in defendants else shared).add(text)
                    exists |= owner == defendant
                exists |= document["id"] == defendant
                cited = {place for place in embeds(document) if place.record == RecordKind.SOURCE}
                sources |= {source.public_id for source in cited}
        sources |= set(_cited(root.public_id))
    if not exists:
        raise UnknownDefendantError(defendant)
    person = Person(known, shared - known)
    return Target(person, defendants, frozenset(sources), frozenset(different))


def places(target: Target) -> Iterator[Place]:
    """Every place in published documents that will change. Reads them all, in constant memory."""
    for kind in RecordKind:
        for row, before, after in _touched(kind, target):
            for pointer, old, new in differences(before, after):
                yield Place(kind, row.public_id, row.version, pointer, old, new)


def shared_by(target: Target) -> set[str]:
    """Other defendants of whom it must be said whether they are the same person."""
    found: set[str] = set()
    for kind in (RecordKind.DEFENDANT, RecordKind.CASE):
        for _, before in suspicious(kind, target):
            found |= namesakes(before, target)
    return found - target.others - target.defendants


def redact(target: Target, note: str) -> Publication | None:
    """Takes a person out of everything, at once and for good.

    note: the public reason; it must not name the person. Returns null when nothing was published
    and so only the working copy changed. RedactionRefusedError when a trace would remain.
    """
    reasons = [
        f"{public_id} has the same name: say whether it is the same person"
        for public_id in sorted(shared_by(target))
    ]
    if target.person.holds(note, near=True):
        reasons.append("The note names the person; it is public.")
    if not note.strip():
        reasons.append("A public note is required: the reason, without the name.")
    if reasons:
        raise RedactionRefusedError(reasons)
    with ledger.publishing(note) as opened:
        entries: list[Entry] = []
        roots = {root_of(RecordKind.DEFENDANT, one) for one in target.defendants}
        for kind in RecordKind:
            for entry in _rewritten(kind, target):
                entries.append(entry)
                roots.add(root_of(kind, entry.public_id))
        notes = _notes_rewritten(target)
        if notes:
            entry = _entry_of(target, entries)
            entry.replaced = [*(entry.replaced or ()), *notes]
        rows.scrub(target)
        rows.scrub_remains(target)
        if entries:
            opened.enter(entries)
        number = opened.publication.number if opened.publication else None
        memory.keep(target, roots, number)
        left = list(_left(target))
        if left:
            raise RedactionRefusedError(left)
        transaction.on_commit(cache.clear)
    return opened.publication


def _cited(case: str) -> QuerySet[Citation, str]:
    """Ids of all sources that anything in a case cites in the working copy."""
    about = (
        Q(case=case)
        | Q(defendant__case=case)
        | Q(service__defendant__case=case)
        | Q(verdict__case=case)
    )
    return Citation.objects.filter(about).values_list("source", flat=True)


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """Published names in a document, each with the id of the defendant."""
    if isinstance(value, dict):
        if isinstance(value.get("names"), list) and "id" in value:
            for name in value["names"]:
                yield value["id"], name["text"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _named(part)


def suspicious(kind: RecordKind, target: Target) -> Iterator[tuple[PublishedRecord, Json]]:
    """Versions that may hold the name, parsed; and all that are about the person."""
    words = ["words"] if issubclass(published(kind).model, Searchable) else []
    stored = ("public_id", "version", "since", "until", "body", "salt", *words)
    for row in published(kind).only(*stored).order_by("pk").iterator(chunk_size=CHUNK):
        if target.is_spared(row.public_id):
            continue
        document = orjson.loads(row.body)
        if target.is_about(kind, row.public_id) or proof.suspects(document, target.person):
            yield row, document


def _touched(kind: RecordKind, target: Target) -> Iterator[tuple[PublishedRecord, Json, Json]]:
    for row, before in suspicious(kind, target):
        after = redacted(before, kind, target)
        if after != before:
            yield row, before, after


def _rewritten(kind: RecordKind, target: Target) -> Iterator[Entry]:
    """Rewrites every version that holds the person, and destroys its salt, without which the old
    digest says nothing; an entry for each record, with both digests of each version."""
    replaced: dict[str, list[Json]] = {}
    gone: set[str] = set()
    for chunk in chunks(_touched(kind, target)):
        changed = []
        for row, _, after in chunk:
            was = salted_sha256(row.salt, row.body)
            row.body, row.salt = orjson.dumps(after).decode(), new_salt()
            now = salted_sha256(row.salt, row.body)
            gone.update(row.words if isinstance(row, Searchable) else ())
            replaced.setdefault(row.public_id, []).append(
                {"version": row.version, "was": was, "now": now}
            )
            changed.append(row)
        search.index(changed)
        words = ["words"] if isinstance(changed[0], Searchable) else []
        published(kind).bulk_update(changed, ["body", "salt", *words])
    search.drop_orphans(gone)
    for public_id, told in sorted(replaced.items()):
        yield _entry(kind, public_id, sorted(told, key=lambda one: int(one["version"])))


def _entry(kind: RecordKind, public_id: str, replaced: list[Json]) -> Entry:
    newest = published(kind).filter(public_id=public_id).order_by("version").last()
    current = newest if newest and newest.until_id is None else None
    return Entry(
        operation=Operation.REDACT,
        record=kind,
        public_id=public_id,
        version=newest.version if newest else 0,
        # What a mirror must fetch now; null = the public cannot see the record.
        body_sha256=salted_sha256(current.salt, current.body) if current else None,
        replaced=replaced,
    )


def _notes_rewritten(target: Target) -> list[Json]:
    """Rewrites the notes of publications that name the person, also with their entries."""
    replaced = []
    for publication in Publication.objects.exclude(note="").order_by("number").iterator():
        near = _is_about(publication, target)
        clean = target.person.withheld(publication.note, near)
        if clean != publication.note:
            was = note_sha256(publication)
            publication.note, publication.note_salt = clean, new_salt()
            now = note_sha256(publication)
            replaced.append({"note_of": publication.number, "was": was, "now": now})
            publication.save(update_fields=["note", "note_salt"])
            publication.entries.filter(note_salt="").update(note=clean)
    for entry in _own_notes():
        clean = target.person.withheld(entry.note, _is_of(entry, target))
        if clean != entry.note:
            was = note_sha256(entry)
            entry.note, entry.note_salt = clean, new_salt()
            about = {"note_of": entry.publication_id, "record": entry.record}
            about["id"] = entry.public_id
            replaced.append(about | {"was": was, "now": note_sha256(entry)})
            entry.save(update_fields=["note", "note_salt"])
    return replaced


def _own_notes() -> Iterator[Entry]:
    """Entries with a note of their own."""
    entries = Entry.objects.exclude(note_salt="").select_related("publication").order_by("pk")
    return entries.iterator(chunk_size=CHUNK)


def _is_of(entry: Entry, target: Target) -> bool:
    """Whether a record is about the person, so that one word of the name is enough."""
    root = root_of(RecordKind(entry.record), entry.public_id)
    return root.public_id in target.cases or _is_about(entry.publication, target)


def _is_about(publication: Publication, target: Target) -> bool:
    """Whether a publication did something to a case of the person."""
    entries = publication.entries.filter(record=RecordKind.CASE, public_id__in=target.cases)
    return entries.exists()


def _entry_of(target: Target, entries: list[Entry]) -> Entry:
    """The entry of a redacted defendant, which also tells of notes that were replaced."""
    for entry in entries:
        if entry.record == RecordKind.DEFENDANT and entry.public_id in target.defendants:
            return entry
    entries.append(_entry(RecordKind.DEFENDANT, min(target.defendants), []))
    return entries[-1]


def _left(target: Target) -> Iterator[str]:
    """Where the name still stands, as sentences; none = it is gone from everything."""
    for kind in RecordKind:
        for row, document in suspicious(kind, target):
            yield from proof.of_document(kind, row, document, target)
    for publication in Publication.objects.exclude(note="").iterator():
        if target.person.holds(publication.note, _is_about(publication, target)):
            yield f"the note of publication {publication.number} still names the person"
    for entry in _own_notes():
        if target.person.holds(entry.note, _is_of(entry, target)):
            yield f"a note of publication {entry.publication_id} still names the person"
    for place in rows.remaining(target):
        yield f"{place} still names the person, and nothing here can clean it"

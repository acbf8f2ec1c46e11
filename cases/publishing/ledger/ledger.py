"""Publishing: what changed in the working copy becomes the next publication, or nothing does."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from cases.models import PUBLISHED, Entry, Publication, PublishedReference, published
from cases.publishing import plain, search
from cases.publishing.documents.build import Document, chunks, documents
from cases.publishing.documents.record_refs import Selection, root_of
from cases.publishing.ledger import diff, heads
from cases.publishing.ledger.changed_facts import is_significant
from cases.publishing.ledger.diff import Compared, Gone, Progress
from cases.publishing.ledger.digests import (
    DIGEST_VERSION,
    GENESIS,
    entry_digest,
    new_salt,
    note_sha256,
    publication_digest,
    salted_sha256,
    sha256,
)
from cases.publishing.rules import Violation
from cases.publishing.workflow import audit
from cases.vocabulary import Operation, RecordKind


class RulesBrokenError(Exception):
    """The working copy breaks rules of publishing; nothing was written."""

    def __init__(self, found: list[Violation]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.violations = found


class Announced(NamedTuple):
    """What editors say of a publication.

    note: the public note; it is the reason for each record that has none of its own. at: the time
    to publish it at, if that is after the publication before and not in the future; None = now.
    notes: public reasons of single records, by kind and id; parts of a case without one have that
    of the case. replaced: roots that the next publications of the same transaction correct: what
    was published long ago need not keep the rules of today.
    """

    note: str = ""
    at: datetime | None = None
    notes: Mapping[tuple[RecordKind, str], str] = {}
    replaced: Selection = frozenset()


def publish(
    note: str | Announced = "", progress: Progress = iter, only: Selection | None = None
) -> Publication | None:
    """Publishes what changed since the last publication, in one transaction.

    note: the editors' public note; it stands with each entry. only: these roots, and what they
    name that was never published; null = everything. Returns null when nothing changed.
    RulesBrokenError, with every violation, when a record breaks a rule. Publishers wait for each
    other, so numbers have no gaps and become visible in order.
    """
    with publishing(note) as opened:
        opened.bring(progress, only)
    return opened.publication


class PublicationBuilder:
    """A publication in the making. It is stored with its first entry, else there is none."""

    def __init__(self, announced: Announced) -> None:
        self._previous = Publication.objects.order_by("number").last()
        self._notes = announced.notes
        self._replaced = announced.replaced
        number = self._previous.number + 1 if self._previous else 1
        # The digest is known only at the end; until then anything that has the form of one.
        self._next = Publication(
            number=number,
            published_at=self._moment(announced.at),
            note=announced.note,
            note_salt=new_salt(),
            digest=sha256(""),
            digest_version=DIGEST_VERSION,
        )
        self._digests: list[str] = []

    def _moment(self, at: datetime | None) -> datetime:
        """Now, or an earlier time that is given; after the publication before, also when a clock
        was set back. A whole second after, as `Last-Modified` knows no parts of one."""
        moment = min(at, timezone.now()) if at else timezone.now()
        if self._previous and moment <= self._previous.published_at:
            return self._previous.published_at + timedelta(seconds=1)
        return moment

    @property
    def publication(self) -> Publication | None:
        """What was stored; null when nothing changed."""
        return self._next if self._digests else None

    def begin(self) -> Publication:
        """The publication, stored, for rows that point at it."""
        if self._next._state.adding:
            self._next.save(force_insert=True)
        return self._next

    def enter(self, entries: list[Entry]) -> None:
        publication = self.begin()
        for entry in entries:
            entry.publication = publication
            own = self._own_note(entry)
            entry.note, entry.note_salt = own or publication.note, new_salt() if own else ""
            entry.digest = entry_digest(entry, DIGEST_VERSION, note_sha256(entry))
        Entry.objects.bulk_create(entries)
        audit.settle(entries, publication.number)
        self._digests += [entry.digest for entry in entries]

    def _own_note(self, entry: Entry) -> str | None:
        kind = RecordKind(entry.record)
        root = root_of(kind, entry.public_id)
        return self._notes.get((kind, entry.public_id)) or self._notes.get(root)

    def bring(self, progress: Progress = iter, only: Selection | None = None) -> None:
        """New versions of what changed, and the end of what is gone from the working copy."""
        only = diff.whole(only)
        found: list[Violation] = []
        changed = diff.differing(progress(documents(only)), found, only, self._replaced)
        for chunk in chunks(changed):
            self._append(chunk)
        if found:
            raise RulesBrokenError(found)
        for vanished in chunks(diff.vanished(only)):
            self.end(Operation.WITHDRAW, vanished)

    def end(
        self, operation: Operation, gone: list[Gone], into: dict[str, str] | None = None
    ) -> None:
        """Ends records. into: of each id the one that survives a merge."""
        publication = self.begin()
        for record, ids in groupby(gone, key=lambda row: row.record):
            ending = published(record).current()
            ending.filter(public_id__in=[row.public_id for row in ids]).update(until=publication)
        self.enter(
            [
                Entry(
                    operation=operation,
                    record=row.record,
                    public_id=row.public_id,
                    version=row.version,
                    into=into[row.public_id] if into else None,
                )
                for row in gone
            ]
        )

    def close(self) -> None:
        if self._digests:
            previous = self._previous.digest if self._previous else GENESIS
            self._next.digest = publication_digest(self._next, previous, self._digests)
            self._next.save(force_update=True)
            heads.write_on_commit(self._next)

    def _append(self, changed: list[Compared]) -> None:
        """Writes new versions and their entries."""
        publication = self.begin()
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
                    public_id=document.public_id,
                    version=version,
                    since=publication,
                    body=body,
                    salt=new_salt(),
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
                        body_sha256=salted_sha256(row.salt, body),
                        significant=current is None
                        or is_significant(kind, diff.content(current), document.content),
                    )
                )
        search.index(rows)
        for model, new in groupby(rows, key=lambda row: type(row)):
            model.objects.bulk_create(new)
        self.enter(entries)


@contextmanager
def publishing(note: str | Announced = "") -> Iterator[PublicationBuilder]:
    """The next publication, alone and in one transaction; closed when all went well.

    RulesBrokenError when a note contains a character that hides something.
    """
    announced = note if isinstance(note, Announced) else Announced(note)
    text, broken = plain.note(announced.note)
    notes = {}
    for about, own in announced.notes.items():
        notes[about], more = plain.note(own)
        broken += more
    if broken:
        raise RulesBrokenError(broken)
    with one_publisher_at_a_time():
        opened = PublicationBuilder(announced._replace(note=text, notes=notes))
        yield opened
        opened.close()


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


def render(document: Document, version: int, publication: int) -> str:
    """The JSON text of a document, exactly as it will be served."""
    identity = {
        key: document.content[key] for key in ("id", "code", "url") if key in document.content
    }
    state = {"version": version, "publication": publication}
    return orjson.dumps(identity | state | document.content).decode()


def _by_kind(changed: list[Compared]) -> Iterator[tuple[RecordKind, list[Compared]]]:
    kinds: dict[RecordKind, list[Compared]] = {}
    for pair in changed:
        kinds.setdefault(pair[0].record, []).append(pair)
    yield from kinds.items()

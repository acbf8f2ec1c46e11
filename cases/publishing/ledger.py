"""Publishing: what changed in the working copy becomes the next publication, or nothing does."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from cases.models import (
    PUBLISHED,
    Case,
    Entry,
    Publication,
    PublishedRecord,
    PublishedReference,
    published,
)
from cases.publishing import search
from cases.publishing.digests import GENESIS, chain, entry_digest, sha256
from cases.publishing.documents import REFERENCE, Document, Json, chunks, documents
from cases.publishing.embedding import embeds, unpublished
from cases.publishing.redaction.memory import Memory
from cases.publishing.roots import WORKING, Root, Selection, ids_of, root_of
from cases.publishing.rules import Violation, violations
from cases.vocabulary import Operation, RecordKind

Progress = Callable[[Iterable[Document]], Iterable[Document]]
Compared = tuple[Document, PublishedRecord | None]


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
    """What the next publication would do: ids by record kind.

    pulled: roots that nobody selected but that come along, as selected ones name them and the
    public has never seen them.
    """

    published: list[tuple[RecordKind, str]] = field(default_factory=list)
    corrected: list[tuple[RecordKind, str]] = field(default_factory=list)
    withdrawn: list[tuple[RecordKind, str]] = field(default_factory=list)
    pulled: list[Root] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.published) + len(self.corrected) + len(self.withdrawn)


def preview(progress: Progress = iter, only: Selection | None = None) -> Changes:
    """What `publish` would do now, with every violation. Writes nothing; constant memory a row."""
    changes = Changes()
    memory = Memory()
    only = whole(only, changes.pulled)
    for document, current in compared(progress(documents(only))):
        changes.violations += _violations(document, only, memory)
        if current is None:
            changes.published.append((document.record, document.public_id))
        elif content(current) != document.content:
            changes.corrected.append((document.record, document.public_id))
    changes.withdrawn = [(gone.record, gone.public_id) for gone in _vanished(only)]
    return changes


def publish(
    note: str = "", progress: Progress = iter, only: Selection | None = None
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


class Opened:
    """A publication in the making. It is stored with its first entry, else there is none."""

    def __init__(self, note: str) -> None:
        self._previous = Publication.objects.order_by("number").last()
        number = self._previous.number + 1 if self._previous else 1
        # The digest is known only at the end; until then anything that has the form of one.
        self._next = Publication(
            number=number, published_at=self._moment(), note=note, digest=sha256("")
        )
        self._digests: list[str] = []

    def _moment(self) -> datetime:
        """Now; after the publication before, also when a clock was set back. A whole second after,
        as `Last-Modified` knows no parts of one."""
        now = timezone.now()
        if self._previous and now <= self._previous.published_at:
            return self._previous.published_at + timedelta(seconds=1)
        return now

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
            entry.note = publication.note
            entry.digest = entry_digest(entry)
        Entry.objects.bulk_create(entries)
        self._digests += [entry.digest for entry in entries]

    def bring(self, progress: Progress = iter, only: Selection | None = None) -> None:
        """New versions of what changed, and the end of what is gone from the working copy."""
        only = whole(only)
        found: list[Violation] = []
        for chunk in chunks(_changed(progress(documents(only)), found, only)):
            self._append(chunk)
        if found:
            raise RulesBrokenError(found)
        for vanished in chunks(_vanished(only)):
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
            self._next.digest = chain(
                self._previous.digest if self._previous else GENESIS, self._digests
            )
            self._next.save(force_update=True)

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
        self.enter(entries)


@contextmanager
def publishing(note: str = "") -> Iterator[Opened]:
    """The next publication, alone and in one transaction; closed when all went well."""
    with one_publisher_at_a_time():
        opened = Opened(note)
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


def compared(found: Iterable[Document]) -> Iterator[Compared]:
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


def _changed(
    found: Iterable[Document], broken: list[Violation], only: Selection | None
) -> Iterator[Compared]:
    """Documents that differ from what is published. Violations of any record go to `broken`,
    and from the first one on nothing more is yielded, as nothing will be written."""
    memory = Memory()
    for document, current in compared(found):
        broken += _violations(document, only, memory)
        if not broken and (current is None or content(current) != document.content):
            yield document, current


def _never_published(selected: Selection) -> bool:
    """Whether there is any reference or source that is neither public nor selected."""
    for kind in (*REFERENCE, RecordKind.SOURCE):
        rows = WORKING[kind]._default_manager.exclude(pk__in=ids_of(selected, kind))
        current = published(kind).current().filter(public_id=OuterRef("pk"))
        if rows.filter(~Exists(current)).exists():
            return True
    return False


def _violations(document: Document, only: Selection | None, memory: Memory) -> Iterator[Violation]:
    yield from violations(document)
    yield from memory.violations(document)
    if only is not None and document.record == RecordKind.STATISTIC:
        # A figure that nobody has published yet must not be seen in those that name it.
        named = {root for root in embeds(document.content) if root.record == RecordKind.STATISTIC}
        for rival in sorted(unpublished(named.difference(only))):
            yield Violation(
                "named_figures_are_published",
                document.public_id,
                None,
                f"names {rival.public_id}, which was never published; publish both together",
            )


def whole(only: Selection | None, pulled: list[Root] | None = None) -> Selection | None:
    """The selection with all that it names and that the public has never seen: references and
    sources. Those are added to `pulled`."""
    if only is None:
        return None
    selected = new = set(only)
    # Most of the time there is nothing to be pulled in, and nothing is rendered for it.
    while new and _never_published(selected):
        named: set[Root] = set()
        for document in documents(new):
            named |= embeds(document.content, document.record)
        named = {root for root in named if root.record != RecordKind.STATISTIC}
        new = unpublished(named - selected)
        selected = selected | new
        if pulled is not None:
            pulled += sorted(new)
    return selected


def content(current: PublishedRecord) -> Json:
    """What a published document says, without the version it says it in."""
    stated: Json = orjson.loads(current.body)
    del stated["version"], stated["publication"]
    return stated


def render(document: Document, version: int, publication: int) -> str:
    """The JSON text of a document, exactly as it will be served."""
    identity = {
        key: document.content[key] for key in ("id", "code", "url") if key in document.content
    }
    state = {"version": version, "publication": publication}
    return orjson.dumps(identity | state | document.content).decode()


def _vanished(only: Selection | None) -> Iterator[Gone]:
    """Current records whose row is gone. A row that became a draft keeps its published state, and
    so do the parts of a case that did."""
    drafts: set[Root] = set()
    if only is None:
        cases = Case.objects.filter(draft=True).values_list("pk", flat=True)
        drafts = {Root(RecordKind.CASE, pk) for pk in cases}
    for kind, model in WORKING.items():
        current = published(kind).current()
        gone = current.exclude(public_id__in=model._default_manager.values("pk"))
        for public_id, version in gone.order_by("public_id").values_list("public_id", "version"):
            root = root_of(kind, public_id)
            if (only is None or root in only) and root not in drafts:
                yield Gone(kind, public_id, version)


def _by_kind(changed: list[Compared]) -> Iterator[tuple[RecordKind, list[Compared]]]:
    kinds: dict[RecordKind, list[Compared]] = {}
    for pair in changed:
        kinds.setdefault(pair[0].record, []).append(pair)
    yield from kinds.items()

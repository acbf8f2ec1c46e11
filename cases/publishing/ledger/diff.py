"""What the working copy says otherwise than the public record, and what publishing it would do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
from django.db.models import Exists, OuterRef

from cases.models import Case, PublishedRecord, Statistic, published
from cases.publishing import plain
from cases.publishing.documents.build import REFERENCE, Document, Json, chunks, documents
from cases.publishing.documents.embedding import embeds, unpublished
from cases.publishing.documents.record_refs import (
    WORKING,
    RecordRef,
    Selection,
    ids_of,
    root_of,
)
from cases.publishing.redaction.memory import Memory
from cases.publishing.rules import Violation, violations
from cases.publishing.workflow import confirmations, stale_texts
from cases.publishing.workflow.drafts import as_published
from cases.vocabulary import RecordKind

Progress = Callable[[Iterable[Document]], Iterable[Document]]
Compared = tuple[Document, PublishedRecord | None]


class Gone(NamedTuple):
    """A record that is published but no longer in the working copy."""

    record: RecordKind
    public_id: str
    version: int


@dataclass
class Changes:
    """What the next publication would do: ids by record kind.

    pulled: roots that nobody selected but that come along, as selected ones name them and the
    public has never seen them. cited: values that changed since they were published, with what each
    source says of them. warnings: what may be wrong and keeps nothing from being published.
    """

    published: list[tuple[RecordKind, str]] = field(default_factory=list)
    corrected: list[tuple[RecordKind, str]] = field(default_factory=list)
    withdrawn: list[tuple[RecordKind, str]] = field(default_factory=list)
    pulled: list[RecordRef] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    warnings: list[Violation] = field(default_factory=list)
    cited: list[confirmations.CitedChange] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.published) + len(self.corrected) + len(self.withdrawn)


def preview(progress: Progress = iter, only: Selection | None = None) -> Changes:
    """What `publish` would do now, with every violation. Writes nothing; constant memory a row."""
    pulled: list[RecordRef] = []
    only = whole(only, pulled)
    return changes_of(progress(documents(only)), only, pulled)


def changes_of(
    found: Iterable[Document], only: Selection | None, pulled: list[RecordRef]
) -> Changes:
    """The same for documents that are rendered already, which are those of `only`."""
    changes = Changes(pulled=pulled)
    memory = Memory()
    for document, current, before in _with_content(compared(found)):
        cited = list(confirmations.changes(document.row, document.content, before))
        changes.cited += cited
        changes.violations += _violations(document, only, memory, cited)
        if current is None:
            changes.published.append((document.record, document.public_id))
        elif before != document.content:
            changes.corrected.append((document.record, document.public_id))
        changes.warnings += _warnings(document, before)
    changes.withdrawn = [(gone.record, gone.public_id) for gone in vanished(only)]
    return changes


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


def differing(
    found: Iterable[Document],
    broken: list[Violation],
    only: Selection | None,
    replaced: Selection = (),
) -> Iterator[Compared]:
    """Documents that differ from what is published. Violations of any record go to `broken`,
    and from the first one on nothing more is yielded, as nothing will be written. replaced: roots
    whose next version follows in the same transaction, and is the one that the rules apply to."""
    memory = Memory()
    for document, current, before in _with_content(compared(found)):
        if root_of(document.record, document.public_id) not in replaced:
            cited = confirmations.changes(document.row, document.content, before)
            broken += _violations(document, only, memory, cited)
        if not broken and (current is None or before != document.content):
            yield document, current


def _with_content(
    found: Iterable[Compared],
) -> Iterator[tuple[Document, PublishedRecord | None, Json | None]]:
    """Each pair with the content that was published last, also of what was withdrawn since; null =
    never published. Of parts of a case, which are looked at with it, only current content."""
    for chunk in chunks(found):
        ended: dict[RecordRef, Json] = {}
        for kind in (RecordKind.CASE, RecordKind.STATISTIC):
            ids = [
                document.public_id
                for document, current in chunk
                if document.record == kind and current is None
            ]
            ended |= {RecordRef(kind, row.public_id): content(row) for row in _last(kind, ids)}
        for document, current in chunk:
            root = RecordRef(document.record, document.public_id)
            yield document, current, content(current) if current else ended.get(root)


def last_content(root: RecordRef) -> Json | None:
    """What a root said when it was published last; null = it never was."""
    return next((content(row) for row in _last(root.record, [root.public_id])), None)


def _last(kind: RecordKind, ids: list[str]) -> Iterable[PublishedRecord]:
    if not ids:
        return ()
    rows = published(kind).filter(public_id__in=ids).order_by("public_id", "-version")
    return rows.distinct("public_id").only(*_STORED)


def _never_published(selected: Selection) -> bool:
    """Whether there is any reference or source that is neither public nor selected."""
    for kind in (*REFERENCE, RecordKind.SOURCE):
        rows = WORKING[kind]._default_manager.exclude(pk__in=ids_of(selected, kind))
        current = published(kind).current().filter(public_id=OuterRef("pk"))
        if rows.filter(~Exists(current)).exists():
            return True
    return False


def _warnings(document: Document, before: Json | None) -> Iterator[Violation]:
    if document.record in (RecordKind.CASE, RecordKind.STATISTIC):
        for found in stale_texts.stale(document.content, before):
            yield Violation(stale_texts.RULE, found.subject, found.field, str(found))


def broken_rules(row: Case | Statistic) -> list[Violation]:
    """Everything that keeps a saved record from being published, draft or not."""
    document = as_published(row)
    before = last_content(RecordRef(document.record, document.public_id))
    cited = confirmations.changes(document.row, document.content, before)
    return [*violations(document), *_unconfirmed(cited)]


def _unconfirmed(cited: Iterable[confirmations.CitedChange]) -> Iterator[Violation]:
    """The open questions about sources of changed values."""
    for question in confirmations.questions(cited):
        yield Violation(confirmations.RULE, question.subject, question.field, str(question))


def _violations(
    document: Document,
    only: Selection | None,
    memory: Memory,
    cited: Iterable[confirmations.CitedChange],
) -> Iterator[Violation]:
    yield from violations(document)
    yield from _unconfirmed(cited)
    yield from memory.violations(document)
    yield from plain.violations(document)
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


def whole(only: Selection | None, pulled: list[RecordRef] | None = None) -> Selection | None:
    """The selection with all that it names and that the public has never seen: references and
    sources. Those are added to `pulled`."""
    if only is None:
        return None
    selected = new = set(only)
    # Most of the time there is nothing to be pulled in, and nothing is rendered for it.
    while new and _never_published(selected):
        named: set[RecordRef] = set()
        for document in documents(new):
            named |= embeds(document.content, document.record)
        named = {root for root in named if root.record != RecordKind.STATISTIC}
        new = unpublished(named - selected)
        selected = selected | new
        if pulled is not None:
            pulled += sorted(new)
    return selected


def vanished(only: Selection | None) -> Iterator[Gone]:
    """Current records whose row is gone. A row that became a draft keeps its published state, and
    so do the parts of a case that did."""
    drafts: set[RecordRef] = set()
    if only is None:
        cases = Case.objects.filter(draft=True).values_list("pk", flat=True)
        drafts = {RecordRef(RecordKind.CASE, pk) for pk in cases}
    for kind, model in WORKING.items():
        current = published(kind).current()
        gone = current.exclude(public_id__in=model._default_manager.values("pk"))
        for public_id, version in gone.order_by("public_id").values_list("public_id", "version"):
            root = root_of(kind, public_id)
            if (only is None or root in only) and root not in drafts:
                yield Gone(kind, public_id, version)


def content(current: PublishedRecord) -> Json:
    """What a published document says, without the version it says it in."""
    stated: Json = orjson.loads(current.body)
    del stated["version"], stated["publication"]
    return stated

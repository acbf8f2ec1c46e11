"""When a reference or source changes: what is published with its old form inside."""

from typing import NamedTuple

from cases.publishing.documents.build import documents
from cases.publishing.documents.embedding import embedders, embeds, own, unpublished
from cases.publishing.documents.record_refs import (
    WITH_DRAFTS,
    WORKING,
    RecordRef,
    Selection,
    root_of,
)
from cases.publishing.ledger import diff
from cases.vocabulary import RecordKind


class Affected(NamedTuple):
    """Published roots that would change together with what they embed.

    ready: those that change in nothing else. held: those that somebody has edited besides, which
    therefore keep the old form until they are published themselves.
    """

    ready: set[RecordRef]
    held: set[RecordRef]


def affected(selected: Selection) -> Affected:
    """What embeds the selected roots and would change if these were published now.

    One pass over the current documents, and those that embed something are rendered.
    """
    embeddable = {root for root in selected if root.record != RecordKind.CASE}
    embeddable -= unpublished(embeddable)
    changed = {
        root_of(document.record, document.public_id)
        for document, current in diff.compared(documents(embeddable))
        if current and diff.content(current) != document.content
    }
    around = embedders(changed)
    around |= _rivals(selected)
    around -= set(selected)
    ready: set[RecordRef] = set()
    held: set[RecordRef] = set()
    found = documents({*selected, *around}) if around else ()
    for document, current in diff.compared(found):
        root = root_of(document.record, document.public_id)
        if root not in around or current is None:
            continue
        content = diff.content(current)
        if content != document.content:
            same = own(content) == own(document.content)
            (ready if same else held).add(root)
    held |= {root for root in around if _is_draft(root)}
    return Affected(ready - held, held)


def _is_draft(root: RecordRef) -> bool:
    return (
        root.record in WITH_DRAFTS
        and WORKING[root.record]._default_manager.filter(pk=root.public_id, draft=True).exists()
    )


def _rivals(selected: Selection) -> set[RecordRef]:
    """Figures that selected ones contradict: that two do so is said by both."""
    figures = {root for root in selected if root.record == RecordKind.STATISTIC}
    named: set[RecordRef] = set()
    for document in documents(figures):
        named |= embeds(document.content)
    return {root for root in named if root.record == RecordKind.STATISTIC} - figures

"""When a reference or source changes: what is published with its old form inside."""

from typing import NamedTuple

from cases.publishing import comparing
from cases.publishing.documents import documents
from cases.publishing.embedding import embedders, embeds, own, unpublished
from cases.publishing.roots import WITH_DRAFTS, WORKING, Root, Selection, root_of
from cases.vocabulary import RecordKind


class Affected(NamedTuple):
    """Published roots that would change together with what they embed.

    ready: those that change in nothing else. held: those that somebody has edited besides, which
    therefore keep the old form until they are published themselves.
    """

    ready: set[Root]
    held: set[Root]


def affected(selected: Selection) -> Affected:
    """What embeds the selected roots and would change if these were published now.

    One pass over the current documents, and those that embed something are rendered.
    """
    embeddable = {root for root in selected if root.record != RecordKind.CASE}
    embeddable -= unpublished(embeddable)
    changed = {
        root_of(document.record, document.public_id)
        for document, current in comparing.compared(documents(embeddable))
        if current and comparing.content(current) != document.content
    }
    around = embedders(changed)
    around |= _rivals(selected)
    around -= set(selected)
    ready: set[Root] = set()
    held: set[Root] = set()
    found = documents({*selected, *around}) if around else ()
    for document, current in comparing.compared(found):
        root = root_of(document.record, document.public_id)
        if root not in around or current is None:
            continue
        content = comparing.content(current)
        if content != document.content:
            same = own(content) == own(document.content)
            (ready if same else held).add(root)
    held |= {root for root in around if _is_draft(root)}
    return Affected(ready - held, held)


def _is_draft(root: Root) -> bool:
    return (
        root.record in WITH_DRAFTS
        and WORKING[root.record]._default_manager.filter(pk=root.public_id, draft=True).exists()
    )


def _rivals(selected: Selection) -> set[Root]:
    """Figures that selected ones contradict: that two do so is said by both."""
    figures = {root for root in selected if root.record == RecordKind.STATISTIC}
    named: set[Root] = set()
    for document in documents(figures):
        named |= embeds(document.content)
    return {root for root in named if root.record == RecordKind.STATISTIC} - figures

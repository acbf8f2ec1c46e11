"""Drafts: what editors work on, which nothing publishes but their own yes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, Citation, Entry, Finding, Source, Statistic, published
from cases.publishing.documents.build import Document, documents
from cases.publishing.documents.record_refs import WORKING, RecordRef, Selection, ids_of
from cases.vocabulary import Operation, RecordKind


@contextmanager
def released(selected: Selection, *, for_good: bool = False) -> Iterator[None]:
    """Within it the selected roots are no drafts, nor are the sources that they rest on and that
    the public has never seen: these come along. Afterwards all is as before, unless for good."""
    with transaction.atomic():
        cases = ids_of(selected, RecordKind.CASE)
        statistics = ids_of(selected, RecordKind.STATISTIC)
        sources = ids_of(selected, RecordKind.SOURCE) | _new_sources(selected)
        Case.objects.filter(pk__in=cases, draft=True).update(draft=False)
        Statistic.objects.filter(pk__in=statistics, draft=True).update(draft=False)
        Source.objects.filter(pk__in=sources, draft=True).update(draft=False)
        yield
        if for_good:
            # What is published broke no rule.
            Finding.objects.filter(Q(case__in=cases) | Q(statistic__in=statistics)).delete()
        else:
            transaction.set_rollback(True)


def waiting(kind: RecordKind) -> QuerySet[Any]:
    """Drafts of a kind that are to be checked and published. What was withdrawn is a draft that
    waits for nothing."""
    rows = WORKING[kind]._default_manager.filter(draft=True)
    entries = Entry.objects.filter(record=kind, public_id=OuterRef("pk"))
    current = published(kind).current().filter(public_id=OuterRef("pk"))
    withdrawn = Exists(entries.filter(operation=Operation.WITHDRAW)) & ~Exists(current)
    return rows.exclude(withdrawn)


def _new_sources(selected: Selection) -> set[str]:
    """Drafts among the sources that are cited, and what these rely on, that were never public."""
    cases = ids_of(selected, RecordKind.CASE)
    about = (
        Q(case__in=cases)
        | Q(defendant__case__in=cases)
        | Q(service__defendant__case__in=cases)
        | Q(verdict__case__in=cases)
        | Q(statistic__in=ids_of(selected, RecordKind.STATISTIC))
    )
    cited = Citation.objects.filter(about).values_list("source", flat=True)
    found: set[str] = set()
    level = set(_drafts().filter(pk__in=cited).values_list("pk", flat=True))
    level |= ids_of(selected, RecordKind.SOURCE)
    while level:
        found |= level
        rests_on = _drafts().filter(cited_by__in=level)
        level = set(rests_on.values_list("pk", flat=True)) - found
    return found


def _drafts() -> QuerySet[Source]:
    ever = published(RecordKind.SOURCE).values("public_id")
    return Source.objects.filter(draft=True).exclude(pk__in=ever)


def as_published(row: Case | Statistic) -> Document:
    """A saved record as it would be published now, whether it is a draft or not."""
    kind = RecordKind.CASE if isinstance(row, Case) else RecordKind.STATISTIC
    root = RecordRef(kind, row.pk)
    with released({root}):
        return next(
            document
            for document in documents({root})
            if (document.record, document.public_id) == root
        )

"""The values that corrections in the ledger changed, as the documents state them now.

A redaction rewrites the documents of the past, so what it removed is in no difference. What was
withdrawn is in none either: corrections before a withdrawal no longer say what they changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db.models import Q, Value

from cases.models import Entry, published
from cases.publishing.ledger.changed_facts import ChangedFact, changed_facts
from cases.vocabulary import Operation, RecordKind

Row = dict[str, Any]

# Documents that are held in memory at a time.
CHUNK = 20

ENDING = (Operation.WITHDRAW, Operation.MERGE)


def changed_values(entries: Iterable[Entry], at: int) -> dict[int, list[Row]]:
    """By the key of each correction the values that it changed: `path`, `from`, `to`.

    at: the publication that is read; a correction of a record that was withdrawn or merged between
    it and the correction is left out. Two queries, none if nothing was corrected.
    """
    corrections = {
        (entry.record, entry.public_id, entry.publication_id): entry.pk
        for entry in entries
        if entry.operation == Operation.CORRECT
    }
    if not corrections:
        return {}
    facts: dict[tuple[str, str, int], list[ChangedFact]] = {}
    before: tuple[tuple[str, str], int | None, Row] | None = None
    for kind, public_id, since, until, body in _versions(corrections):
        document = orjson.loads(body)
        key = kind, public_id, since
        if key in corrections and before and before[:2] == ((kind, public_id), since):
            facts[key] = list(changed_facts(RecordKind(kind), before[2], document))
        before = (kind, public_id), until, document
    ended = _ended(facts, at)
    return {
        corrections[key]: [_row(fact) for fact in found if not _in_ended_part(fact, key[2], ended)]
        for key, found in facts.items()
        if ended.get(key[1], 0) <= key[2]
    }


def _versions(corrections: Iterable[tuple[str, str, int]]) -> Iterator[tuple[Any, ...]]:
    """The versions that corrections began and ended, each after the one before it. One query."""
    ids: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, set[int]] = defaultdict(set)
    for kind, public_id, number in corrections:
        ids[kind].add(public_id)
        numbers[kind].add(number)
    queries = [
        published(RecordKind(kind))
        .filter(Q(since__in=numbers[kind]) | Q(until__in=numbers[kind]), public_id__in=ids[kind])
        .annotate(kind_of_record=Value(kind))
        .values_list("kind_of_record", "public_id", "since", "until", "body", "version")
        .order_by()
        for kind in sorted(ids)
    ]
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    ordered = rows.order_by("kind_of_record", "public_id", "version")
    for *columns, _ in ordered.iterator(chunk_size=CHUNK):
        yield tuple(columns)


def _ended(facts: dict[tuple[str, str, int], list[ChangedFact]], at: int) -> dict[str, int]:
    """By id of a record, and of a defendant or verdict in it, the last publication that withdrew or
    merged it. One query. Ids of different kinds differ in what matters here: a reference that has
    the id of another one would hide a difference, never show one."""
    ids = {public_id for _, public_id, _ in facts}
    for found in facts.values():
        ids.update(part for fact in found for part in _parts(fact))
    entries = Entry.objects.filter(operation__in=ENDING, publication__lte=at, public_id__in=ids)
    rows = entries.order_by("publication").values_list("public_id", "publication")
    return dict(rows)


def _parts(fact: ChangedFact) -> list[str]:
    """The parts of a case that a changed value is inside of."""
    segments = fact.path.split("/")[1:-1]
    return segments[1:2] if segments[:1] in (["defendants"], ["verdicts"]) else []


def _in_ended_part(fact: ChangedFact, number: int, ended: dict[str, int]) -> bool:
    return any(ended.get(part, 0) > number for part in _parts(fact))


def _row(fact: ChangedFact) -> Row:
    return {"path": fact.path, "from": fact.before, "to": fact.after}

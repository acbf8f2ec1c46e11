"""Two editors in one record: the second to save is told what the first one changed.

A form carries what the record held when it was opened, signed. If the record holds something else
when the form comes back, nothing is saved. What the editor typed stays in the form; what they did
not touch takes the new value; and a table says field by field what was changed.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from cases.admin.help import label_for
from cases.models import Case, Defendant, Service, Statistic, Verdict

SALT = "cases.admin.locking"

BENEATH: dict[type[Model], tuple[str, ...]] = {
    Case: ("citations", "defendants"),
    Defendant: ("names", "payments", "citations", "services", "verdicts"),
    Service: ("citations",),
    Verdict: ("citations",),
    Statistic: ("citations",),
}

# Not typed by anybody.
DERIVED = {"folded", "position", "confirmed"}

Snapshot = dict[str, dict[str, Any]]
"""Rows by "model:key", each with its fields."""


class Difference(NamedTuple):
    """One thing that somebody else changed meanwhile.

    row: "model:key". field: null = the whole row. before, now: null = it was, or is, not there.
    """

    row: str
    field: str | None
    before: Any
    now: Any


def snapshot(root: Model) -> Snapshot:
    """What a saved record and all rows beneath it hold. Reads the database."""
    fresh = type(root)._default_manager.get(pk=root.pk)
    held = {name_of(row): _held(row) for row in _tree(fresh)}
    return dict(json.loads(json.dumps(held, cls=DjangoJSONEncoder)))


def sealed(held: Snapshot) -> str:
    return signing.dumps(held, salt=SALT, compress=True)


def opened(token: str) -> Snapshot | None:
    """What the form was opened with; null when the token is none of ours."""
    try:
        return dict(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None


def differences(before: Snapshot, now: Snapshot) -> list[Difference]:
    """What changed, row by row. A row that came or went is one difference."""
    found = []
    for row in {**before, **now}:
        if row not in now or row not in before:
            found.append(Difference(row, None, before.get(row), now.get(row)))
            continue
        for field in {**before[row], **now[row]}:
            was, is_now = before[row].get(field), now[row].get(field)
            if was != is_now:
                found.append(Difference(row, field, was, is_now))
    return found


def name_of(row: Model) -> str:
    return f"{row._meta.model_name}:{row.pk}"


def label(row: type[Model], field: str) -> str:
    return label_for(row._meta.get_field(field))


def _tree(row: Model) -> Iterator[Model]:
    yield row
    for relation in BENEATH.get(type(row), ()):
        for child in getattr(row, relation).order_by("pk"):
            yield from _tree(child)


def _held(row: Model) -> dict[str, Any]:
    fields = [*row._meta.concrete_fields, *row._meta.many_to_many]
    return {
        field.name: sorted(str(linked.pk) for linked in field.value_from_object(row))
        if field.many_to_many
        else field.value_from_object(row)
        for field in fields
        if not field.primary_key and field.name not in DERIVED
    }

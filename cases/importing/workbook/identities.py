"""Which row is which record: ids, labels, and the next free numbers.

A row has an id of a record that exists or shall exist, or a label (`new-1`), or neither. Rows
without an id are numbered at the moment of writing, so that no two imports take the same number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.db.models.functions import Length

from cases.importing.validating import stored
from cases.importing.workbook.cells import LABEL
from cases.importing.workbook.columns import PARENTS
from cases.importing.workbook.problems import CellProblem
from cases.importing.workbook.rows import Row
from cases.models import (
    Case,
    Court,
    Defendant,
    Formation,
    Publisher,
    Service,
    Source,
    Statistic,
    Verdict,
    published,
)
from cases.vocabulary import RecordKind

IDENTIFIED: dict[str, type[Model]] = {
    "publishers": Publisher,
    "courts": Court,
    "formations": Formation,
    "sources": Source,
    "statistics": Statistic,
    "cases": Case,
    "defendants": Defendant,
    "services": Service,
    "verdicts": Verdict,
}

# What holds a part, and the letter before its number.
OWNER = {"defendants": "case", "services": "defendant", "verdicts": "defendant"}
_LETTERS = {"defendants": "D", "services": "S", "verdicts": "V"}

_PUBLISHED: dict[type[Model], RecordKind] = {
    Source: RecordKind.SOURCE,
    Statistic: RecordKind.STATISTIC,
    Case: RecordKind.CASE,
    Defendant: RecordKind.DEFENDANT,
    Verdict: RecordKind.VERDICT,
}

_PART = re.compile(r"(.+)-[DVS][0-9]+")

Rows = dict[str, list[Row]]


@dataclass
class Identities:
    """Who is who in a workbook. ids: of the rows; existing: ids that are in the database."""

    ids: dict[Row, str] = field(default_factory=dict)
    existing: set[str] = field(default_factory=set)
    problems: list[CellProblem] = field(default_factory=list)
    _named: dict[str, Row] = field(default_factory=dict)
    _rows: dict[str, Row] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def is_new(self, row: Row) -> bool:
        return self.ids[row] not in self.existing

    def resolved(self, value: str) -> str:
        """The id behind a label; an id stays as it is."""
        row = self._named.get(value.casefold())
        return self.ids.get(row, value) if row else value

    def row_of(self, public_id: str) -> Row | None:
        """The row that describes this record."""
        return self._rows.get(public_id)

    def row(self, value: str) -> Row | None:
        """The row that has this id or label."""
        return self._named.get(value.casefold())

    def count(self, public_id: str) -> None:
        found = re.fullmatch(r"(.*?)(\d+)", public_id)
        if found:
            self._last[found[1]] = max(self._last.get(found[1], 0), int(found[2]))

    def next(self, model: type[Model], prefix: str, digits: int, owner: str | None = None) -> str:
        """The number after the last that was ever given with this prefix.

        owner: what the numbers belong to; if that is new, none was given."""
        if prefix not in self._asked and (owner is None or owner in self.existing):
            self._asked.add(prefix)
            histories: list[Any] = [model._default_manager.filter(pk__startswith=prefix)]
            names = ["pk"]
            if kind := _PUBLISHED.get(model):
                histories.append(published(kind).filter(public_id__startswith=prefix))
                names.append("public_id")
            for rows, name in zip(histories, names, strict=True):
                last = rows.order_by(Length(name).desc(), f"-{name}").values_list(name, flat=True)
                if public_id := last.first():
                    self.count(public_id)
        number = self._last.get(prefix, 0) + 1
        self._last[prefix] = number
        return f"{prefix}{number:0{digits}}"


def identified(rows: Rows, same: dict[Row, str]) -> Identities:
    """Finds out who is who. same: ids of records that rows were decided to be the same as."""
    found = Identities()
    for row in _owners_first(rows):
        given = row.values.get("id")
        if given is not None:
            first = found._named.setdefault(given.casefold(), row)
            if first is not row:
                reason = f"stands already in sheet {first.sheet.name}, row {first.number}"
                found.problems.append(row.problem("id", reason))
        if row in same:
            found.ids[row] = same[row]
        elif given is not None and not LABEL.fullmatch(given):
            found.ids[row] = given
    found.existing = _existing(rows, found)
    found.problems += _given_before(found)
    for public_id in found.ids.values():
        found.count(public_id)
    for row in _owners_first(rows):
        if row not in found.ids:
            found.ids[row] = _numbered(row, found)
    found._rows = {public_id: row for row, public_id in found.ids.items()}
    found.problems += _unknown_labels(rows, found)
    return found


def _owners_first(rows: Rows) -> Iterator[Row]:
    for name in IDENTIFIED:
        yield from rows.get(name, [])


def _existing(rows: Rows, found: Identities) -> set[str]:
    """The ids that are known, of rows and of what they hang on."""
    wanted = {(IDENTIFIED[row.sheet.name], public_id) for row, public_id in found.ids.items()}
    models = {"case": Case, "defendant": Defendant}
    for name, owner in {**PARENTS, **OWNER}.items():
        for row in rows.get(name, []):
            if owner in row.values:
                wanted.add((models[owner], row.values[owner]))
                if owner == "defendant":
                    wanted.add((Case, case_of(row.values[owner])))
    for row in rows.get("citations", []):
        if record := row.values.get("record"):
            wanted |= {(model, record) for model in _citable(record)}
    return {public_id for _, public_id in stored(wanted)}


def _citable(public_id: str) -> Iterator[type[Model]]:
    for model in (Case, Defendant, Service, Verdict, Statistic):
        key: Any = model._meta.pk
        if re.fullmatch(key.pattern, public_id):
            yield model


def _given_before(found: Identities) -> Iterator[CellProblem]:
    """Ids that were published once and are gone: nobody may have them again."""
    fresh: dict[RecordKind, dict[str, Row]] = {}
    for row, public_id in found.ids.items():
        kind = _PUBLISHED.get(IDENTIFIED[row.sheet.name])
        if kind and public_id not in found.existing:
            fresh.setdefault(kind, {})[public_id] = row
    for kind, rows in fresh.items():
        gone = published(kind).filter(public_id__in=rows).values_list("public_id", flat=True)
        for public_id in sorted(set(gone)):
            reason = "was the id of a record that is gone, and is not given again"
            yield rows[public_id].problem("id", reason)


def _numbered(row: Row, found: Identities) -> str:
    name = row.sheet.name
    if name in _LETTERS:
        owner = found.resolved(row.values.get(OWNER[name], "unknown"))
        if name == "verdicts":
            owner = case_of(owner)
        return found.next(IDENTIFIED[name], f"{owner}-{_LETTERS[name]}", 1, owner)
    prefix = {"sources": "SRC-", "statistics": "STAT-", "cases": f"{row.values.get('country')}-"}
    if name not in prefix:
        return ""
    return found.next(IDENTIFIED[name], prefix[name], 4)


def case_of(defendant: str) -> str:
    """The id of the case that a defendant's id begins with."""
    part = _PART.fullmatch(defendant)
    return part[1] if part else defendant


def _unknown_labels(rows: Rows, found: Identities) -> Iterator[CellProblem]:
    for sheet_rows in rows.values():
        for row in sheet_rows:
            for column in row.sheet.columns.values():
                if not column.refers or column.name not in row.values:
                    continue
                value = row.values[column.name]
                for item in value if column.many else [value]:
                    if LABEL.fullmatch(item) and found.row(item) is None:
                        yield row.problem(column.name, f"no row has the label {item} as its id")

"""Rows become documents, each value with the cell that it comes from.

A row of a record that exists changes what its cells state; an empty cell changes nothing, and
nothing is ever removed. What the workbook does not mention stays as it is stored.
"""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from cases import names
from cases.importing.problems import Place
from cases.importing.stored import contents
from cases.importing.workbook import citing
from cases.importing.workbook.citing import Cited
from cases.importing.workbook.identities import Identities, Rows, case_of
from cases.importing.workbook.problems import CellProblem
from cases.importing.workbook.rows import Row

Content = dict[str, Any]
Where = tuple[Row, str]

KINDS = {
    "publishers": "publishers",
    "courts": "courts",
    "formations": "formations",
    "sources": "sources",
    "statistics": "statistics",
    "cases": "case",
}

# Kinds of records that can be held back from publishing.
DRAFTED = ("case", "sources", "statistics")
# Of these, also each change must be checked before it goes out.
CHECKED = ("case", "statistics")

# Lists that have no order of their own.
UNORDERED = {
    *("charges", "articles", "citizenships", "cites", "sources", "contradicts", "derived_from"),
}

_CASE = re.compile("[A-Z]{2}-[0-9]+")


@dataclass(eq=False)
class Record:
    """One document. stored: as it is in the database, null = new. cells: the cell of each value
    that the workbook brings, and of each object (with no column). known: false when it hangs on
    nothing that is known: then it can be checked, but not saved."""

    kind: str
    id: str
    content: Content
    stored: Content | None = None
    cells: dict[Place, Where] = field(default_factory=dict)
    known: bool = True

    def at(self, place: Place) -> Any:
        found: Any = self.content
        for step in place:
            found = found[step]
        return found


@dataclass(eq=False)
class Subject:
    """An object that is cited: where it stands, as it was, its rows, and what they cite.

    added: rows that bring one more name or payment. unsure: a row that cites it can not be read,
    so that nobody knows what lacks a source."""

    record: Record
    place: Place
    stored: Content | None = None
    rows: list[Row] = field(default_factory=list)
    given: list[Cited] = field(default_factory=list)
    added: set[Row] = field(default_factory=set)
    unsure: bool = False


class Assembly:
    """The rows of a workbook put together. records: its documents, in the order of the sheets."""

    def __init__(self, rows: Rows, who: Identities, problems: list[CellProblem]) -> None:
        self._rows, self._who, self._problems = rows, who, problems
        self._subjects: dict[str, Subject] = {}
        self._cited = {
            row: who.resolved(row.values["record"])
            for row in rows.get("citations", [])
            if "record" in row.values
        }
        self.records: list[Record] = []
        for sheet, kind in KINDS.items():
            if kind == "case":
                self._add_cases()
            else:
                self._add(sheet, kind)
        self._cite()

    def _add(self, sheet: str, kind: str) -> None:
        """Rows that are a document of their own."""
        rows = self._rows.get(sheet, [])
        wanted = {self._who.ids[row] for row in rows}
        if sheet == "statistics":
            wanted |= {cited for cited in self._cited.values() if cited.startswith("STAT-")}
        stored = contents(kind, wanted)
        for public_id in stored:
            self._record(kind, public_id, stored[public_id])
        for row in rows:
            public_id = self._who.ids[row]
            if public_id not in self._subjects:
                self._record(kind, public_id, None)
            self._fill(self._subjects[public_id], row)

    def _record(self, kind: str, public_id: str, stored: Content | None) -> Record:
        content: Content = deepcopy(stored) if stored else {"id": public_id}
        if stored is None and kind in DRAFTED:
            content["draft"] = True
        record = Record(kind, public_id, content, stored)
        self.records.append(record)
        self._subjects[public_id] = Subject(record, (), stored)
        if kind == "case":
            content.setdefault("citations", [])
            content.setdefault("defendants", [])
        if kind == "case" and stored:
            self._parts_of(record, stored)
        return record

    def _parts_of(self, record: Record, stored: Content) -> None:
        for number, item in enumerate(stored.get("verdicts", [])):
            self._subjects[item["id"]] = Subject(record, ("verdicts", number), item)
        for number, item in enumerate(stored["defendants"]):
            place = ("defendants", number)
            self._subjects[item["id"]] = Subject(record, place, item)
            for index, service in enumerate(item.get("services", [])):
                self._subjects[service["id"]] = Subject(
                    record, (*place, "services", index), service
                )

    def _add_cases(self) -> None:
        rows = self._rows.get("cases", [])
        own = dict.fromkeys(self._who.ids[row] for row in rows)
        parts = dict.fromkeys(
            self._case_of(row) for sheet in PARTS for row in self._rows.get(sheet, [])
        )
        cited = {found[0] for cited_id in self._cited.values() if (found := _CASE.match(cited_id))}
        stored = contents("case", own.keys() | parts.keys() | cited)
        for public_id in own | parts | dict.fromkeys(sorted(cited & stored.keys())):
            record = self._record("case", public_id, stored.get(public_id))
            record.known = public_id in own or public_id in stored
        for row in rows:
            self._fill(self._subjects[self._who.ids[row]], row)
        for row in self._rows.get("defendants", []):
            record = self._subjects[self._case_of(row)].record
            if not record.known and "case" in row.values and "case" not in row.faulty:
                reason = "is no case, neither in this workbook nor in the database"
                self._problems.append(row.problem("case", reason))
            self._fill(self._part(record, (), "defendants", self._who.ids[row]), row)
        for sheet in ("names", "payments", "services", "verdicts"):
            for row in self._rows.get(sheet, []):
                self._hang(sheet, row)

    def _case_of(self, row: Row) -> str:
        """The id of the case that a row belongs to; made up when nobody knows."""
        if row.sheet.name == "defendants":
            return self._who.resolved(row.values.get("case", f"no case, row {row.number}"))
        defendant = self._defendant_of(row)
        owner = self._who.row_of(defendant)
        if owner is not None and owner.sheet.name == "defendants":
            return self._case_of(owner)
        return case_of(defendant)

    def _defendant_of(self, row: Row) -> str:
        nobody = f"no defendant, sheet {row.sheet.name}, row {row.number}"
        return self._who.resolved(row.values.get("defendant", nobody))

    def _hang(self, sheet: str, row: Row) -> None:
        """A row that belongs to a defendant."""
        public_id = self._defendant_of(row)
        person = self._subjects.get(public_id)
        if person is None or "defendants" not in person.place:
            if "defendant" in row.values and "defendant" not in row.faulty:
                reason = "is no defendant, neither in this workbook nor in the database"
                self._problems.append(row.problem("defendant", reason))
            record = self._subjects[self._case_of(row)].record
            record.known = False
            person = self._part(record, (), "defendants", public_id)
        record = person.record
        if sheet == "verdicts":
            self._fill(self._part(record, (), "verdicts", self._who.ids[row]), row)
        elif sheet == "services":
            self._fill(self._part(record, person.place, "services", self._who.ids[row]), row)
        else:
            self._list(person, sheet, row)

    def _part(self, record: Record, owner: Place, name: str, public_id: str) -> Subject:
        found = self._subjects.get(public_id)
        if found is not None and found.record is record:
            return found
        items = record.at(owner).setdefault(name, [])
        items.append({"id": public_id, "citations": []})
        subject = Subject(record, (*owner, name, len(items) - 1))
        self._subjects[public_id] = subject
        return subject

    def _list(self, person: Subject, name: str, row: Row) -> None:
        """A name or payment: one that is there already, or one more."""
        record = person.record
        items = record.at(person.place).setdefault(name, [])
        item: Content = {}
        places = _put(item, row, self._who)
        if name == "names" and "script" not in row.written and "text" in item:
            script = names.script_of(item["text"])
            if script:
                item["script"] = str(script)
        known = [
            index
            for index, other in enumerate(items)
            if (name == "names" and _spelling(other) == _spelling(item)) or other == item
        ]
        if known:
            items[known[0]] |= item
        else:
            items.append(item)
            person.added.add(row)
        place = (*person.place, name, known[0] if known else len(items) - 1)
        record.cells[place] = row, ""
        record.cells |= {(*place, *inner): (row, column) for inner, column in places.items()}
        person.rows.append(row)
        person.given += self._own_citations(row)

    def _fill(self, subject: Subject, row: Row) -> None:
        record, place = subject.record, subject.place
        places = _put(record.at(place), row, self._who)
        record.cells[place] = row, ""
        record.cells |= {(*place, *inner): (row, column) for inner, column in places.items()}
        subject.rows.append(row)
        subject.given += self._own_citations(row)

    def _own_citations(self, row: Row) -> list[Cited]:
        return list(citing.citations(row, self._problems)) if row.sheet.citing else []

    def _cite(self) -> None:
        for row in self._rows.get("citations", []):
            subject = self._subjects.get(self._cited.get(row, ""))
            if subject is None:
                if row in self._cited and "record" not in row.faulty:
                    reason = (
                        "is no case, defendant, service, verdict or statistic, neither in this "
                        "workbook nor in the database"
                    )
                    self._problems.append(row.problem("record", reason))
                continue
            cited = citing.listed(row, self._problems)
            subject.unsure |= cited is None or bool(row.faulty)
            if cited:
                subject.given.append(cited)
        for subject in self._subjects.values():
            if subject.rows or subject.given:
                self._cite_one(subject)

    def _cite_one(self, subject: Subject) -> None:
        record, place = subject.record, subject.place
        content = record.at(place)
        if record.kind not in ("case", "statistics"):
            return
        before = subject.stored or {}
        changed = {name for name in before if _overturned(name, before, content)}
        for cited in subject.given:
            cited.citation["source"] = self._who.resolved(cited.citation["source"])
        merged = citing.merged(before.get("citations", []), subject.given, changed, content)
        content["citations"] = [citation for citation, _ in merged]
        for number, (_, rows) in enumerate(merged):
            if rows:
                here = (*place, "citations", number)
                record.cells[here] = rows[0], "source"
                record.cells[*here, "fields"] = rows[0], "fields"
                record.cells[*here, "values"] = rows[0], "states"
                record.cells[*here, "locator"] = rows[0], "locator"
        if not subject.unsure:
            for row in subject.rows:
                self._problems += citing.unsourced(row, merged, row in subject.added)


PARTS = ("defendants", "names", "payments", "services", "verdicts")


def differs(name: str, before: Content, after: Content) -> bool:
    """Whether a field has another value; the order matters only where it says something."""
    old, new = before.get(name), after.get(name)
    if name in UNORDERED and old and new:
        return bool(sorted(old) != sorted(new))
    return bool(old != new)


def _overturned(name: str, before: Content, after: Content) -> bool:
    """Whether something that was stated is no longer; what was only added overturns nothing."""
    old, new = before[name], after.get(name)
    if name in citing.LISTED:
        return False
    if isinstance(old, dict) and isinstance(new, dict):
        return any(new.get(part) != value for part, value in old.items())
    return differs(name, before, after)


def _spelling(name: Content) -> tuple[Any, Any]:
    return name.get("text"), name.get("language")


def _put(content: Content, row: Row, who: Identities) -> dict[Place, str]:
    """Writes what a row states into its object; returns the column of each place."""
    places: dict[Place, str] = {}
    for column in row.sheet.columns.values():
        if not column.path or column.name not in row.written:
            continue
        places[column.path] = column.name
        if column.name not in row.values or column.name == "id":
            continue
        value = row.values[column.name]
        if column.refers:
            value = [who.resolved(item) for item in value] if column.many else who.resolved(value)
        target = content
        for step in column.path[:-1]:
            target = target.setdefault(step, {})
        target[column.path[-1]] = value
    return places

"""Checking the documents of a workbook, and telling every problem at its cell."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jsonschema.exceptions import ValidationError

from cases.importing.problems import Place
from cases.importing.reading import DatasetFile
from cases.importing.validating import DatasetEntry, reference_problems, stored, validator
from cases.importing.workbook.cells import did_you_mean
from cases.importing.workbook.citing import column_of
from cases.importing.workbook.columns import PARENTS
from cases.importing.workbook.documents import Record
from cases.importing.workbook.identities import Identities, Rows
from cases.importing.workbook.problems import CellProblem
from cases.importing.workbook.rows import Row
from cases.models import Source

# Sources are told at the rows that name them, see `unknown_sources`.
_TOLD_ELSEWHERE = {"citations"}

MISSING = "is missing"

_REQUIRED = re.compile("'([a-z0-9_]+)' is a required property")
_DEPENDENT = re.compile("'([a-z0-9_]+)' is a dependency of '([a-z0-9_]+)'")


def entry(record: Record) -> DatasetEntry:
    """A record in the form that the loader of files checks and saves."""
    place: Place = ("case",) if record.kind == "case" else (record.kind, 0)
    content = record.content if record.kind == "case" else [record.content]
    return DatasetEntry(
        record.kind, DatasetFile(Path(), {record.kind: content}), place, record.content
    )


def missing_columns(rows: Rows) -> Iterator[CellProblem]:
    """Rows that do not say what they belong to, which no schema knows of."""
    for name, sheet_rows in rows.items():
        wanted = [PARENTS[name]] if name in PARENTS else []
        if name == "citations":
            wanted = ["record", "source", "fields"]
        for row in sheet_rows:
            for column in wanted:
                if column not in row.written:
                    yield row.missing(column, MISSING)


def schema_problems(record: Record) -> Iterator[CellProblem]:
    """Everything in which a record differs from its schema; once for each cell."""
    start = 1 if record.kind == "case" else 2
    for error in validator(record.kind).iter_errors(entry(record).file.content):
        place = tuple(error.absolute_path)[start:]
        yield from _told(record, _explained(error, place))


def unknown_references(records: list[Record]) -> Iterator[CellProblem]:
    """Values that point at what is neither in the workbook nor in the database, and ids that do
    not fit what they belong to."""
    by_content = {id(record.content): record for record in records}
    for found, place, detail in reference_problems([entry(record) for record in records]):
        record = by_content[id(found.content)]
        place = place[1 if record.kind == "case" else 2 :]
        if not _TOLD_ELSEWHERE & set(place):
            yield from _told(record, [(place, detail)])


def unknown_sources(rows: Rows, who: Identities) -> Iterator[CellProblem]:
    """Rows that name a source which is neither in the workbook nor in the database."""
    named: list[tuple[Row, str]] = []
    for sheet_rows in rows.values():
        for row in sheet_rows:
            value = row.values.get("source", [])
            ids = value if isinstance(value, list) else [value]
            named += [(row, who.resolved(public_id)) for public_id in ids]
    brought = {who.ids[row] for row in rows.get("sources", [])}
    known = {pk for _, pk in stored({(Source, public_id) for _, public_id in named})} | brought
    for row, public_id in named:
        if public_id not in known and "source" not in row.faulty:
            yield row.problem("source", f"{public_id} is no known source")


Finding = tuple[Place, str]
"""Place in the document, and what is wrong there."""


def _told(record: Record, findings: Iterable[Finding]) -> Iterator[CellProblem]:
    for place, reason in findings:
        where = _where(record, place)
        if where is None:
            continue
        row, column = where
        if column in row.faulty or (column == "id" and row.numbered):
            continue
        yield row.missing(column, reason) if reason == MISSING else row.problem(column, reason)


def _where(record: Record, place: Place) -> tuple[Row, str] | None:
    """The cell of a value, missing ones included; null when no row describes what holds it."""
    for length in range(len(place), -1, -1):
        cell = record.cells.get(place[:length])
        if cell is None:
            continue
        row, column = cell
        rest = place[length:]
        if column or not rest:
            return cell
        column = next(
            (name for name, known in row.sheet.columns.items() if known.path == rest), ""
        ) or column_of(row, str(rest[0]))
        return (row, column) if column else None
    return None


def _explained(error: ValidationError, place: Place) -> Iterator[Finding]:
    """What a schema error means for an editor."""
    value: Any = error.instance
    if error.validator == "required":
        found = _REQUIRED.match(error.message)
        name = found[1] if found else ""
        if name == "defendants":
            yield (*place, "id"), "has no defendant; a row of the sheet defendants must name it"
        # Sources have rules of their own, see `citing.unsourced`.
        elif name != "citations":
            yield (*place, name), MISSING
    elif error.validator == "dependentRequired":
        found = _DEPENDENT.match(error.message)
        if found:
            yield (*place, found[1]), f"is missing; it goes with {found[2]}"
    elif error.validator == "minItems" and place[-1:] == ("defendants",):
        yield (*place[:-1], "id"), "has no defendant; a row of the sheet defendants must name it"
    elif error.validator == "minItems" and place[-1:] == ("citations",):
        return
    elif error.validator == "not" and isinstance(value, dict):
        together = [name for name in _named(error.validator_value) if name in value]
        if "outcome" in value:
            reason = f"does not go with the outcome {value['outcome']}"
        else:
            reason = f"only one of these may be filled in: {', '.join(together)}"
        yield (*place, together[0]), reason
    elif error.validator == "enum" and isinstance(error.validator_value, list):
        codes = [str(code) for code in error.validator_value]
        meant = did_you_mean(str(value), codes)
        yield place, f"{value} is not allowed{meant}; allowed: {', '.join(codes)}"
    elif error.validator == "additionalProperties" and isinstance(value, dict):
        schema: Any = error.schema
        known = schema.get("properties", {})
        for name in value:
            if name not in known:
                yield place, f"{name} is unknown here; allowed: {', '.join(known)}"
    elif error.validator == "pattern":
        schema = error.schema
        yield place, f"is not of the form expected: {schema.get('description', error.message)}"
    elif error.validator == "format" and error.cause:
        yield place, "; ".join(getattr(error.cause, "messages", [str(error.cause)]))
    else:
        yield place, error.message


def _named(schema: Any) -> list[str]:
    """The fields that a schema requires, at any depth."""
    if isinstance(schema, dict):
        own = list(schema.get("required", []))
        return own + [name for part in schema.get("anyOf", []) for name in _named(part)]
    return []

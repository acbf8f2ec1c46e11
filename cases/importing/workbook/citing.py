"""Sources of rows: which facts they support, and which facts have none."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from cases.importing import reading
from cases.importing.workbook.cells import tidy
from cases.importing.workbook.problems import CellProblem
from cases.importing.workbook.rows import Row
from cases.publishing.workflow.confirmations import plain, vouched

Content = dict[str, Any]
Merged = tuple[Content, list[Row]]

# Sheets whose rows are cited as a whole, in a field of the defendant.
LISTED = ("names", "payments")


class Cited(NamedTuple):
    """A citation as a row gives it."""

    row: Row
    citation: Content


def facts(row: Row) -> list[str]:
    """The fields that a row states and that need a source, in the order of its columns."""
    if row.sheet.name in LISTED:
        return [row.sheet.name]
    stated = [
        column.path[0]
        for column in row.sheet.columns.values()
        if column.path and column.name in row.values and column.path[0] in row.sheet.facts
    ]
    return list(dict.fromkeys(stated))


def citations(row: Row, problems: list[CellProblem]) -> Iterator[Cited]:
    """What the columns source, locator and fields of a row say."""
    sources = row.values.get("source", [])
    locators = [row.values.get("locator")] * min(len(sources), 1)
    if len(sources) > 1:
        given = row.values.get("locator")
        parts = [tidy(part) or None for part in given.split(";")] if given else []
        locators = parts or [None] * len(sources)
        if len(locators) != len(sources):
            reason = (
                f"gives {len(locators)} places for {len(sources)} sources; divide as many by "
                "semicolons, in the order of the sources, and leave one empty where there is none"
            )
            problems.append(row.problem("locator", reason))
            return
    fields = row.values.get("fields") or facts(row)
    if not fields:
        return
    for source, locator in zip(sources, locators, strict=True):
        citation: Content = {"source": source, "fields": list(fields)}
        if locator:
            citation["locator"] = locator
        yield Cited(row, citation)


def listed(row: Row, problems: list[CellProblem]) -> Cited | None:
    """What a row of the sheet citations says; null when something is missing in it."""
    values = dict(row.values)
    if "source" not in values or "fields" not in values:
        return None
    citation: Content = {
        name: values[name] for name in ("source", "locator", "fields") if name in values
    }
    if values.get("rank", "normal") != "normal":
        citation["rank"] = values["rank"]
    if "states" in values:
        file = reading.read(Path(), values["states"].encode())
        if file.problems or not isinstance(file.content, dict):
            detail = file.problems[0].detail if file.problems else "it has no colon"
            reason = f"can not be read; write a line a field, “sentence_months: 84” ({detail})"
            problems.append(row.problem("states", reason))
            return None
        citation["values"] = file.content
    return Cited(row, citation)


def merged(
    before: list[Content], given: list[Cited], changed: set[str], after: Content
) -> list[Merged]:
    """The citations of an object, each with the rows that give it.

    before: those that are stored. changed: fields that now have another value. A source that was
    cited for the old value says nothing of the new one, so it stays only where a row names it.
    """
    found: list[Merged] = []
    for citation in before:
        kept = deepcopy(citation)
        values = kept.get("values", {})
        kept["fields"] = [
            field for field in kept["fields"] if field not in changed or field in values
        ]
        # What this source states has become the value of the record.
        kept["values"] = {
            field: value
            for field, value in values.items()
            if field not in changed or value != after.get(field)
        }
        if not kept["values"]:
            del kept["values"]
        if kept["fields"]:
            found.append((kept, []))
    for row, citation in given:
        for known, rows in found:
            if _key(known) == _key(citation):
                known["fields"] += [
                    field for field in citation["fields"] if field not in known["fields"]
                ]
                rows.append(row)
                break
        else:
            known = deepcopy(citation)
            found.append((known, [row]))
        for field in citation["fields"]:
            if field in changed and field in after and field not in known.get("values", {}):
                # The row names its source beside the new value.
                known.setdefault("confirmed", {})[field] = vouched(plain(after[field]))
    return found


def _key(citation: Content) -> tuple[Any, ...]:
    return (
        citation["source"],
        citation.get("locator"),
        citation.get("rank", "normal"),
        citation.get("values", {}),
    )


def unsourced(row: Row, merged: list[Merged], added: bool) -> Iterator[CellProblem]:
    """The facts of a row that no citation supports. One more name or payment (`added`)
    needs one of its own."""
    supported = {
        field
        for citation, rows in merged
        if citation.get("rank") != "deprecated" and not (added and _of_another(row, rows))
        for field in citation["fields"]
        if field not in citation.get("values", {})
    }
    missing = [fact for fact in facts(row) if fact not in supported]
    if not missing or row.faulty & {"source", "locator", "fields"}:
        return
    if "source" not in row.values and "fields" not in row.values:
        yield row.problem("source", f"a source is missing, for {', '.join(missing)}")
        return
    for fact in missing:
        reason = "has no source; add it to fields, or cite it on the sheet citations"
        yield row.problem(column_of(row, fact), reason)


def _of_another(row: Row, rows: list[Row]) -> bool:
    """Whether a citation is stored, or stands only beside other names or payments."""
    return all(other is not row and other.sheet.name in LISTED for other in rows)


def column_of(row: Row, fact: str) -> str:
    """The column that holds a field in this row: of several, the first that is filled in."""
    names = [
        column.name
        for column in row.sheet.columns.values()
        if column.path and column.path[0] == fact
    ]
    return next((name for name in names if name in row.written), names[0] if names else "")

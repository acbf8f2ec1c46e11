"""What an editor decided on rows that may be a record which is there already."""

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO

from cases.importing.validating import stored
from cases.importing.workbook.cells import tidy
from cases.importing.workbook.columns import DECIDED, PARENTS
from cases.importing.workbook.identities import IDENTIFIED, OWNER, Rows
from cases.importing.workbook.problems import CellProblem, FileError
from cases.importing.workbook.rows import Row

Decisions = Mapping[tuple[str, int], str]
"""Decision by sheet and row: new, skip, or same as and an id."""

_SAME = re.compile(r"same as (\S+)", re.IGNORECASE)


def read(content: bytes) -> Decisions:
    """Decisions from a CSV file with the columns sheet, row and decision."""
    try:
        lines = list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
        return {(line["sheet"], int(line["row"])): line["decision"] for line in lines}
    except (UnicodeDecodeError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise FileError(
            "decisions stand in a CSV file in UTF-8 with the columns sheet, row and decision"
        ) from error


def apply(rows: Rows, decisions: Decisions) -> tuple[Rows, dict[Row, str], list[CellProblem]]:
    """The rows that remain, the ids of those that are something else, and what is wrong."""
    problems: list[CellProblem] = []
    known = {(row.sheet.name, row.number): row for name in rows for row in rows[name]}
    for (sheet, number), decision in decisions.items():
        row = known.get((sheet, number))
        if row is None or sheet not in DECIDED:
            reason = "is decided on, but there is nothing to decide in this row"
            problems.append(CellProblem(sheet, number, "decision", decision, reason))
        else:
            row.values["decision"] = row.written["decision"] = decision
    skipped: list[Row] = []
    same: dict[Row, str] = {}
    for row in known.values():
        if "decision" not in row.values:
            continue
        decision = tidy(row.values["decision"])
        found = _SAME.fullmatch(decision)
        if found:
            same[row] = found[1]
        elif decision.lower() == "skip":
            skipped.append(row)
        elif decision.lower() != "new":
            problems.append(row.problem("decision", "is none of: new, skip, same as KZ-0001"))
    problems += _unknown(same)
    gone = _with_what_hangs_on(skipped, rows)
    remaining = {
        name: [row for row in sheet_rows if row not in gone] for name, sheet_rows in rows.items()
    }
    return remaining, {row: pk for row, pk in same.items() if row not in gone}, problems


def _unknown(same: dict[Row, str]) -> Iterator[CellProblem]:
    known = stored({(IDENTIFIED[row.sheet.name], pk) for row, pk in same.items()})
    for row, pk in list(same.items()):
        if (IDENTIFIED[row.sheet.name], pk) not in known:
            del same[row]
            yield row.problem("decision", f"{pk} is no known record of this kind")
        elif "id" in row.values and row.values["id"] != pk and not row.numbered:
            yield row.problem("decision", f"the row has the id {row.values['id']} of its own")


def _with_what_hangs_on(skipped: list[Row], rows: Rows) -> set[Row]:
    gone = set(skipped)
    names = {str(row.values["id"]).casefold() for row in skipped if "id" in row.values}
    owners = {**PARENTS, **OWNER, "citations": "record"}
    # From the top down, so that one pass finds all.
    for sheet in ("defendants", "names", "payments", "services", "verdicts", "citations"):
        for row in rows.get(sheet, []):
            if str(row.values.get(owners[sheet], "")).casefold() in names:
                gone.add(row)
                if "id" in row.values:
                    names.add(str(row.values["id"]).casefold())
    return gone

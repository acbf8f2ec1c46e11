"""The rows of a workbook, each with the values that its cells mean."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from cases.importing.workbook import csv_files, encodings
from cases.importing.workbook.cells import LABEL, Cell, Line, did_you_mean, read, tidy
from cases.importing.workbook.columns import Column, Sheet, sheets
from cases.importing.workbook.encodings import Decoded
from cases.importing.workbook.limits import MAX_BYTES, MAX_ROWS
from cases.importing.workbook.problems import CellProblem, FileError, shown

if TYPE_CHECKING:
    from cases.importing.workbook.spreadsheets import Spreadsheet

# Sheets of the template that explain it.
EXPLAINING = ("read me", "columns", "codes")


@dataclass(eq=False)
class Row:
    """One row. header: the columns that its sheet has. values: by name of the column; cells that
    are empty or wrong are left out. written: the same as they stand in the sheet. faulty: columns
    with a problem."""

    sheet: Sheet
    number: int
    header: frozenset[str] = frozenset()
    values: dict[str, Any] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    @property
    def numbered(self) -> bool:
        """Whether its id is given by us, as it has none or only a label."""
        return LABEL.fullmatch(self.written.get("id", "new-1").strip()) is not None

    def problem(self, column: str, reason: str) -> CellProblem:
        self.faulty.add(column)
        value = shown(self.written.get(column))
        return CellProblem(self.sheet.name, self.number, column, value, reason)

    def missing(self, column: str, reason: str) -> CellProblem:
        """Nothing stands where something must: told once where the whole column is missing."""
        problem = self.problem(column, reason)
        if column in self.header:
            return problem
        return CellProblem(self.sheet.name, 1, column, "", "the column is missing")


Found = Row | CellProblem | Decoded


def rows_of(file: IO[bytes], name: str, csv_sheet: str | None = None) -> Iterator[Found]:
    """Everything in a file: its rows, problems with cells, columns and sheets, and how it was
    decoded if that had to be guessed.

    name: of the file; a CSV file is named after its sheet, unless `csv_sheet` says which it is.
    FileError when it can not be read at all.
    """
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise FileError(f"it is larger than {MAX_BYTES:,} bytes; split it")
    file.seek(0)
    if file.read(4)[:2] == b"PK" or PurePath(name).suffix.lower() not in (".csv", ".txt", ".tsv"):
        file.seek(0)
        found = _spreadsheet(file)
    else:
        file.seek(0)
        found = _csv(file.read(), name, csv_sheet)
    count = 0
    for one in found:
        count += isinstance(one, Row)
        if count > MAX_ROWS:
            raise FileError(f"it has more than {MAX_ROWS:,} rows; split it")
        yield one


def _csv(content: bytes, name: str, csv_sheet: str | None) -> Iterator[Found]:
    stem = csv_sheet or PurePath(name).stem.lower()
    sheet = sheets().get(stem)
    if sheet is None:
        raise FileError(
            "a CSV file holds one sheet; name the file after it (such as statistics.csv), or say "
            f"which it is: {', '.join(sheets())}"
        )
    found = encodings.decoded(content)
    if found.sample:
        yield found
    yield from _rows(sheet, csv_files.lines(found.text, found.encoding, sheet), sheet.name)


def _spreadsheet(file: IO[bytes]) -> Iterator[Found]:
    # Takes memory and half a second that only a process needs that reads spreadsheets.
    from cases.importing.workbook.spreadsheets import Spreadsheet

    book = Spreadsheet(file)
    try:
        known = 0
        for title in book.hidden:
            if _sheet(title):
                reason = "the sheet is hidden; show it, or delete it if it is not to be imported"
                yield CellProblem(title, 0, "", "", reason)
                known += 1
        for title in book.sheets:
            sheet = _sheet(title)
            if sheet:
                known += 1
                yield from _rows(sheet, book.lines(title), title)
                yield from book.merged(title)
            elif tidy(title).lower() not in EXPLAINING and _used(book, title):
                meant = did_you_mean(tidy(title), sheets())
                reason = f"is no known sheet{meant}; known: {', '.join(sheets())}"
                yield CellProblem(title, 0, "", "", reason)
                known += 1
        if not known:
            raise FileError(f"it has none of these sheets: {', '.join(sheets())}")
    finally:
        book.close()


def _sheet(title: str) -> Sheet | None:
    return sheets().get(tidy(title).lower())


def _used(book: "Spreadsheet", title: str) -> bool:
    return any(not cell.empty for _, cells in book.lines(title) for cell in cells)


def _rows(sheet: Sheet, lines: Iterator[Line], title: str) -> Iterator[Found]:
    first = next(lines, None)
    if first is None:
        return
    number, header = first
    if number > 1 or all(cell.empty for cell in header):
        filled = chain([first], lines)
        if any(not cell.empty for _, cells in filled for cell in cells):
            reason = f"row 1 is empty; it must name the columns: {', '.join(sheet.columns)}"
            yield CellProblem(title, 1, "", "", reason)
        return
    problems, columns = _header(sheet, header, title)
    yield from problems
    if not columns:
        return
    nameless: set[int] = set()
    names = frozenset(column.name for column in columns.values())
    for number, cells in lines:
        if all(cell.empty for cell in cells):
            continue
        row = Row(sheet, number, names)
        for place, cell in enumerate(cells):
            if cell.empty:
                continue
            column = columns.get(place)
            if column:
                yield from _filled(row, column, cell)
            elif place not in nameless and (place >= len(header) or header[place].empty):
                nameless.add(place)
                reason = f"column {place + 1} has no name in row 1; name it or empty it"
                yield CellProblem(title, number, "", shown(cell), reason)
        yield row


def _filled(row: Row, column: Column, cell: Cell) -> Iterator[CellProblem]:
    row.written[column.name] = str(cell)
    try:
        row.values[column.name] = read(cell, column)
    except ValueError as error:
        yield row.problem(column.name, str(error))


def _header(
    sheet: Sheet, header: list[Cell], title: str
) -> tuple[list[CellProblem], dict[int, Column]]:
    """What is wrong with the names of the columns, and which column stands where."""
    problems: list[CellProblem] = []
    columns: dict[int, Column] = {}
    for place, cell in enumerate(header):
        if cell.empty:
            continue
        name = tidy(str(cell)).lower().replace(" ", "_")
        column = sheet.columns.get(name)
        if column is None:
            meant = did_you_mean(name, sheet.columns)
            reason = f"is no known column{meant}; known: {', '.join(sheet.columns)}"
            problems.append(CellProblem(title, 1, shown(cell), "", reason))
        elif column in columns.values():
            problems.append(CellProblem(title, 1, name, "", "stands twice in row 1"))
        else:
            columns[place] = column
    if problems and not columns:
        reason = f"row 1 names no known column; it must hold: {', '.join(sheet.columns)}"
        return [CellProblem(title, 1, "", shown(header[0]), reason)], {}
    return problems, columns

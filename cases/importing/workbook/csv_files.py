"""Reading CSV files, as Excel and others in our countries write them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from cases.importing.workbook.cells import Cell, Line, tidy
from cases.importing.workbook.columns import Sheet
from cases.importing.workbook.encodings import ENCODINGS
from cases.importing.workbook.limits import MAX_COLUMNS
from cases.importing.workbook.problems import FileError

DELIMITERS = ",;\t"
MAX_LINES = 1_000_000  # empty ones included

# Most 8-bit encodings have no Kazakh letters: Excel writes a question mark instead.
_LOST = re.compile("[А-Яа-яЁё]\\?[А-Яа-яЁё]|\\?[а-яё]")


def lines(text: str, encoding: str, sheet: Sheet) -> Iterator[Line]:
    """The rows of a CSV file for one sheet, with their numbers. All cells are text."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text, sheet), strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if number > MAX_LINES:
                raise FileError(f"it has more than {MAX_LINES:,} lines, empty ones included")
            if len(row) > MAX_COLUMNS and any(map(tidy, row[MAX_COLUMNS:])):
                raise FileError(f"line {reader.line_num} has more than {MAX_COLUMNS} columns")
            yield number, [_cell(value, encoding) for value in row[:MAX_COLUMNS]]
    except csv.Error as error:
        raise FileError(f"line {reader.line_num} is no CSV: {error}") from error


def _delimiter(text: str, sheet: Sheet) -> str:
    """The delimiter that finds most known columns in the header."""
    header = text.partition("\n")[0]

    def known(delimiter: str) -> int:
        names = next(csv.reader([header], delimiter=delimiter), [])
        return sum(tidy(name).lower() in sheet.columns for name in names)

    return max(DELIMITERS, key=known)


def _cell(value: str, encoding: str) -> Cell:
    if encoding in ENCODINGS and _LOST.search(value):
        return Cell(
            value,
            fault=f"seems to have lost letters that {ENCODINGS[encoding][0]} does not know; save "
            "the file as CSV UTF-8 and type them again",
        )
    return Cell(value or None)

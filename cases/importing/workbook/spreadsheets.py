"""Reading XLSX files: row by row, and with limits on what an upload may cost."""

import re
from collections.abc import Iterator
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from cases.importing.workbook.cells import Cell
from cases.importing.workbook.problems import CellProblem, FileError

MAX_BYTES = 20_000_000  # of the file
MAX_UNPACKED = 300_000_000  # bytes of what is packed in it
MAX_ROWS = 100_000  # in all sheets, without empty ones
MAX_COLUMNS = 200  # what stands further right is not read

Line = tuple[int, list[Cell]]

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:]+)\"")
_BLOCK = 1 << 20
_NOTE = 200  # bytes that the note of a merge does not exceed


class Spreadsheet:
    """An XLSX file. sheets: the visible ones; hidden: names of the others."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        _check(file)
        try:
            # Formulas stay formulas; macros, links and pictures are never looked at.
            self._book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except Exception as e:  # broken XML stumbles anywhere in openpyxl
            raise FileError(f"this is no workbook that can be read: {e}") from e
        sheets = [sheet for sheet in self._book if isinstance(sheet, ReadOnlyWorksheet)]
        self.sheets = [sheet.title for sheet in sheets if sheet.sheet_state == "visible"]
        self.hidden = [sheet.title for sheet in sheets if sheet.sheet_state != "visible"]

    def lines(self, name: str) -> Iterator[Line]:
        """The rows of a sheet with their numbers, blank ones included."""
        sheet: Any = self._book[name]
        # What the file says of its own size is often wrong.
        sheet.reset_dimensions()
        try:
            for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
                yield number, [_cell(cell) for cell in row]
        except Exception as error:  # as above
            raise FileError(f"sheet {name} can not be read: {error}") from error

    def merged(self, name: str) -> Iterator[CellProblem]:
        """Cells that are one on the screen; only the first of them holds the value."""
        sheet: Any = self._book[name]
        seen = set()
        try:
            with sheet._get_source() as source:
                rest = b""
                while block := source.read(_BLOCK):
                    block = rest + block
                    for found in _MERGED.finditer(block):
                        seen.add(found[1].decode())
                    rest = block[-_NOTE:]
        except Exception as error:  # as above
            raise FileError(f"sheet {name} can not be read: {error}") from error
        for area in sorted(seen):
            left, top, _, _ = range_boundaries(area)
            yield CellProblem(
                name,
                top or 0,
                get_column_letter(left),
                area,
                "cells are merged; unmerge them and fill in each",
            )

    def close(self) -> None:
        self._book.close()


def _check(file: IO[bytes]) -> None:
    head = file.read(len(_OLD_EXCEL))
    file.seek(0)
    if head == _OLD_EXCEL:
        raise FileError("this is an old or encrypted Excel file; save it as .xlsx without password")
    try:
        with ZipFile(file) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            names = {member.filename for member in archive.infolist()}
    except BadZipFile as error:
        raise FileError("this is no XLSX file; save it as .xlsx or .csv") from error
    if "content.xml" in names:
        raise FileError("this is an OpenDocument file; save it as .xlsx")
    if unpacked > MAX_UNPACKED:
        raise FileError(
            f"it unpacks to {unpacked:,} bytes, and {MAX_UNPACKED:,} are allowed; split it"
        )
    file.seek(0)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return _EMPTY
    if cell.data_type == "f":
        text = value if isinstance(value, str) else f"={getattr(value, 'text', '')}"
        return Cell(text, fault="is a formula; copy it and paste it as a value")
    if cell.data_type == "e":
        return Cell(value, fault="is an error of Excel; type the value")
    if cell.is_date:
        return Cell(value, cell.number_format)
    return Cell(value)


_EMPTY = Cell(None)

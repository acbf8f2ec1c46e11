"""Reading XLSX files: row by row, and with limits on what an upload may cost.

Time and memory follow what a file contains and not how far apart it is: rows and cells that are
not in the file are not made up, and nothing that was read is kept.
"""

from collections.abc import Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from cases.importing.workbook.cells import Cell, Line
from cases.importing.workbook.limits import MAX_COLUMNS
from cases.importing.workbook.problems import CellProblem, FileError

MAX_UNPACKED = 300_000_000  # bytes of what is packed in it
MAX_PART = 2_000_000  # bytes of its list of sheets and of its list of styles, each
# Of rows, cells and values in all sheets, formatted empty ones included; a filled cell has 2.
MAX_ELEMENTS = 10_000_000
# The same of one row. Excel has 16,384 columns.
MAX_ELEMENTS_AT_ONCE = 100_000

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MERGE, _STRING, _RUN, _TEXT = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("mergeCell", "si", "r", "t")
)


class Spreadsheet:
    """An XLSX file. sheets: the visible ones; hidden: names of the others."""

    def __init__(self, file: IO[bytes]) -> None:
        _check(file)
        self._elements = 0
        self._merged: dict[str, list[str]] = {}
        try:
            # Of the workbook nothing else is read: no links, macros, pictures and properties.
            reader = ExcelReader(file, read_only=True, keep_links=False)
            self._archive = _limited(reader.archive)
            reader.read_manifest()
            reader.read_workbook()
            apply_stylesheet(self._archive, reader.wb)
            self.parent = reader.wb  # where openpyxl looks up the number formats of cells
            found = [
                (sheet.name, sheet.state, rel.target)
                for sheet, rel in reader.parser.find_sheets()
                if "worksheet" in rel.Type and rel.target in reader.valid_files
            ]
            part = reader.package.find(SHARED_STRINGS)
            self._strings = list(self._texts(part.PartName[1:])) if part else []
        except FileError:
            raise
        except Exception as e:  # broken XML stumbles anywhere in openpyxl
            raise FileError(f"this is no workbook that can be read: {e}") from e
        self._parts = {name: target for name, _, target in found}
        self.sheets = [name for name, state, _ in found if state == "visible"]
        self.hidden = [name for name, state, _ in found if state != "visible"]

    def lines(self, name: str) -> Iterator[Line]:
        """The rows of a sheet that are in the file, with their numbers."""
        wb: Any = self.parent
        parser = WorkSheetParser(
            *(None, self._strings, False),
            epoch=wb.epoch,
            date_formats=wb._date_formats,
            timedelta_formats=wb._timedelta_formats,
        )
        self._merged[name] = []
        before = 0
        try:
            for element in self._read(self._parts[name], {ROW_TAG, _MERGE}):
                if element.tag == _MERGE:
                    self._merged[name].append(element.get("ref", ""))
                    continue
                for formula in element.iter(FORMULA_TAG):
                    # It is refused anyway, and to work out a shared one may take long.
                    formula.attrib.clear()
                number, cells = parser.parse_row(element)
                if number <= before:
                    raise FileError(f"sheet {name}: row {number} comes after row {before}")
                before = number
                yield number, self._line(name, number, cells)
        except FileError:
            raise
        except Exception as error:  # as above
            raise FileError(f"sheet {name} can not be read: {error}") from error

    def merged(self, name: str) -> Iterator[CellProblem]:
        """Cells that are one on the screen; only the first of them holds the value. They are known
        when all lines of the sheet have been read."""
        for area in sorted(set(self._merged.get(name, ()))):
            try:
                left, top, _, _ = range_boundaries(area)
            except (TypeError, ValueError) as error:
                raise FileError(f"sheet {name} can not be read: {error}") from error
            yield CellProblem(
                name,
                top or 0,
                get_column_letter(left or 1),
                area,
                "cells are merged; unmerge them and fill in each",
            )

    def close(self) -> None:
        self._archive.close()

    def _line(self, name: str, number: int, found: list[dict[str, Any]]) -> list[Cell]:
        line: list[Cell] = []
        for given in found:
            if given["value"] is None and given["data_type"] != "f":
                continue
            place = given["column"] - 1
            if place >= MAX_COLUMNS:
                raise FileError(
                    f"sheet {name}, row {number}: column {get_column_letter(place + 1)} is filled "
                    f"in, and only the first {MAX_COLUMNS} columns are read; empty the others"
                )
            line += [_EMPTY] * (place + 1 - len(line))
            line[place] = _cell(ReadOnlyCell(self, **given))
        return line

    def _texts(self, part: str) -> Iterator[str]:
        """The texts that cells refer to by number, without how they are spoken."""
        for element in self._read(part, {_STRING}):
            runs = [element, *element.findall(_RUN)]
            text = "".join(run.findtext(_TEXT) or "" for run in runs)
            yield text.replace("x005F_", "")

    def _read(self, part: str, wanted: set[str]) -> Iterator[Any]:
        """The elements of a part that have one of these tags. All that was read is let go, so that
        memory does not grow with the file. FileError when there are too many of anything."""
        above: list[Any] = []
        inside = held = 0
        with self._archive.open(part) as source:
            for event, element in iterparse(source, ("start", "end")):
                if event == "start":
                    above.append(element)
                    inside += element.tag in wanted
                    held += 1
                    self._elements += 1
                    if self._elements > MAX_ELEMENTS or held > MAX_ELEMENTS_AT_ONCE:
                        raise FileError(
                            "it has too many rows and cells, empty ones that are formatted "
                            f"included: {MAX_ELEMENTS:,} in all and {MAX_ELEMENTS_AT_ONCE:,} in a "
                            "row are allowed; delete what is empty, or split it"
                        )
                    continue
                above.pop()
                if element.tag in wanted:
                    inside -= 1
                    yield element
                if not inside:
                    held = 0
                    element.clear()
                    if above:
                        del above[-1][:]


def _check(file: IO[bytes]) -> None:
    head = file.read(len(_OLD_EXCEL))
    file.seek(0)
    if head == _OLD_EXCEL:
        raise FileError("this is an old or encrypted Excel file; save it as .xlsx without password")
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise FileError("this is no XLSX file; save it as .xlsx or .csv") from error
    if any(member.filename == "content.xml" for member in members):
        raise FileError("this is an OpenDocument file; save it as .xlsx")
    if any(member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for member in members):
        # Others ask for as much memory as the file says.
        raise FileError("it is packed in a way that Excel does not use; save it with Excel")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise FileError(
            f"it unpacks to {unpacked:,} bytes, and {MAX_UNPACKED:,} are allowed; split it"
        )
    file.seek(0)


def _limited(archive: ZipFile) -> ZipFile:
    """The archive, whose parts can be read as a whole only if they are small."""
    read = archive.read

    def read_small(name: str, pwd: bytes | None = None) -> bytes:
        size = archive.getinfo(name).file_size
        if size > MAX_PART:
            raise FileError(
                f"its part {name} has {size:,} bytes, and {MAX_PART:,} are allowed; copy the "
                "values into an empty workbook"
            )
        return read(name, pwd)

    archive.read = read_small  # type: ignore[method-assign,assignment]
    return archive


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

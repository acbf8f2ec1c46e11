"""XLSX: typed cells, and a second sheet about the first."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from tempfile import TemporaryDirectory, TemporaryFile
from traceback import clear_frames
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from cases.exporting.columns import Column, Type
from cases.exporting.export import Export, UnfitError, joined

# What Excel can hold: rows of a sheet without the header, characters of a cell, and its calendar.
MAX_ROWS = 1_048_575
MAX_TEXT = 32_767
FIRST_YEAR = 1900

BLOCK = 1 << 16

Write = Callable[[Worksheet, int, int, Any], object]


def write_xlsx(export: Export) -> Iterator[bytes]:
    """Rows go to a file as they come; only one is in memory. OSError when the disk is full."""
    # XlsxWriter leaves its files behind when it fails, so they have a folder that is removed.
    with TemporaryDirectory(prefix="cases-api-xlsx-") as folder, TemporaryFile() as file:
        options = {"constant_memory": True, "remove_timezone": True, "tmpdir": folder}
        try:
            with Workbook(file, options) as book:
                # The same rows always give the same file.
                book.set_properties({"created": export.about.published_at or datetime(2000, 1, 1)})
                _rows(book, export)
                _about(book, export)
        except FileCreateError as error:
            failure: OSError = error.args[0]
            # XlsxWriter leaves its files open. The ZIP file is ended now, while its place is there.
            file.truncate(0)
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            for traceback in (error.__traceback__, failure.__traceback__):
                clear_frames(traceback)
            raise failure from None
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _rows(book: Workbook, export: Export) -> None:
    sheet = book.add_worksheet(export.table.name)
    sheet.freeze_panes(1, 0)
    header = book.add_format({"bold": True})
    for place, column in enumerate(export.columns):
        sheet.write_string(0, place, column.name, header)
    writers = [_writer(book, column) for column in export.columns]
    line = 0
    for rows in export.rows():
        for row in rows:
            line += 1
            if line > MAX_ROWS:
                raise UnfitError(f"An Excel sheet holds no more than {MAX_ROWS:,} rows.")
            for place, (write, value) in enumerate(zip(writers, row, strict=True)):
                if value is None or value == []:
                    continue
                if isinstance(value, list):
                    value = joined(value)
                if isinstance(value, str) and len(value) > MAX_TEXT:
                    name = export.columns[place].name
                    raise UnfitError(
                        f"{name} of {row[0]} has {len(value):,} characters; an Excel cell holds "
                        f"{MAX_TEXT:,}."
                    )
                write(sheet, line, place, value)


def _writer(book: Workbook, column: Column) -> Write:
    """Puts a value into a cell of the column's type; text is never read as a formula or link."""
    text: Write = Worksheet.write_string
    typed: dict[Type, Write] = {
        Type.INTEGER: Worksheet.write_number,
        Type.NUMBER: Worksheet.write_number,
        Type.BOOLEAN: Worksheet.write_boolean,
        Type.DAY: _dates(date.fromisoformat, book.add_format({"num_format": "yyyy-mm-dd"})),
        Type.MOMENT: _dates(
            datetime.fromisoformat, book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        ),
    }
    return text if column.many else typed.get(column.type, text)


def _dates(parse: Callable[[str], date], form: Any) -> Write:
    def write(sheet: Worksheet, row: int, place: int, value: str) -> None:
        day = parse(value)
        if day.year < FIRST_YEAR:
            sheet.write_string(row, place, value)
        else:
            sheet.write_datetime(row, place, day, form)

    return write


def _about(book: Workbook, export: Export) -> None:
    about, table = export.about, export.table
    lines = [
        ("Dataset", "Cases API"),
        ("Sheet", table.name),
        ("A row is", table.row),
        ("Publication", str(about.publication)),
        ("Published at", about.published_at.isoformat() if about.published_at else ""),
        ("Permalink", about.permalink),
        ("Licence", " ".join(about.licence)),
        ("Cite as", about.citation),
        ("Columns", about.codebook),
        ("Lists", "items divided by “; ”, a semicolon within an item behind a backslash"),
        ("Empty cell", "not known, or as the codebook says"),
        *((f"Filter {name}", value) for name, value in about.selection),
    ]
    sheet = book.add_worksheet("about")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    for line, (name, value) in enumerate(lines):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, value)

"""CSV and NDJSON."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from cases.exporting.export import Export, joined

BOM = b"\xef\xbb\xbf"

# A spreadsheet takes text that begins like this for a formula, or drops the first character.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(export: Export) -> Iterator[bytes]:
    """RFC 4180 with a header line, in UTF-8; divided by the delimiter of the export."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, delimiter=export.delimiter, lineterminator="\r\n")
    if export.bom:
        yield BOM
    writer.writerow(column.name for column in export.columns)
    yield _taken(page)
    for rows in export.rows(_cell):
        writer.writerows(rows)
        yield _taken(page)


def write_ndjson(export: Export) -> Iterator[bytes]:
    """The published documents as they are, one a line."""
    for bodies in export.chunks():
        yield b"\n".join([*bodies, b""])


def _cell(value: Any) -> Any:
    """As it goes into a CSV cell; null is empty, numbers stay numbers, text is never a formula."""
    if value is None:
        return None
    kind = type(value)
    if kind is list:
        value = joined(value)
    elif kind is bool:
        # Capitals: R, pandas, DuckDB and spreadsheets all take these for booleans.
        return "TRUE" if value else "FALSE"
    elif kind is not str:
        return value
    return f"'{value}" if value.startswith(FORMULA) else value


def _taken(page: io.StringIO) -> bytes:
    written = page.getvalue().encode()
    page.seek(0)
    page.truncate()
    return written

"""The formats that a whole selection can be had in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cases.exporting.columns import Table
from cases.exporting.export import Export
from cases.exporting.formats.geojson import write_geojson
from cases.exporting.formats.parquet import write_parquet
from cases.exporting.formats.text import write_csv, write_ndjson
from cases.exporting.formats.workbook import MAX_ROWS, write_xlsx


@dataclass(frozen=True)
class Format:
    """name: value of `format`, and suffix of the file. flat: has the columns of the table; else
    the documents. packed: is compressed in itself. max_rows: null = any number."""

    name: str
    media_type: str
    write: Callable[[Export], Iterator[bytes]]
    charset: str | None = None
    flat: bool = True
    packed: bool = False
    max_rows: int | None = None

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type


CSV = Format("csv", "text/csv", write_csv, charset="utf-8")
NDJSON = Format("ndjson", "application/x-ndjson", write_ndjson, flat=False)
XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write_xlsx,
    packed=True,
    max_rows=MAX_ROWS,
)
GEOJSON = Format("geojson", "application/geo+json", write_geojson)
PARQUET = Format("parquet", "application/vnd.apache.parquet", write_parquet, packed=True)

FORMATS = {form.name: form for form in (CSV, NDJSON, XLSX, GEOJSON, PARQUET)}


def offered(table: Table) -> list[Format]:
    """What a table can be had in: on a map only what has a region."""
    if table.record is None:
        return [CSV]
    return [form for form in FORMATS.values() if form is not GEOJSON or table.region]

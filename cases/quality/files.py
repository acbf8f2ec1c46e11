"""The text in a file that the program serves, whatever its format."""

from io import BytesIO
from typing import Any


def text_of(content: bytes, form: str) -> str:
    """Everything that can be read in a file; one value a line where the format has cells."""
    # What reads these takes memory that only a process needs that redacts.
    if form == "xlsx":
        from openpyxl import load_workbook

        book = load_workbook(BytesIO(content), read_only=True)
        return "\n".join(
            str(cell)
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        )
    if form == "parquet":
        from pyarrow import parquet

        table = parquet.read_table(BytesIO(content))
        return "\n".join(_values([*table.to_pylist(), dict(table.schema.metadata or {})]))
    return content.decode(errors="replace")


def _values(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _values(part)]
    if isinstance(value, list):
        return [text for part in value for text in _values(part)]
    return [value.decode(errors="replace") if isinstance(value, bytes) else str(value)]

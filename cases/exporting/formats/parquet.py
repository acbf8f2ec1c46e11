"""Parquet with typed columns."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from cases.exporting.columns import Column, Type
from cases.exporting.export import About, Export, Row

if TYPE_CHECKING:
    import pyarrow

# Rows of a row group, which is built in memory.
GROUP = 2_000


def write_parquet(export: Export) -> Iterator[bytes]:
    """A row group at a time. The metadata of the file holds publication, permalink and licence."""
    # Loading it takes memory and time that a process without such an export need not spend.
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    fields = [_field(column) for column in export.columns]
    parsers = [_parser(column) for column in export.columns]
    schema = pyarrow.schema(fields, metadata=_metadata(export.about))
    page = io.BytesIO()
    with ParquetWriter(page, schema, compression="zstd") as writer:
        for rows in _groups(export.rows()):
            arrays = [
                pyarrow.array([parse(value) for value in values], field.type)
                for parse, values, field in zip(
                    parsers, zip(*rows, strict=True), fields, strict=True
                )
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            yield _taken(page)
    yield _taken(page)


def _groups(chunks: Iterator[list[Row]]) -> Iterator[list[Row]]:
    group: list[Row] = []
    for rows in chunks:
        group += rows
        if len(group) >= GROUP:
            yield group
            group = []
    if group:
        yield group


def _field(column: Column) -> "pyarrow.Field":
    import pyarrow

    types = {
        Type.TEXT: pyarrow.string(),
        Type.INTEGER: pyarrow.int64(),
        Type.NUMBER: pyarrow.float64(),
        Type.BOOLEAN: pyarrow.bool_(),
        Type.DAY: pyarrow.date32(),
        Type.MOMENT: pyarrow.timestamp("us", "UTC"),
    }
    kind = types[column.type]
    about = {"description": column.description} | ({"unit": column.unit} if column.unit else {})
    return pyarrow.field(column.name, pyarrow.list_(kind) if column.many else kind, metadata=about)


def _parser(column: Column) -> Any:
    parse = {Type.DAY: date.fromisoformat, Type.MOMENT: datetime.fromisoformat}.get(column.type)
    if parse is None:
        return lambda value: value
    return lambda value: None if value is None else parse(value)


def _metadata(about: About) -> dict[str, str]:
    name, url = about.licence
    return {
        "publication": str(about.publication),
        "published_at": about.published_at.isoformat() if about.published_at else "",
        "permalink": about.permalink,
        "licence": f"{name} {url}",
        "citation": about.citation,
        "codebook": about.codebook,
        "selection": orjson.dumps(about.selection).decode(),
    }


def _taken(page: io.BytesIO) -> bytes:
    written = page.getvalue()
    page.seek(0)
    page.truncate()
    return written

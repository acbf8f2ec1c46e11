"""The codebook: what every column of every table means, as JSON and as a page."""

from collections.abc import Iterator
from typing import Any

from cases.exporting.columns import Column, Table, Take, Vocabulary
from cases.exporting.formats import offered
from cases.exporting.tables import EVERY_TABLE
from cases.publishing.serializers.fields import API

Json = dict[str, Any]

INTRODUCTION = {
    "csv": "RFC 4180 in UTF-8 with a header line. Text that a spreadsheet would take for a formula "
    "(it begins with = + - @, a tab or a line break) has an apostrophe in front. `bom=true` puts a "
    "byte order mark first, for Excel; `delimiter=semicolon` divides by semicolons, as Excel "
    "expects where the comma is the decimal sign; numbers keep their point. Booleans are `TRUE` "
    "and `FALSE`.",
    "ndjson": "The JSON documents as the API serves them, one a line, byte for byte.",
    "xlsx": "One sheet of records with typed cells, and a sheet “about”. A selection that Excel "
    "cannot hold (1,048,575 records, 32,767 characters a cell) is refused, never cut.",
    "geojson": "Points on the centroid of the region of the court of first instance (`precision` "
    "is `region_centroid`): a region is meant, never a place. Unknown is no geometry.",
    "parquet": "Typed columns; publication, permalink and licence in the metadata of the file.",
    "empty": "An empty cell, or null, means what the column says: mostly that it is not known.",
    "lists": "In CSV and XLSX the items of a list are divided by `; `; a semicolon or backslash "
    "within an item has a backslash in front. Parquet and GeoJSON have real lists. Lists of one "
    "object's parts, such as payments, keep an empty item for what is not known, so that they "
    "stand side by side.",
    "dates": "A date known in part has three columns: the EDTF date as stated, and the first and "
    "last day that it may mean.",
    "provenance": "With `provenance=inline` each column of a fact is followed by "
    "`<column>__sources`: the sources cited for it with the place in each, such as "
    "`SRC-0005 ¶7; SRC-0010 ¶1`. `(differs)` marks a source that states something else, "
    "`(deprecated)` one that is outdated. A field in several languages has the same in each.",
    "footnotes": "With `provenance=footnote` it is followed by `<column>__footnotes` instead: for "
    "each source publisher, title, day, address and the place in words, such as `Synthetic Daily, "
    "“A report”, 2025-02-14, https://synthetic.example/1, paragraphs 1–6`. What is not known is "
    "left out. `(states something else)` and `(outdated)` mark sources as above.",
    "publications": "`dataset_publication` is the publication of the file, which is the one to "
    "cite; `version_publication` the one that brought this version of the record.",
    "languages": "Texts of ours (summaries, what was counted and by whom, remarks, places, laws, "
    "conduct of an article, promises) are written in English. Their Russian and Kazakh versions "
    "are translations of ours, not quotations, and rest on the same citations. So are names of "
    "courts and formations in Russian where no source prints one. A language that is missing is "
    "null.",
    "parts": "`fields` and `omit` leave out the columns whose path they leave out; of NDJSON they "
    "leave out the parts themselves.",
    "complete": "A file is the whole selection at one publication. `Dataset-Count` says how many "
    "records it holds, `Content-Length` how many bytes, `Repr-Digest` their SHA-256 as sent, "
    "which is compressed where `Content-Encoding` says so, and `Unencoded-Digest` that of the file "
    "without compression: of what a client has that decompresses by itself.",
}


def codebook() -> Json:
    return {
        "about": INTRODUCTION,
        "tables": {table.name: _table(table) for table in EVERY_TABLE},
    }


def _table(table: Table) -> Json:
    return {
        "row": table.row,
        "formats": [form.name for form in offered(table)],
        "columns": [_column(column) for column in table.columns],
    }


def _column(column: Column) -> Json:
    cited = column.citation
    vocabulary = column.vocabulary
    return {
        "name": column.name,
        "type": column.type,
        "list": column.many,
        "unit": column.unit,
        "description": column.description,
        "null": column.null,
        "path": column.path,
        "take": column.take,
        "vocabulary": vocabulary
        and [{"code": code, "label": label} for code, label in _labelled(vocabulary)],
        "codes": column.codes and f"{API}/{column.codes}/",
        "citations": cited and {"objects": cited.objects, "field": cited.field},
    }


def _labelled(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    return [(str(code), str(label)) for code, label in vocabulary.choices]


def page() -> str:
    """The codebook in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Codebook"
    yield ""
    yield "<!-- Written by `manage.py write_codebook`; change the declarations in"
    yield "cases/exporting/tables/ instead. -->"
    yield ""
    yield "What every column of the files means (`?format=csv` and so on). The same as JSON stands"
    yield f"at `{API}/codebook/`."
    yield ""
    for name, text in INTRODUCTION.items():
        yield f"- **{name}**: {text}"
    for table in EVERY_TABLE:
        yield from _section(table)
    yield from _vocabularies()


def _section(table: Table) -> Iterator[str]:
    yield ""
    yield f"## {table.name}"
    yield ""
    yield f"{table.row} Formats: json, {', '.join(form.name for form in offered(table))}."
    yield ""
    yield "| column | type | what | empty means | values | in the document | cited |"
    yield "|---|---|---|---|---|---|---|"
    for column in table.columns:
        cells = (
            f"`{column.name}`",
            _type(column),
            column.description,
            column.null,
            _values(column),
            _path(column),
            _cited(column),
        )
        yield f"| {' | '.join(cells)} |"


def _type(column: Column) -> str:
    kind = f"list of {column.type}" if column.many else str(column.type)
    return f"{kind}, {column.unit}" if column.unit else kind


def _values(column: Column) -> str:
    if column.vocabulary:
        name = column.vocabulary.__name__
        return f"[{name}](#{name.lower()})"
    return f"`{API}/{column.codes}/`" if column.codes else ""


def _path(column: Column) -> str:
    if column.take is Take.FILE:
        return "not in it: of the file"
    plain = column.take in (Take.ONE, Take.EACH)
    return f"`{column.path}`" if plain else f"{column.take} of `{column.path}`"


def _cited(column: Column) -> str:
    cited = column.citation
    return "" if cited is None else f"`{cited.field}`"


def _vocabularies() -> Iterator[str]:
    used = {
        column.vocabulary.__name__: column.vocabulary
        for table in EVERY_TABLE
        for column in table.columns
        if column.vocabulary
    }
    yield ""
    yield "# Vocabularies"
    for name, vocabulary in sorted(used.items()):
        yield ""
        yield f"## {name}"
        yield ""
        yield "| code | meaning |"
        yield "|---|---|"
        for code, label in _labelled(vocabulary):
            yield f"| `{code}` | {label} |"

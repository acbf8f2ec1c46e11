"""The workbook to fill in, made from the schemas; empty, or with records that exist."""

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from cases.importing.workbook.columns import PARENTS, Column, Sheet, Type, sheets
from cases.importing.workbook.limits import MAX_ROWS

Lines = Mapping[str, Iterable[Mapping[str, Any]]]
"""Values by column, for each row of each sheet."""

# What an empty cell means, where it does not mean that something is not known.
_EMPTY = {
    "id": "a number is given",
    "source": "the sources are on the sheet citations",
    "locator": "the place was not recorded",
    "fields": "all that the row states",
    "decision": "not decided, or nothing to decide",
    "rank": "normal",
    "script": "seen from the letters",
}

_INTRODUCTION = (
    "One sheet a kind, one row a record. Leave sheets and cells empty that you do not need: an "
    "empty cell means not known, and in a row of a record that exists it changes nothing.",
    "Nothing is written until every row is clean, and what arrives is a draft.",
    "Every row that states facts names its source: in source, or on the sheet citations.",
    "Write new-1, new-2 … as id of what is new and refer to it by that; leave id empty if nothing "
    "refers to it.",
    "Dates: 2025, 2025-02 or 2025-02-14; ~ behind it for approximate, ? for uncertain; "
    "2022-09/2022-11 for between. The cells are text, so that Excel leaves them alone.",
    "Names of people stand on the sheet names only.",
    "Columns with a dark header must be filled in for new records.",
)

_WIDTHS = {Type.DATE: 14, Type.WHOLE: 10, Type.NUMBER: 10, Type.YES_NO: 10, Type.CODE: 18}
_TIP = 250  # characters that Excel shows beside a cell


def template(filled: Lines | None = None) -> bytes:
    """An XLSX file. `filled` puts rows into its sheets, by the names of their columns."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "must": book.add_format({"bold": True, "bg_color": "#1f3a5f", "font_color": "white"}),
            "may": book.add_format({"bold": True, "bg_color": "#dde5ee"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        data = {sheet.name: book.add_worksheet(sheet.name) for sheet in sheets().values()}
        _explain(book.add_worksheet("columns"), formats)
        lists = _codes(book.add_worksheet("codes"), formats)
        for sheet in sheets().values():
            _sheet(data[sheet.name], sheet, formats, lists)
            for number, line in enumerate((filled or {}).get(sheet.name, ()), 1):
                _row(data[sheet.name], sheet, number, line, formats)
    return file.getvalue()


def _sheet(
    page: Worksheet, sheet: Sheet, formats: dict[str, Any], lists: dict[tuple[str, ...], str]
) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns.values()):
        number = column.type in (Type.WHOLE, Type.NUMBER)
        page.set_column(
            place, place, _WIDTHS.get(column.type, 24), None if number else formats["text"]
        )
        page.write_string(0, place, column.name, formats["must" if column.required else "may"])
        rule: dict[str, Any] = {"validate": "any"}
        if column.codes and not column.many:
            rule = {"validate": "list", "source": lists[column.codes]}
        elif column.type is Type.YES_NO:
            rule = {"validate": "list", "source": ["yes", "no"]}
        rule |= {"input_title": column.name[:32], "input_message": column.what[:_TIP]}
        rule |= {"error_message": "Choose one from the list; the sheet columns explains them."}
        page.data_validation(1, place, MAX_ROWS, place, rule)


def _row(
    page: Worksheet, sheet: Sheet, number: int, line: Mapping[str, Any], formats: dict[str, Any]
) -> None:
    for place, name in enumerate(sheet.columns):
        value = line.get(name)
        if isinstance(value, bool):
            page.write_boolean(number, place, value)
        elif isinstance(value, int | float):
            page.write_number(number, place, value)
        elif value is not None:
            page.write_string(number, place, str(value), formats["text"])


def _explain(page: Worksheet, formats: dict[str, Any]) -> None:
    widths = (14, 26, 16, 10, 70, 34, 50)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    number = 0
    for text in _INTRODUCTION:
        page.merge_range(number, 0, number, len(widths) - 1, text, formats["wrap"])
        page.set_row(number, 32)
        number += 1
    names = ("sheet", "column", "type", "needed", "what", "empty means", "allowed")
    for place, name in enumerate(names):
        page.write_string(number, place, name, formats["may"])
    for sheet in sheets().values():
        for column in sheet.columns.values():
            number += 1
            for place, text in enumerate(_explained(sheet, column)):
                page.write_string(number, place, text, formats["wrap"])


def _explained(sheet: Sheet, column: Column) -> tuple[str, ...]:
    kind = f"{column.type}, several divided by ;" if column.many else str(column.type)
    needed = "yes" if column.required else ""
    empty = "" if column.required else _EMPTY.get(column.name, "not known")
    return (sheet.name, column.name, kind, needed, column.what, empty, ", ".join(column.codes))


def _codes(page: Worksheet, formats: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """Writes each vocabulary into a column; returns where it stands."""
    lists: dict[tuple[str, ...], str] = {}
    for sheet in sheets().values():
        for column in sheet.columns.values():
            if not column.codes or column.codes in lists:
                continue
            place = len(lists)
            letter = xl_col_to_name(place)
            page.set_column(place, place, 24)
            page.write_string(0, place, f"{sheet.name} {column.name}", formats["may"])
            for number, code in enumerate(column.codes, 1):
                page.write_string(number, place, code)
            lists[column.codes] = f"=codes!${letter}$2:${letter}${len(column.codes) + 1}"
    return lists


def lines(kind: str, contents: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Documents as rows, so that importing them changes nothing. kind: as in the files."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in sheets()}
    for content in contents:
        found["cases" if kind == "case" else kind].append(
            _line("cases" if kind == "case" else kind, content)
        )
        _cite(found, content)
        for person in content.get("defendants", ()):
            found["defendants"].append(_line("defendants", person) | {"case": content["id"]})
            _cite(found, person)
            for name in ("names", "payments", "services"):
                for item in person.get(name, ()):
                    found[name].append(_line(name, item) | {PARENTS[name]: person["id"]})
                    _cite(found, item)
        for ruling in content.get("verdicts", ()):
            found["verdicts"].append(_line("verdicts", ruling))
            _cite(found, ruling)
    return found


def _line(sheet: str, item: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for column in sheets()[sheet].columns.values():
        value: Any = item
        for step in column.path:
            value = value.get(step) if isinstance(value, dict) else None
        if column.path and value is not None:
            line[column.name] = _joined(value) if column.many else value
    return line


def _joined(items: list[str]) -> str:
    return "; ".join(str(item).replace(";", "\\;") for item in items)


def _cite(found: dict[str, list[dict[str, Any]]], item: dict[str, Any]) -> None:
    for citation in item.get("citations", ()):
        line = {"record": item["id"]} | {
            name: citation[name] for name in ("source", "locator", "rank") if name in citation
        }
        line["fields"] = _joined(citation["fields"])
        if "values" in citation:
            line["states"] = _states(citation["values"])
        found["citations"].append(line)


def _states(values: dict[str, Any]) -> str:
    # JSON is YAML, and needs no thought about quotes.
    return "\n".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
    )

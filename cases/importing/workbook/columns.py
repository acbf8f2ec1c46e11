"""The sheets and columns of a workbook, made from the schemas of the YAML files."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from cases.importing.validating import SCHEMAS

Path = tuple[str, ...]


class Type(StrEnum):
    """How a cell is read. DATE: EDTF. YAML: a mapping, as in the files."""

    TEXT = "text"
    CODE = "code"
    ID = "id"
    DATE = "date (EDTF)"
    WHOLE = "whole number"
    NUMBER = "number"
    YES_NO = "yes or no"
    YAML = "field: value"


@dataclass(frozen=True)
class Column:
    """One column. path: where its value stands in the object that the row describes; empty for
    columns about the row itself. many: items divided by semicolons. refers: to ids or labels.
    codes: all that is allowed; empty = anything of the type."""

    name: str
    what: str
    type: Type = Type.TEXT
    path: Path = ()
    many: bool = False
    refers: bool = False
    required: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One kind of row. facts: fields that need a source; empty = the rows are not cited."""

    name: str
    what: str
    columns: dict[str, Column]
    facts: tuple[str, ...] = ()

    @property
    def citing(self) -> bool:
        """Whether its rows name sources beside what they state."""
        return "source" in self.columns and self.name != "citations"


# Which object of which schema a sheet describes, in the order in which editors fill them in.
_OBJECTS: dict[str, tuple[str, str, str]] = {
    "sources": ("sources.json", "properties/sources/items", "a page, document or data file"),
    "cases": ("case.json", "$defs/case", "one prosecution"),
    "defendants": ("case.json", "$defs/defendant", "one accused person in a case"),
    "names": ("case.json", "$defs/defendant/properties/names/items", "one spelling of a name"),
    "payments": ("case.json", "$defs/defendant/properties/payments/items", "one payment"),
    "services": ("case.json", "$defs/service", "time with one formation"),
    "verdicts": ("case.json", "$defs/verdict", "what one court decided on one defendant"),
    "citations": (
        "case.json",
        "$defs/case/properties/citations/items",
        "one more source for a record, or one that states something else",
    ),
    "statistics": ("statistics.json", "$defs/statistic", "one figure that somebody published"),
    "publishers": ("publishers.json", "properties/publishers/items", "who publishes sources"),
    "courts": ("courts.json", "properties/courts/items", "a court"),
    "formations": ("formations.json", "properties/formations/items", "an armed formation"),
}

# What a row hangs on, and as which of its lists. A verdict names its defendant anyway.
PARENTS = {
    "defendants": "case",
    "names": "defendant",
    "payments": "defendant",
    "services": "defendant",
}

# New rows of these kinds may be a record that is there already.
DECIDED = ("sources", "cases", "defendants", "services", "verdicts", "statistics")

_LABEL = (
    "Empty or “new-1” (any word after “new-”): a number is given; other rows refer to the label."
)

_DECISION = Column(
    "decision",
    "Only where the import asks: new (it is another one); same as KZ-0001 (add this to that "
    "record); skip (leave this row and what hangs on it out).",
)
_CITING = (
    Column(
        "source",
        "Where the facts of this row are from: id of a source or its label. Several: divided by "
        "semicolons.",
        Type.ID,
        many=True,
        refers=True,
    ),
    Column(
        "locator",
        "Where in the source: ¶1-6, p. 2, title. For several sources as many places, divided by "
        "semicolons, empty where there is none.",
    ),
)
_FIELDS = Column(
    "fields",
    "Which fields of this row the source supports, divided by semicolons. Empty: all that the row "
    "states.",
    many=True,
)


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet that a workbook may have, by name."""
    return {name: _sheet(name, *where) for name, where in _OBJECTS.items()}


def _sheet(name: str, file: str, place: str, what: str) -> Sheet:
    schema = _schema(file)
    for step in place.split("/"):
        schema = schema[step]
    if name == "citations":
        return Sheet(name, what, {column.name: column for column in _citation(schema, file)})
    columns = list(_columns(schema, file, (), schema.get("required", [])))
    if name in PARENTS:
        parent = PARENTS[name]
        columns.insert(
            1 if columns[0].name == "id" else 0,
            Column(
                parent,
                f"The {parent} that this belongs to: id or label.",
                Type.ID,
                refers=True,
                required=True,
            ),
        )
    facts: tuple[str, ...] = ()
    if "citations" in schema.get("properties", {}):
        fields = schema["properties"]["citations"]["items"]["properties"]["fields"]
        facts = tuple(fields["items"]["enum"])
        columns += [*_CITING, _FIELDS]
    elif name in ("names", "payments"):
        columns += _CITING
    if name in DECIDED:
        columns.append(_DECISION)
    return Sheet(name, what, {column.name: column for column in columns}, facts)


def _columns(schema: dict[str, Any], file: str, path: Path, required: list[str]) -> list[Column]:
    columns: list[Column] = []
    for name, given in schema["properties"].items():
        field, where = _resolved(given, file)
        here = (*path, name)
        label = "_".join(here)
        what = given.get("description") or field.get("description", "")
        if name in ("citations", "draft"):
            continue
        if "properties" in field:
            if given.get("$ref", "").endswith(("/text", "/texts")):
                columns += [
                    Column(
                        f"{label}_{language}",
                        f"{what} {part['description']}",
                        path=(*here, language),
                        many=part["type"] == "array",
                    )
                    for language, part in field["properties"].items()
                ]
            else:
                columns += _columns(field, where, here, field.get("required", []))
            continue
        many = field.get("type") == "array"
        item, where = _resolved(field["items"], where) if many else (field, where)
        if "properties" in item:
            continue
        reference = (field["items"] if many else given).get("$ref", "").rpartition("/")[2]
        numbered = name == "id" and reference.endswith("_id")
        columns.append(
            Column(
                label,
                f"{what} {_LABEL}" if numbered else what,
                _type(item, reference),
                here,
                many,
                refers=reference.endswith("_id") and name != "id",
                # A script can be seen, and a number be given.
                required=name in required and not numbered and label != "script",
                codes=tuple(item.get("enum", ())),
            )
        )
    return columns


def _type(field: dict[str, Any], reference: str) -> Type:
    if reference == "edtf":
        return Type.DATE
    if "enum" in field:
        return Type.CODE
    if reference in ("slug", "country", "region_code", "article_code") or reference.endswith("_id"):
        return Type.ID
    types = {"integer": Type.WHOLE, "number": Type.NUMBER, "boolean": Type.YES_NO}
    return types.get(field.get("type", ""), Type.TEXT)


def _citation(schema: dict[str, Any], file: str) -> list[Column]:
    ranks = schema["properties"]["rank"]
    return [
        Column(
            "record",
            "The case, defendant, service, verdict or statistic: id or label.",
            Type.ID,
            refers=True,
            required=True,
        ),
        Column("source", "Id of a source or its label.", Type.ID, refers=True, required=True),
        Column("locator", schema["properties"]["locator"]["description"]),
        Column("fields", schema["properties"]["fields"]["description"], many=True, required=True),
        Column("rank", ranks["description"], Type.CODE, codes=tuple(ranks["enum"])),
        Column(
            "states",
            "What this source states instead, a line a field, as in the YAML files: "
            "sentence_months: 84",
            Type.YAML,
        ),
    ]


@cache
def _schema(file: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SCHEMAS / file).read_text("utf-8"))
    return content


def _resolved(field: dict[str, Any], file: str) -> tuple[dict[str, Any], str]:
    """A field without $ref, and the file that it stands in."""
    while "$ref" in field:
        target, _, place = field["$ref"].partition("#/")
        file = target or file
        field = _schema(file)
        for step in place.split("/"):
            field = field[step]
    return field, file

"""How a parameter is described: `description`, with its `type` or what is `allowed` for people who
ask by OPTIONS, and `schema`, the JSON schema of its value, for programs.

A schema with a `title` becomes a component of the published schema by that name. Codes that editors
add are listed in it only for a state of the dataset, and given by their pattern without one.
"""

import re
from collections.abc import Sequence
from typing import Any

from cases.api.request.parameters import BOOLEANS

Described = dict[str, Any]
Schema = dict[str, Any]

# Of a year, a month or a day; that 29 February needs a leap year is beyond a pattern.
DAY = (
    r"^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-9]))?"
    r"|-(0[13-9]|1[0-2])-30|-(0[13578]|1[02])-31)?$"
)


def choice(description: str, allowed: list[str], default: str | None = None) -> Described:
    """One of a closed list."""
    schema = enum(allowed) | ({"default": default} if default else {})
    return {"description": description, "allowed": allowed, "schema": schema}


def choices(description: str, allowed: list[str], title: str) -> Described:
    """Any of a closed list. title: of the component that lists it."""
    return {
        "description": description,
        "allowed": allowed,
        "schema": _array({"title": title, **enum(allowed)}),
    }


def codes(
    description: str, allowed: list[str], title: str, pattern: str, example: str
) -> Described:
    """Any codes of a list that grows with the dataset. allowed: empty = the list is left open."""
    items: Schema = {"title": title, "type": "string", "pattern": pattern, "examples": [example]}
    return {
        "description": description,
        "allowed": allowed,
        "schema": _array(items | (enum(allowed) if allowed else {})),
    }


def crossed(description: str, allowed: list[str], most: int) -> Described:
    """Fields of a closed list, each by itself or two with a comma between them; at least one."""
    field = f"({'|'.join(allowed)})"
    schema = _array({"type": "string", "pattern": f"^{field}(,{field})?$"}) | {"maxItems": most}
    return {
        "description": description,
        "allowed": allowed,
        "schema": schema,
        "required": True,
    }


def paths(
    description: str, allowed: list[str], title: str, without: Sequence[str] = ()
) -> Described:
    """Any parts of a document. without: those that are not allowed after all."""
    items: Schema = {"title": title, **enum(allowed)}
    if without:
        items["not"] = {"enum": [*without]}
    return {
        "description": description,
        "allowed": [path for path in allowed if path not in without],
        "schema": _array(items),
    }


def ids(description: str, pattern: str, example: str) -> Described:
    """Any ids of a form."""
    return {
        "description": description,
        "type": f"ids like {example}",
        "schema": _array({"type": "string", "pattern": f"^({pattern})$"}),
    }


def boolean(description: str, default: bool | None = None) -> Described:
    schema: Schema = {"type": "boolean"}
    if default is not None:
        schema["default"] = default
    return {"description": description, "allowed": list(BOOLEANS), "schema": schema}


def integer(
    description: str,
    form: str,
    least: int,
    most: int | None = None,
    default: int | None = None,
) -> Described:
    """A whole number. form: what it is, for people; most: null = no bound is known."""
    schema: Schema = {"type": "integer", "minimum": least}
    if most is not None:
        schema["maximum"] = most
    if default is not None:
        schema["default"] = default
    return {"description": description, "type": form, "schema": schema}


def moment(description: str, newest: int, least: int = 1) -> Described:
    """A state of the dataset: by its publication, or by a day or time up to now."""
    number: Schema = {"type": "integer", "minimum": least}
    if newest:
        number["maximum"] = newest
    times = ({"type": "string", "format": form} for form in ("date", "date-time"))
    return {
        "description": description,
        "type": "a publication number, date or time",
        "schema": {"anyOf": [number, *times]},
    }


def years(description: str, least: int, most: int) -> Described:
    schema = _array({"type": "integer", "minimum": least, "maximum": most})
    return {
        "description": description,
        "type": f"years from {least} to {most}",
        "schema": schema,
    }


def day(description: str) -> Described:
    """A date, known to the year at least."""
    return {
        "description": description,
        "type": "a date: 2025, 2025-02 or 2025-02-14",
        "schema": {"type": "string", "pattern": DAY},
    }


def text(description: str, form: str, **schema: Any) -> Described:
    """Any text of a form. schema: what narrows it."""
    return {"description": description, "type": form, "schema": {"type": "string", **schema}}


def enum(values: Sequence[str]) -> Schema:
    """A closed list. Values of which generators would make no names, or the same name twice, come
    with `x-enum-varnames`, which most of them take instead."""
    schema: Schema = {"type": "string", "enum": [*values]}
    plain = all(re.match("[A-Za-z]", value) for value in values)
    if not plain or len({collapsed(value) for value in values}) < len(values):
        schema["x-enum-varnames"] = _names(values)
    return schema


def collapsed(value: str) -> str:
    """What all generators leave of a name: some drop what divides its words, and its case."""
    return re.sub("[^a-z0-9]", "", value.lower())


def _names(values: Sequence[str]) -> list[str]:
    """An identifier for each value; they differ even when they are collapsed."""
    names: list[str] = []
    seen: set[str] = set()
    for value in values:
        named = f"{value[1:]}_descending" if value.startswith("-") else value
        named = re.sub(r"\W+", "_", named.replace(".", "_dot_")).strip("_").upper()
        named = name = named if named[:1].isalpha() else f"VALUE_{named}"
        number = 1
        while collapsed(name) in seen:
            number += 1
            name = f"{named}_X{number}"
        seen.add(collapsed(name))
        names.append(name)
    return names


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1}

"""What an import does to each record, for an editor to look at."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from cases.importing.workbook.documents import UNORDERED, Record

Content = dict[str, Any]

# What tells objects of a list apart: parts of a case, citations, and names.
_NAMING = ("id", "source", "locator", "text", "language")


class Difference(NamedTuple):
    """One value. field: with the id of the part it stands in; null = there is none."""

    field: str
    before: str | None
    after: str | None


class Change(NamedTuple):
    """What happens to one record. differences: of a new one, everything that is stored."""

    kind: str
    id: str
    new: bool
    differences: list[Difference]


def changes(records: list[Record]) -> list[Change]:
    """The records that are new or get another value."""
    found = []
    for record in records:
        if record.stored is None:
            found.append(
                Change(record.kind, record.id, True, list(_differences({}, record.content)))
            )
        elif differences := list(_differences(record.stored, record.content)):
            found.append(Change(record.kind, record.id, False, differences))
    return found


def _differences(before: Content, after: Content) -> Iterator[Difference]:
    old, new = _by_name(before), _by_name(after)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Difference(name, old.get(name), new.get(name))


def _by_name(content: Content) -> dict[str, str]:
    """Each value by its field; of what stands under one name twice, one after the other."""
    found: dict[str, str] = {}
    for name, value in _flat(content, ""):
        found[name] = f"{found[name]}; {value}" if name in found else value
    return found


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{name} {key}".strip())
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for item in value:
            known = {key: part for key, part in item.items() if key not in _NAMING}
            if "id" in item:
                yield from _flat(known, item["id"])
            else:
                naming = [str(item[key]) for key in _NAMING if key in item]
                yield " ".join([name, *naming]), _text(known)
    else:
        ordered = sorted(value) if name.rpartition(" ")[2] in UNORDERED else value
        yield name, _text(ordered)


def _text(value: Any) -> str:
    """A value as one line: of a citation or name what it holds, in order."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return str(value)

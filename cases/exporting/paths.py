"""Paths into a published document: `region.name.en`, `verdicts[standing].sentence_months`.

A path is keys divided by dots. Behind a key that holds a list stand selectors, applied in turn:
`[]` takes every item, `[first]` and `[last]` one, `[key=value]` those in which a key has a value,
and `[standing]` of rulings those that stand.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from cases.vocabulary import Outcome

Json = dict[str, Any]
Items = list[Any]
Read = Callable[[Json], Items]

_STEP = re.compile(r"([a-z0-9_]+)((?:\[[a-z0-9_=]*\])*)")


class Step(NamedTuple):
    key: str
    selectors: tuple[str, ...]


def steps(path: str) -> list[Step]:
    """ValueError when it is no path."""
    found = []
    for part in path.split("."):
        match = _STEP.fullmatch(part)
        if not match:
            raise ValueError(f"{part!r} in {path!r} is no step of a path")
        selectors = re.findall(r"\[(.*?)\]", match[2])
        found.append(Step(match[1], tuple(selectors)))
    return found


def reader(path: str) -> Read:
    """What finds the values at a path. A null on the way gives a null, an absent item nothing."""
    walked = [(step.key, [selector(name) for name in step.selectors]) for step in steps(path)]

    def read(document: Json) -> Items:
        values: Items = [document]
        for key, selectors in walked:
            # Older versions of a document may lack a key that was added since.
            values = [None if value is None else value.get(key) for value in values]
            if selectors:
                values = [item for value in values if value is not None for item in value]
            for select in selectors:
                values = select(values)
        return values

    return read


def plain_reader(path: str) -> Callable[[Json], Any] | None:
    """The same for a path without selectors, which leads to one value; several times quicker.
    Null where the path has selectors."""
    walked = steps(path)
    if any(step.selectors for step in walked):
        return None
    keys = [step.key for step in walked]

    def read(document: Json) -> Any:
        value: Any = document
        for key in keys:
            if value is None:
                return None
            value = value.get(key)
        return value

    return read


def selector(name: str) -> Callable[[Items], Items]:
    if "=" in name:
        key, wanted = name.split("=")
        value = {"true": True, "false": False}.get(wanted, wanted)
        return lambda items: [item for item in items if item.get(key) == value]
    return _SELECTORS[name]


def standing(rulings: Items) -> Items:
    """Of each defendant the ruling that stands: the last that decided or changed the matter.

    One that upholds leaves the earlier one standing; one that annuls leaves none. Rulings come in
    the order of their ids, as the legal status takes them.
    """
    found: dict[str, Any] = {}
    for ruling in rulings:
        defendant = ruling["defendant"]
        if ruling["outcome"] == Outcome.ANNULLED:
            found.pop(defendant, None)
        elif ruling["outcome"] != Outcome.UPHELD or defendant not in found:
            found[defendant] = ruling
    return list(found.values())


_SELECTORS: dict[str, Callable[[Items], Items]] = {
    "": lambda items: items,
    "first": lambda items: items[:1],
    "last": lambda items: items[-1:],
    "standing": standing,
}

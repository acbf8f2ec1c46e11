"""Paths into a published document: `region.name.en`, `verdicts[standing].sentence_months`.

A path is keys divided by dots. Behind a key that holds a list stand selectors, applied in turn:
`[]` takes every item, `[first]` and `[last]` one, `[key=value]` those in which a key has a value,
and `[standing]` of rulings those that stand.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from cases.vocabulary import Outcome

Json = dict[str, Any]
Items = list[Any]

_STEP = re.compile(r"([a-z0-9_]+)((?:\[[a-z0-9_=]*\])*)")


class Step(NamedTuple):
    key: str
    selectors: tuple[str, ...]


class Link(NamedTuple):
    """Part of the way to a value. Behind the same way, the same name does the same."""

    name: str
    apply: Callable[[Any], Any]


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


def links(path: str) -> list[Link]:
    """The way to the values at a path, from a document on: to one value, or behind the first
    selector to a list. A null on the way gives a null, an absent item nothing."""
    found: list[Link] = []
    for step in steps(path):
        listed = any(link.name.startswith("[") for link in found)
        found.append(Link(step.key, _of_each(step.key) if listed else _of_one(step.key)))
        if step.selectors:
            found.append(Link("[]", _flat if listed else _items))
            found += [Link(f"[{name}]", selector(name)) for name in step.selectors if name]
    return found


def follow(way: Iterable[Link]) -> Callable[[Any], Any]:
    """What goes a way to its end."""
    applied = [link.apply for link in way]

    def read(value: Any) -> Any:
        for apply in applied:
            value = apply(value)
        return value

    return read


def _of_one(key: str) -> Callable[[Any], Any]:
    return lambda value: _part(value, key)


def _of_each(key: str) -> Callable[[Items], Items]:
    return lambda values: [_part(value, key) for value in values]


def _part(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        # Older versions of a document may lack a key that was added since.
        return value.get(key)
    # Versions published before such texts had languages hold them in English alone.
    return value if key == "en" else None


def _items(value: Items | None) -> Items:
    return [] if value is None else value


def _flat(values: Items) -> Items:
    return [item for value in values if value is not None for item in value]


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
    "first": lambda items: items[:1],
    "last": lambda items: items[-1:],
    "standing": standing,
}

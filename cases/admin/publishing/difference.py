"""What the public will see against what it sees now, as lines that an editor can read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]

# Identity and what says nothing of its own.
QUIET = {"id", "code", "url", "path", "disputed", "version", "publication", "cited"}
LABELS = {"en": "English", "ru": "Russian", "kk": "Kazakh"}


class Line(NamedTuple):
    """One difference. place: where it stands. before, after: text, null = nothing."""

    place: str
    before: str | None
    after: str | None

    @property
    def change(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def lines(before: Any, after: Any, place: str = "") -> Iterator[Line]:
    """Every difference, in the order of the document. Equal parts are left out."""
    if before == after:
        return
    if _is_text(before) and _is_text(after):
        yield Line(place, _text(before), _text(after))
    elif isinstance(before, dict | None) and isinstance(after, dict | None):
        old, new = before or {}, after or {}
        for key in dict.fromkeys((*new, *old)):
            if key not in QUIET:
                yield from lines(old.get(key), new.get(key), _joined(place, _label(key)))
    elif isinstance(before, list | None) and isinstance(after, list | None):
        old, new = _keyed(before or []), _keyed(after or [])
        for key in dict.fromkeys((*new, *old)):
            yield from lines(old.get(key), new.get(key), _joined(place, key))
    else:
        yield from lines(before, None, place)
        yield from lines(None, after, place)


def readable(value: Any) -> str:
    """A value of a document in words; empty when it says nothing."""
    if isinstance(value, list):
        return "; ".join(map(readable, value))
    return _text(value) or ""


def _is_text(value: Any) -> bool:
    return value is None or not isinstance(value, dict | list) or _short(value) is not None


def _text(value: Any) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _short(value) or str(value)


def _short(value: Any) -> str | None:
    """What is said of a date, a name or a reference in one breath; null = it takes more."""
    if not isinstance(value, dict):
        return None
    if value.keys() == {"value", "earliest", "latest"}:
        return str(value["value"])
    if value.keys() == {"text", "language", "script", "kind"}:
        return f"{value['text']} ({value['language']}, {value['kind']})"
    if "fields" in value and "source" in value:
        where = f", {value['locator']}" if value["locator"] else ""
        other = f"; states instead: {value['values']}" if value["values"] else ""
        rank = "" if value["rank"] == "normal" else f" ({value['rank']})"
        return f"{value['source']}{where}{rank}: {', '.join(value['fields'])}{other}"
    if "name" in value and ("id" in value or "code" in value):
        name = value["name"] or {}
        said = name.get("en") or name.get("ru") or name.get("kk")
        return f"{said} ({value.get('id') or value.get('code')})"
    return None


def _keyed(items: list[Any]) -> dict[str, Any]:
    """Items of a list by what tells them apart, so that an inserted one is not nine changed."""
    keyed: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        if isinstance(item, dict) and (item.get("id") or item.get("code")):
            key = str(item.get("id") or item.get("code"))
        elif isinstance(item, dict) and "fields" in item and "source" in item:
            key = " ".join(filter(None, (item["source"], item["locator"])))
            key = key if key not in keyed else f"{key} ({number})"
        else:
            key = (_text(item) if _is_text(item) else None) or str(number)
        keyed[key] = item
    return keyed


def _label(key: str) -> str:
    return LABELS.get(key, key.replace("_", " "))


def _joined(place: str, part: str) -> str:
    return f"{place} › {part}" if place else part

"""What differs between two published versions of a record: its own facts, not what it quotes.

A document embeds other records by name: courts, articles, publishers, the case of a defendant. When
one of those is renamed, the document gets a new version and none of its facts has changed.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from cases.models.fields import LANGUAGES
from cases.publishing.documents.build import Json
from cases.publishing.workflow.confirmations import plain
from cases.vocabulary import RecordKind

# Objects that are part of a record, in lists in which each is known by its id. Everything else with
# an id or code is another record, and only which one it is counts.
PARTS: dict[RecordKind, set[str]] = {
    RecordKind.CASE: {"defendants", "verdicts", "services"},
    RecordKind.DEFENDANT: {"services"},
}

# What names the version or follows from other values. Sources follow from the citations where they
# are embedded, and are a fact where they are ids.
IGNORED = {"version", "publication", "disputed"}
EMBEDDED = "sources"


class ChangedFact(NamedTuple):
    """One value that changed.

    path: JSON pointer (RFC 6901) in which a part of the record is named by its id. before, after:
    plain values, dates as EDTF and other records by id; None = not stated. Of a part that was
    added or removed, its id. translation: whether a text was only added in one more language.
    """

    path: str
    before: Any
    after: Any
    translation: bool = False


def is_significant(kind: RecordKind, before: Json, after: Json) -> bool:
    """Whether a fact of the record itself changed. A translation states nothing new."""
    return any(not fact.translation for fact in changed_facts(kind, before, after))


def changed_facts(kind: RecordKind, before: Json, after: Json) -> Iterator[ChangedFact]:
    """The values of the record itself that differ between two versions of its document."""
    return _of_objects("", before, after, PARTS.get(kind, set()))


def _of_objects(path: str, before: Json, after: Json, parts: set[str]) -> Iterator[ChangedFact]:
    for key in dict.fromkeys([*after, *before]):
        if key in IGNORED:
            continue
        old, new = before.get(key), after.get(key)
        if key == EMBEDDED and _are_objects(old or new):
            continue
        place = f"{path}/{key}"
        if old and not isinstance(old, dict) and _is_multilingual(new):
            # Before it was a text in several languages, it was the English one.
            old = {"en": old}
        if key in parts and all("id" in part for part in [*(old or ()), *(new or ())]):
            yield from _of_parts(place, old or [], new or [], parts)
        elif _is_multilingual(old) or _is_multilingual(new):
            yield from _of_texts(place, old or {}, new or {})
        elif key != "citations" and _are_alike(old, new):
            for number, (was, now) in enumerate(zip(old or (), new or (), strict=True)):
                yield from _of_objects(f"{place}/{number}", was, now, parts)
        elif old and new and _is_nested(old) and _is_nested(new):
            yield from _of_objects(place, old, new, parts)
        else:
            stated = _stated(old), _stated(new)
            # A version that is older than the field states nothing, and neither does false.
            unknown_then = key not in before and stated[1] is False
            if stated[0] != stated[1] and not unknown_then:
                # What a source states instead may be a text that was translated.
                same = key == "citations" and _in_english(old) == _in_english(new)
                yield ChangedFact(place, *stated, translation=same)


def _of_parts(
    path: str, before: list[Json], after: list[Json], parts: set[str]
) -> Iterator[ChangedFact]:
    """Of a part that is not in both versions only the id: what was withdrawn is not repeated."""
    old, new = ({part["id"]: part for part in found} for found in (before, after))
    for public_id in dict.fromkeys([*new, *old]):
        place = f"{path}/{public_id}"
        if public_id in old and public_id in new:
            yield from _of_objects(place, old[public_id], new[public_id], parts)
        else:
            was, now = (public_id if public_id in found else None for found in (old, new))
            yield ChangedFact(place, was, now)


def _of_texts(path: str, before: Json, after: Json) -> Iterator[ChangedFact]:
    """A text in several languages, each by itself."""
    for language in LANGUAGES:
        old, new = _stated(before.get(language)), _stated(after.get(language))
        if old != new:
            added = old is None and any(map(_stated, before.values()))
            yield ChangedFact(f"{path}/{language}", old, new, translation=added)


def _stated(value: Any) -> Any:
    """The plain value; None where it states nothing."""
    stated = plain(value)
    return None if stated in ([], {}, "") else stated


def _in_english(value: Any) -> Any:
    """The same with only the English one of each text in several languages."""
    if _is_multilingual(value):
        return value.get("en")
    if isinstance(value, dict):
        return {key: _in_english(part) for key, part in value.items()}
    return [_in_english(part) for part in value] if isinstance(value, list) else value


def _is_multilingual(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= set(LANGUAGES)


def _is_nested(value: Any) -> bool:
    """Whether it is an object of the record itself: neither a date nor another record."""
    if not isinstance(value, dict):
        return False
    return not ({"id", "code"} & value.keys() or value.keys() == {"value", "earliest", "latest"})


def _are_alike(before: Any, after: Any) -> bool:
    """Whether both are lists of as many objects of the record itself, such as payments."""
    lists = isinstance(before, list) and isinstance(after, list)
    return lists and len(before) == len(after) and all(map(_is_nested, [*before, *after]))


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)

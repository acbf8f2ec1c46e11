"""What documents hold of other records: references by name, sources, rival figures."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from cases.models import published
from cases.publishing.documents.record_refs import RecordRef, Selection, root_of
from cases.vocabulary import RecordKind

Json = dict[str, Any]

# Where records stand in a document, as objects or by id, singly or in a list.
PLACES = {
    "country": RecordKind.REGION,
    "citizenships": RecordKind.REGION,
    "region": RecordKind.REGION,
    "residence_region": RecordKind.REGION,
    "court": RecordKind.COURT,
    "charges": RecordKind.ARTICLE,
    "articles": RecordKind.ARTICLE,
    "formation": RecordKind.FORMATION,
    "publisher": RecordKind.PUBLISHER,
    "source": RecordKind.SOURCE,
    "sources": RecordKind.SOURCE,
    "cites": RecordKind.SOURCE,
    "parallel_of": RecordKind.SOURCE,
    "contradicts": RecordKind.STATISTIC,
    "derived_from": RecordKind.STATISTIC,
}

# Text of editors, and what sources state: nothing there is one of our records.
OPAQUE = {"values", "names", "disputed"}

FEW = 20  # ids that PostgreSQL looks for at once in the text of documents

_STRINGS = re.compile('"([^"\\\\]+)"')


def embeds(content: Any, kind: RecordKind | None = None) -> set[RecordRef]:
    """Every record that a document names or embeds. kind: of the object that is looked at."""
    found: set[RecordRef] = set()
    if isinstance(content, dict):
        for key, value in content.items():
            if key in OPAQUE:
                continue
            if key in ("within", "parent") and kind:
                found.update(_named(value, kind))
            elif key in PLACES:
                found.update(_named(value, PLACES[key]))
                found |= embeds(value, PLACES[key])
            else:
                found |= embeds(value)
    elif isinstance(content, list):
        for part in content:
            found |= embeds(part, kind)
    return found


def _named(value: Any, kind: RecordKind) -> Iterator[RecordRef]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = item.get("id") or item.get("code")
        if isinstance(item, str):
            yield RecordRef(kind, item)


def unpublished(roots: Iterable[RecordRef]) -> set[RecordRef]:
    """Those of the roots that the public cannot see now; a query a kind."""
    by_kind: dict[RecordKind, set[str]] = {}
    for root in roots:
        by_kind.setdefault(root.record, set()).add(root.public_id)
    missing: set[RecordRef] = set()
    for kind, ids in by_kind.items():
        known = published(kind).current().filter(public_id__in=ids)
        missing |= {
            RecordRef(kind, pk) for pk in ids.difference(known.values_list("public_id", flat=True))
        }
    return missing


class Embedded:
    """References and figures as they are published, for documents that embed them.

    Those that are being published themselves, or never were, stand as in the working copy.
    Sources are not placed here but come so from `documents.Sources`, with all they rely on.
    """

    def __init__(self, selected: Selection) -> None:
        self._selected = set(selected)
        self._known: dict[RecordRef, Json | None] = {}

    def fetch(self, roots: Iterable[RecordRef]) -> None:
        missing = {root for root in roots if root.record != RecordKind.SOURCE}
        missing -= self._selected | self._known.keys()
        self._known.update(dict.fromkeys(missing))
        for kind in {root.record for root in missing}:
            ids = [root.public_id for root in missing if root.record == kind]
            rows = published(kind).current().filter(public_id__in=ids)
            for public_id, body in rows.values_list("public_id", "body"):
                self._known[RecordRef(kind, public_id)] = orjson.loads(body)

    def placed(self, value: Any, kind: RecordKind | None = None) -> Any:
        """The content with every embedded record as it is published."""
        if isinstance(value, list):
            return [self.placed(part, kind) for part in value]
        if not isinstance(value, dict):
            return value
        public_id = value.get("id") or value.get("code")
        if kind and public_id and (body := self._known.get(RecordRef(kind, public_id))):
            return {key: _part(body, kind, key) for key in value}
        return {
            key: part if key in OPAQUE else self.placed(part, PLACES.get(key))
            for key, part in value.items()
        }


def _part(body: Json, kind: RecordKind, key: str) -> Any:
    """A value of a published document as it stands where the document is embedded."""
    if key == "within" and key not in body:
        return [body["parent"]] if body["parent"] else []
    if key == "region" and kind == RecordKind.COURT:
        return body["region"]["code"]
    return body[key]


# That two figures contradict each other is entered at either of them.
DERIVED = {"disputed", "contradicts"}


def own(content: Json) -> Json:
    """What a document says itself: what it embeds is replaced by its id, and what follows from
    other records is left out."""
    masked: Json = _masked(content)
    left_out = DERIVED if _are_ids(content.get("sources")) else {*DERIVED, "sources"}
    return {key: value for key, value in masked.items() if key not in left_out}


def _masked(value: Any, kind: RecordKind | None = None) -> Any:
    if isinstance(value, list):
        return [_masked(part, kind) for part in value]
    if not isinstance(value, dict):
        return value
    if kind and (public_id := value.get("id") or value.get("code")):
        return public_id
    return {
        key: part if key in OPAQUE else _masked(part, PLACES.get(key))
        for key, part in value.items()
    }


def _are_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def embedders(embedded: Iterable[RecordRef]) -> set[RecordRef]:
    """Published records that embed any of these now. One pass over the current documents."""
    embedded = set(embedded)
    ids = {root.public_id for root in embedded}
    found: set[RecordRef] = set()
    for kind in RecordKind if ids else ():
        rows = published(kind).current()
        if len(ids) <= FEW:
            # No JSON is read where the text does not hold the id at all.
            rows = rows.filter(body__regex=f'"({"|".join(map(re.escape, sorted(ids)))})"')
        for public_id, body in rows.values_list("public_id", "body").iterator(chunk_size=500):
            if ids.isdisjoint(_STRINGS.findall(body)):
                continue
            root = root_of(kind, public_id)
            if not embeds(orjson.loads(body), kind).isdisjoint(embedded):
                found.add(root)
    return found - embedded

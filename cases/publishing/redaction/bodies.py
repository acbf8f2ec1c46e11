"""Taking a person out of a published document, of whatever kind and age."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from cases.publishing.documents.build import Json, Sources, sourced
from cases.publishing.documents.embedding import PLACES
from cases.publishing.redaction.person import Person
from cases.vocabulary import RecordKind

# Public fields of a defendant that say who it is. Docs: decisions/0013.
IDENTITY = {
    *("names", "born", "age", "age_as_of", "residence_place", "occupation", "detained_place"),
}
# The register of the court finds the person by the number of the case.
OF_CASE = {"court_case_number"}

# Codes, ids and paths of ours: never text.
CODES = {
    *("id", "code", "path", "fields", "source", "within", "cites", "rank", "script", "language"),
    *("parent", "sha256", "captured", "parallel_of", "version", "publication", "disputed"),
}
ADDRESSES = {"url", "original_url", "archive_url", "website"}


@dataclass(frozen=True)
class Target:
    """Who is redacted, and what is about that person.

    defendants: ids, as one person may stand in several cases. sources: ids of what their cases
    cite. others: defendants who share the name and are somebody else.
    """

    person: Person
    defendants: frozenset[str]
    sources: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    @property
    def cases(self) -> set[str]:
        return {case_of(defendant) for defendant in self.defendants}

    def is_about(self, kind: RecordKind, public_id: str) -> bool:
        if kind == RecordKind.SOURCE:
            return public_id in self.sources
        return case_of(public_id) in self.cases

    def is_spared(self, public_id: str) -> bool:
        """Whether a document belongs to the case of a namesake."""
        return case_of(public_id) in {case_of(other) for other in self.others}


def case_of(public_id: str) -> str:
    return "-".join(public_id.split("-")[:2])


def redacted(document: Json, kind: RecordKind, target: Target) -> Json:
    """The document without the person; equal to it when nothing has to go."""
    public_id = document.get("id") or document["code"]
    near = target.is_about(kind, public_id)
    clean: Json = _object(document, kind, near, target)
    if kind in (RecordKind.CASE, RecordKind.DEFENDANT, RecordKind.VERDICT) and _cites(
        clean
    ) != _cites(document):
        # Some sources supported nothing but what is gone.
        clean = sourced(clean, Sources(known=clean["sources"]))
    return clean


def differences(before: Any, after: Any, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each place in which two documents differ: pointer (RFC 6901), before, after."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from differences(before.get(key), after.get(key), f"{pointer}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{pointer}/{place}")
    elif before != after:
        yield pointer, before, after


def namesakes(document: Any, target: Target) -> set[str]:
    """Ids of other defendants in a document whose published name is the same."""
    found: set[str] = set()
    if isinstance(document, dict):
        names = document.get("names")
        # What a source states instead of the names has no id.
        if isinstance(names, list) and document.get("id", "") not in {"", *target.defendants}:
            texts = (name["text"] for name in names if isinstance(name, dict))
            if any(target.person.holds(text, near=False) for text in texts):
                found.add(document["id"])
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            found |= namesakes(part, target)
    return found


def _object(value: Json, kind: RecordKind | None, near: bool, target: Target) -> Json:
    gone: set[str] = set()
    public_id = value.get("id")
    if public_id in target.defendants and "names" in value:
        gone = IDENTITY
    elif public_id in target.cases and "court_case_number" in value:
        gone = OF_CASE
    clean: Json = {}
    for key, part in value.items():
        if key in gone:
            clean[key] = [] if key == "names" else None
        elif key == "name_withheld" and gone:
            clean[key] = True
        else:
            clean[key] = _part(key, part, kind, near, target)
    if kind == RecordKind.SOURCE and clean.get("title") != value.get("title"):
        # What a title says around a name finds the page that names it.
        clean |= {key: None for key in ("title", "title_language") if key in clean}
    if gone and "citations" in clean:
        clean["citations"] = without(clean["citations"], gone)
    return clean


def _part(key: str, part: Any, kind: RecordKind | None, near: bool, target: Target) -> Any:
    if key in CODES or part is None:
        return part
    if key in ADDRESSES and isinstance(part, str):
        ours = part.startswith("/")
        return None if not ours and target.person.in_address(part, near) else part
    if key == "names" and isinstance(part, list):
        # Of others in the case; a full name of the person may stand there by mistake.
        kept = [name for name in part if not _is_named(name, target)]
        return _deep(kept, None, False, target)
    if key == "sources" and isinstance(part, list):
        return [_source(item, target) for item in part]
    if key in PLACES:
        # The name of a court or region may be that of a person, and is nobody's here.
        return _deep(part, PLACES[key], False, target)
    return _deep(part, None, near, target)


def _source(item: Any, target: Target) -> Any:
    if not isinstance(item, dict):
        return item
    return _object(item, RecordKind.SOURCE, item["id"] in target.sources, target)


def _deep(value: Any, kind: RecordKind | None, near: bool, target: Target) -> Any:
    if isinstance(value, dict):
        return _object(value, kind, near, target)
    if isinstance(value, list):
        return [_deep(part, kind, near, target) for part in value]
    return withheld(value, near, target.person)


def withheld(value: Any, near: bool, person: Person) -> Any:
    """A string without the name, null for an address that spells it; anything else as it is."""
    if not isinstance(value, str):
        return value
    if value.startswith(("http://", "https://")):
        return None if person.in_address(value, near) else value
    return person.withheld(value, near)


def without(citations: list[Json], gone: Collection[str]) -> list[Json]:
    """Citations that no longer speak of fields that are gone; one that then says nothing goes."""
    kept = []
    for citation in citations:
        fields = [field for field in citation["fields"] if field not in gone]
        values = {key: value for key, value in citation["values"].items() if key not in gone}
        if fields:
            kept.append(citation | {"fields": fields, "values": values})
    return kept


def _is_named(name: Any, target: Target) -> bool:
    return isinstance(name, dict) and target.person.holds(name["text"], near=False)


def _cites(value: Any) -> list[tuple[str, Any]]:
    """Every citation in a document, as far as it decides over sources and disputes."""
    if isinstance(value, dict):
        own = [(c["source"], sorted(c["values"])) for c in value.get("citations", [])]
        return own + [cited for part in value.values() for cited in _cites(part)]
    if isinstance(value, list):
        return [cited for part in value for cited in _cites(part)]
    return []

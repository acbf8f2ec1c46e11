"""What proves that a person is gone: every text of every document, read as search reads it."""

from collections.abc import Iterator
from typing import Any

from cases.models import PublishedRecord, Searchable
from cases.names import readings, words
from cases.publishing.documents.build import Json
from cases.publishing.redaction.bodies import Target, case_of, redacted
from cases.publishing.redaction.person import Person
from cases.vocabulary import RecordKind

# Names of places, laws and other records, in which one word of the name means nothing.
ASIDE = {
    *("sources", "region", "residence_region", "court", "formation", "publisher"),
    *("charges", "articles"),
}


def suspects(value: Any, person: Person) -> bool:
    """Whether any text of a document may hold a word of the name."""
    if isinstance(value, dict):
        return any(suspects(part, person) for part in value.values())
    if isinstance(value, list):
        return any(suspects(part, person) for part in value)
    return isinstance(value, str) and person.suspects(value)


def of_document(
    kind: RecordKind, row: PublishedRecord, document: Json, target: Target
) -> Iterator[str]:
    """Why a stored version still tells of the person, as sentences; none = it does not."""
    name = f"{kind} {row.public_id} version {row.version}"
    near = target.is_about(kind, row.public_id)
    for pointer in spelled(document, near, target):
        yield f"{name} still names the person at {pointer}"
    if redacted(document, kind, target) != document:
        yield f"{name} still tells who it is"
    if isinstance(row, Searchable) and near:
        # A word with a full stop is stored without one too, and many people share initials.
        held = {word for word in row.words if not word.endswith(".")}
        own = {form for form, shared in target.person.forms.items() if not shared}
        # Names of places and of others may be the same word.
        if found := held & own - aside_words(document, near, target):
            yield f"{name} is still found by {len(found)} words of the name"


def spelled(value: Any, near: bool, target: Target, pointer: str = "") -> Iterator[str]:
    """Where a document, or an answer that holds documents, spells the name: JSON pointers.

    near: whether it is about the person, as long as no id within says otherwise. What belongs to
    the case of a namesake is left out.
    """
    for place, text, about in texts(value, near, target, pointer):
        if target.person.holds(text, about):
            yield place


def aside_words(document: Json, near: bool, target: Target) -> set[str]:
    """Folded words of a document that are about something else, such as the name of a court."""
    return {
        form
        for _, text, about in texts(document, near, target)
        if not about
        for word in words(text)
        for form in readings(word)
    }


def texts(
    value: Any, near: bool, target: Target, pointer: str = ""
) -> Iterator[tuple[str, str, bool]]:
    """Every text in a document with its place, and whether it is about the person."""
    if isinstance(value, dict):
        public_id = value.get("id")
        if isinstance(public_id, str):
            if target.is_spared(public_id):
                return
            near = near or public_id in target.sources or case_of(public_id) in target.cases
        other = "names" in value and public_id not in target.defendants
        for key, part in value.items():
            aside = key in ASIDE or (key == "names" and other)
            yield from texts(part, near and not aside, target, f"{pointer}/{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from texts(part, near, target, f"{pointer}/{number}")
    elif isinstance(value, str):
        yield pointer, value, near

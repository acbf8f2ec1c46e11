"""No invisible character is published: whatever way a text came in, it is looked at here."""

from collections.abc import Iterator
from typing import Any

from cases import characters
from cases.publishing.documents.build import Document
from cases.publishing.documents.embedding import PLACES
from cases.publishing.documents.record_refs import PARTS
from cases.publishing.rules import Violation

RULE = "text_has_no_invisible_characters"


def violations(document: Document) -> Iterator[Violation]:
    """Texts of a record that hide something. Of a case, its own document holds all of its parts."""
    if document.record in PARTS:
        return
    for subject, field, text in _texts(document.content, document.public_id):
        if flaw := characters.flaw(text):
            detail = f"{flaw}; type the text again without it, or save the record at the desk"
            yield Violation(RULE, subject, field, detail)


def note(text: str) -> tuple[str, list[Violation]]:
    """A public note as it is stored, and what is wrong with it."""
    try:
        return characters.clean(text), []
    except ValueError as error:
        return text, [Violation(RULE, "note", None, str(error))]


def _texts(value: Any, subject: str, field: str | None = None) -> Iterator[tuple[str, str, str]]:
    """Every text with the record and the field that it belongs to; other records are left out."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            subject, field = value["id"], None
        for key, part in value.items():
            if key not in PLACES:
                yield from _texts(part, subject, field or key)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, subject, field)
    elif isinstance(value, str):
        yield subject, field or "", value

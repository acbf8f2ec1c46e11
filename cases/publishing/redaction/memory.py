"""What was redacted must not come back: neither typed in again, nor by loading an old file.

The words of a redacted name are kept as keyed hashes, so that who reads the table learns no name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from cases.models import Case, Entry, RedactedName, RedactedPerson
from cases.names import readings
from cases.publishing.documents.build import Document
from cases.publishing.documents.embedding import PLACES
from cases.publishing.documents.record_refs import RecordRef, root_of
from cases.publishing.redaction.bodies import CODES, IDENTITY, Target
from cases.publishing.redaction.endings import stem_of, stems
from cases.publishing.redaction.hiding import plain_layers
from cases.publishing.redaction.person import pieces
from cases.publishing.rules import Violation
from cases.vocabulary import Operation, RecordKind


def keep(target: Target, roots: Iterable[RecordRef], publication: int | None) -> None:
    """Remembers who was redacted, and in which roots the name must not stand again."""
    RedactedPerson.objects.bulk_create(
        [RedactedPerson(defendant=pk, publication=publication) for pk in target.defendants],
        ignore_conflicts=True,
    )
    RedactedName.objects.bulk_create(
        [
            RedactedName(
                record=root.record,
                public_id=root.public_id,
                digest=_keyed(form, root, settings.SECRET_KEY),
                # Elsewhere one word of the name alone may well be somebody else's.
                whole=shared or not target.is_about(*root),
            )
            for root in sorted(roots)
            for form, shared in _with_stems(target.person.forms).items()
        ],
        ignore_conflicts=True,
    )


def follow(into: dict[str, str]) -> None:
    """Whoever was redacted stays so under another id. into: of old ids the new ones."""
    people = RedactedPerson.objects.filter(pk__in=into).values_list("pk", "publication")
    RedactedPerson.objects.bulk_create(
        [RedactedPerson(defendant=into[pk], publication=number) for pk, number in people],
        ignore_conflicts=True,
    )


class Memory:
    """What was redacted until now. Three queries, and memory for nothing but redactions."""

    def __init__(self) -> None:
        self._people = set(RedactedPerson.objects.values_list("pk", flat=True))
        self._words: dict[RecordRef, dict[str, bool]] = defaultdict(dict)
        kept = RedactedName.objects.values_list("record", "public_id", "digest", "whole")
        for record, public_id, digest, whole in kept:
            self._words[RecordRef(RecordKind(record), public_id)][digest] = whole
        # Where the cases went that a name was redacted in: they took their text along.
        self._merged: dict[str, set[str]] = defaultdict(set)
        if self._people:
            entries = Entry.objects.filter(operation=Operation.MERGE, record=RecordKind.CASE)
            for entry in entries.order_by("pk").only("public_id", "into"):
                if entry.into:
                    self._merged[entry.into] |= {entry.public_id, *self._merged[entry.public_id]}

    def violations(self, document: Document) -> Iterator[Violation]:
        if not self._people:
            return
        if isinstance(document.row, Case):
            for defendant in document.content["defendants"]:
                yield from self._identity(defendant)
        root = root_of(document.record, document.public_id)
        # Of a case, its own document holds everything that the others do.
        if root.public_id != document.public_id:
            return
        origins = [
            root,
            *(RecordRef(root.record, pk) for pk in sorted(self._merged[root.public_id])),
        ]
        known = [(origin, self._words[origin]) for origin in origins if origin in self._words]
        if not known:
            return
        for field, text in _texts(document.content):
            if any(self._holds(text, origin, words) for origin, words in known):
                yield Violation(
                    "redacted_names_stay_redacted",
                    document.public_id,
                    field,
                    "holds a name that was redacted",
                )

    def _identity(self, defendant: dict[str, Any]) -> Iterator[Violation]:
        if defendant["id"] not in self._people:
            return
        said = [field for field in sorted(IDENTITY) if defendant[field] not in (None, [])]
        if not defendant["name_withheld"]:
            said.append("name_withheld")
        for field in said:
            detail = "was redacted and cannot be published again"
            yield Violation("redacted_people_stay_redacted", defendant["id"], field, detail)

    def _holds(self, text: str, root: RecordRef, known: dict[str, bool]) -> bool:
        found: set[str] = set()
        for word in {each for layer in plain_layers(text) for each in pieces(layer)}:
            for form in stems(readings(word)):
                for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
                    digest = _keyed(form, root, key)
                    if digest not in known:
                        continue
                    if not known[digest]:
                        return True
                    found.add(word)
        return len(found) > 1


def _with_stems(forms: dict[str, bool]) -> dict[str, bool]:
    """The forms, and what endings are added to: of Люфта also Люфт, as it may return as Люфтом."""
    return {stem_of(form): shared for form, shared in forms.items()} | forms


def _keyed(form: str, root: RecordRef, key: str | bytes) -> str:
    value = f"{root}/{form}"
    return salted_hmac("cases.redaction", value, secret=key, algorithm="sha256").hexdigest()


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document that a person may be named in, with the field it stands in."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in CODES or (key in PLACES and key != "sources"):
                continue
            yield from _texts(part, key if not field or field == "values" else field)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, field)
    elif isinstance(value, str):
        yield field, value

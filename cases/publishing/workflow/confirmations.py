"""Sources of a changed value: each one cited for the former value is asked again.

A citation says that a source supports a field. When the value of that field changes, the citation
would vouch for a value that its source may not contain. So it is confirmed, replaced or removed, or
it keeps the former value as a rival (`values`), before the record is published again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from django.db import transaction
from django.db.models import Model

from cases.models import Case, Citation, Statistic
from cases.models.fields import LANGUAGES
from cases.publishing.documents.build import Json, citing_objects
from cases.publishing.rules import STRUCTURE
from cases.vocabulary import Rank

RULE = "changed_values_are_confirmed"

NEW, FORMER, NEITHER = "new", "former", "neither"
ANSWERS = (NEW, FORMER, NEITHER)

DIGEST = "sha256:"
LONGEST_PLAIN = 40  # characters of a text that a citation remembers as it is
LONGEST_SHOWN = 60  # characters of a value in a message


class Question(NamedTuple):
    """Whether a source supports the new value of a field.

    subject: id of the object. before, after: plain values. citation: the row that is asked about.
    """

    subject: str
    field: str
    before: Any
    after: Any
    citation: Citation

    @property
    def key(self) -> str:
        """Names the question in a form."""
        return f"{self.citation.pk}-{self.field}"

    def __str__(self) -> str:
        locator = f" ({self.citation.locator})" if self.citation.locator else ""
        return (
            f"changed from {shown(self.before)} to {shown(self.after)}, but "
            f"{self.citation.source_id}{locator} was cited for the former value: confirm that it "
            f"supports the new one (confirmed: {{{self.field}: {vouched(self.after)}}}), cite "
            "another source, or keep the former value in its values"
        )


class CitedChange(NamedTuple):
    """A field with another value than the public one, and what each of its sources says of it.

    cited: the citations that name the field, each with the question that is open, if one is.
    """

    subject: str
    field: str
    before: Any
    after: Any
    cited: list[tuple[Citation, Question | None]]


def questions(found: Iterable[CitedChange]) -> Iterator[Question]:
    """The questions that are open."""
    for change in found:
        yield from (question for _, question in change.cited if question)


def changes(row: Model, content: Json, before: Json | None) -> Iterator[CitedChange]:
    """The values that changed since a record was published, with their sources. before: the
    document as it was published last; None = never."""
    if before is None or not isinstance(row, Case | Statistic):
        return
    old = {citing["id"]: citing for _, citing in citing_objects(before)}
    rows = dict(_citations(row))
    for _, citing in citing_objects(content):
        if was := old.get(citing["id"]):
            yield from _of_object(was, citing, rows[citing["id"]])


def _of_object(was: Json, now: Json, rows: list[Citation]) -> Iterator[CitedChange]:
    cited = {
        (citation["source"], citation["locator"], field)
        for citation in was["citations"]
        if citation["rank"] != Rank.DEPRECATED
        for field in citation["fields"]
        if field not in citation["values"]
    }
    for field, value in now.items():
        if field in STRUCTURE or field not in was:
            continue
        former, new = plain(was[field]), plain(value)
        if not differs(former, new):
            continue
        vouching = [
            row
            for row in rows
            if field in row.fields and field not in row.values and row.rank != Rank.DEPRECATED
        ]
        unsettled = [
            row
            for row in vouching
            if (row.source_id, row.locator, field) in cited
            and row.confirmed.get(field) != vouched(new)
        ]
        # A further name or payment has a source of its own; the others support what was there.
        if extends(former, new) and len(unsettled) < len(vouching):
            unsettled = []
        yield CitedChange(
            now["id"],
            field,
            former,
            new,
            [
                (row, Question(now["id"], field, former, new, row) if row in unsettled else None)
                for row in rows
                if field in row.fields
            ],
        )


def answer(asked: list[Question], answers: Mapping[str, str]) -> int:
    """Stores answers: the source supports the new value, states the former, or neither.

    answers: one of ANSWERS by the key of the question; what is missing stays open. Returns how many
    were stored.
    """
    stored = 0
    with transaction.atomic():
        for question in asked:
            given = answers.get(question.key)
            if given not in ANSWERS:
                continue
            # Two questions about one citation follow each other.
            row = Citation.objects.select_for_update().get(pk=question.citation.pk)
            if given == NEW:
                row.confirmed[question.field] = vouched(question.after)
            elif given == FORMER:
                row.values[question.field] = question.before
            else:
                row.fields = [field for field in row.fields if field != question.field]
            if row.fields:
                row.save()
            else:
                row.delete()
            stored += 1
    return stored


def plain(value: Any) -> Any:
    """A value of a document as files hold it: dates as EDTF, other records by id, no nulls."""
    if isinstance(value, dict):
        if value.keys() == {"value", "earliest", "latest"}:
            return value["value"]
        if public_id := value.get("id") or value.get("code"):
            return public_id
        parts = {key: plain(part) for key, part in value.items() if part is not None}
        return parts or None
    if isinstance(value, list):
        items = [plain(part) for part in value]
        return sorted(items) if all(isinstance(item, str) for item in items) else items
    return value


def vouched(value: Any) -> Any:
    """What a citation remembers of a plain value: short ones themselves, of others a digest."""
    short = isinstance(value, str) and len(value) <= LONGEST_PLAIN
    if short or isinstance(value, bool | int | float):
        return value
    canonical = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return f"{DIGEST}{hashlib.sha256(canonical).hexdigest()[:16]}"


def differs(before: Any, after: Any) -> bool:
    """Whether something else is stated than before. A translation that is added states nothing
    new, and a value that was unknown had no source."""
    if before in (None, [], {}) or after in (None, [], {}):
        return False
    if _is_multilingual(after) and isinstance(before, str | list):
        # Published before such texts had languages.
        return before not in after.values()
    if _is_multilingual(before) and _is_multilingual(after):
        both = before.keys() & after.keys()
        return not both or any(before[language] != after[language] for language in both)
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() != after.keys() or any(
            differs(before[key], after[key]) for key in before
        )
    return bool(before != after)


def extends(before: Any, after: Any) -> bool:
    """Whether all that was stated still is, and something with it."""
    if isinstance(before, list) and isinstance(after, list):
        return all(item in after for item in before)
    if isinstance(before, dict) and isinstance(after, dict) and not _is_multilingual(before):
        return all(key in after and not differs(before[key], after[key]) for key in before)
    return False


def shown(value: Any) -> str:
    """A plain value in a message."""
    text = _shown(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if _is_multilingual(value):
        return _shown(next(value[language] for language in LANGUAGES if language in value))
    if isinstance(value, dict):
        parts = value.values() if "text" in value else map(": ".join, _pairs(value))
        return ", ".join(map(str, parts))
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _pairs(value: Json) -> Iterator[tuple[str, str]]:
    return ((key.replace("_", " "), _shown(part)) for key, part in value.items())


def _is_multilingual(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= set(LANGUAGES)


def _citations(row: Case | Statistic) -> Iterator[tuple[str, list[Citation]]]:
    """The citations of a record and its parts, by id of what they belong to. No queries for rows
    that `documents` fetched."""
    yield row.pk, list(row.citations.all())
    if isinstance(row, Case):
        for defendant in row.defendants.all():
            yield defendant.pk, list(defendant.citations.all())
            for service in defendant.services.all():
                yield service.pk, list(service.citations.all())
        for verdict in row.verdicts.all():
            yield verdict.pk, list(verdict.citations.all())

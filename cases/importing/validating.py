"""Checking files before anything is written: their schema, their ids and their references."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError as ValidationFailure
from django.core.validators import URLValidator
from django.db.models import Model
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from cases import dates
from cases.importing.problems import Place
from cases.importing.reading import DatasetFile
from cases.models import (
    Article,
    Case,
    Court,
    Defendant,
    Formation,
    Publisher,
    Region,
    Service,
    Source,
    Statistic,
    Verdict,
)
from cases.names import stray_letter

SCHEMAS = Path(__file__).parent / "schema"

MODELS: dict[str, type[Model]] = {
    "publishers": Publisher,
    "regions": Region,
    "courts": Court,
    "formations": Formation,
    "articles": Article,
    "sources": Source,
    "statistics": Statistic,
    "case": Case,
}

# What each field of an entry points at. The paths leave list indexes out.
REFERENCES: dict[str, dict[str, type[Model]]] = {
    "publishers": {},
    "regions": {"parent": Region, "sources": Source},
    "courts": {"region": Region, "sources": Source},
    "formations": {"parent": Formation, "sources": Source},
    "articles": {
        "country": Region,
        "parent": Article,
        "sources": Source,
        "variants.sources": Source,
    },
    "sources": {"publisher": Publisher, "cites": Source, "parallel_of": Source},
    "statistics": {
        "country": Region,
        "articles": Article,
        "formation": Formation,
        "contradicts": Statistic,
        "derived_from": Statistic,
        "citations.source": Source,
    },
    "case": {
        "country": Region,
        "region": Region,
        "court": Court,
        "charges": Article,
        "citations.source": Source,
        "defendants.citizenships": Region,
        "defendants.residence_region": Region,
        "defendants.citations.source": Source,
        "defendants.services.formation": Formation,
        "defendants.services.citations.source": Source,
        "verdicts.defendant": Defendant,
        "verdicts.court": Court,
        "verdicts.articles": Article,
        "verdicts.changes": Verdict,
        "verdicts.citations.source": Source,
    },
}

# Ids that an entry brings besides its own.
PARTS: dict[str, type[Model]] = {
    "defendants": Defendant,
    "defendants.services": Service,
    "verdicts": Verdict,
}

Id = tuple[type[Model], str]


class DatasetEntry(NamedTuple):
    """One record in a file, with its place there."""

    kind: str
    file: DatasetFile
    place: Place
    content: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.content.get("id", self.content.get("code")))


def entries(file: DatasetFile) -> Iterator[DatasetEntry]:
    """The records in a file whose kind is known, valid or not."""
    kind = _kind(file)
    content = file.content[kind] if kind else None
    if kind == "case" and isinstance(content, dict):
        yield DatasetEntry(kind, file, (kind,), content)
    elif kind and isinstance(content, list):
        for index, item in enumerate(content):
            if isinstance(item, dict):
                yield DatasetEntry(kind, file, (kind, index), item)


def schema_problems(file: DatasetFile) -> Iterator[tuple[Place, str]]:
    """Everything in which a file differs from the schema of its kind: where, and how."""
    kind = _kind(file)
    if kind is None:
        known = ", ".join(MODELS)
        yield (), f"must hold one of these at its top, and nothing else: {known}"
        return
    yield from explained(kind, file)
    for _, place, value in _scalars(file.content):
        if isinstance(value, str) and says_nothing(value):
            yield place, f"“{value}” says nothing; leave it out if it is not known"
        # The title of a source is given as it was printed.
        elif isinstance(value, str) and place[-1] != "title" and (stray := stray_letter(value)):
            yield place, stray


def explained(kind: str, file: DatasetFile) -> Iterator[tuple[Place, str]]:
    """Everything in which a file differs from one schema."""
    for error in validator(kind).iter_errors(file.content):
        yield from _explained(error)


def says_nothing(text: str) -> bool:
    """Whether a text holds neither a letter nor a digit, as the dash that stands for unknown."""
    return not _LETTER_OR_DIGIT.search(text)


_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def reference_problems(found: list[DatasetEntry]) -> Iterator[tuple[DatasetEntry, Place, str]]:
    """Ids that stand twice or under the wrong parent, and references to what does not exist:
    in which entry, where, and what is wrong."""
    declared: dict[Id, DatasetEntry] = {}
    for entry in found:
        for model, public_id, place in _ids(entry):
            if first := declared.get((model, public_id)):
                where = f"{first.file.path}:{first.file.line(first.place)}"
                yield entry, place, f"{public_id} stands already in {where}"
            declared.setdefault((model, public_id), entry)
        for place, detail in _misplaced(entry):
            yield entry, (*entry.place, *place), detail
    wanted = {target for entry in found for target, _ in references(entry)}
    known = declared.keys() | stored(wanted - declared.keys())
    for entry in found:
        for target, place in references(entry):
            if target not in known:
                yield entry, place, f"{target[1]} is no known {target[0]._meta.verbose_name}"


def references(entry: DatasetEntry) -> Iterator[tuple[Id, Place]]:
    """Everything that an entry points at."""
    targets = REFERENCES[entry.kind]
    for path, place, value in _scalars(entry.content):
        if path in targets and isinstance(value, str):
            yield (targets[path], value), (*entry.place, *place)


def declares(entry: DatasetEntry) -> set[Id]:
    """The ids that an entry brings: its own and those of its parts."""
    return {(model, public_id) for model, public_id, _ in _ids(entry)}


def identified(entry: DatasetEntry) -> Iterator[tuple[str, Place]]:
    """Each id that an entry brings, with the place of the object that has it."""
    for _, public_id, place in _ids(entry):
        yield public_id, place[:-1] if place[-1] == "id" else place


def stored(ids: set[Id]) -> set[Id]:
    """Those of the ids that are in the database; a query a model."""
    return {
        (model, pk)
        for model in {model for model, _ in ids}
        for pk in model._default_manager.filter(
            pk__in=[pk for target, pk in ids if target is model]
        ).values_list("pk", flat=True)
    }


def _kind(file: DatasetFile) -> str | None:
    if isinstance(file.content, dict) and len(file.content) == 1:
        kind = next(iter(file.content))
        return kind if kind in MODELS else None
    return None


def _ids(entry: DatasetEntry) -> Iterator[tuple[type[Model], str, Place]]:
    if {"id", "code"} & entry.content.keys():
        yield MODELS[entry.kind], entry.id, entry.place
    if entry.kind == "case":
        for path, place, value in _scalars(entry.content):
            owner, _, key = path.rpartition(".")
            if key == "id" and owner in PARTS:
                yield PARTS[owner], str(value), (*entry.place, *place)


def _misplaced(entry: DatasetEntry) -> Iterator[tuple[Place, str]]:
    """Parts whose ids do not begin with the id of what they belong to."""
    if entry.kind != "case":
        return
    case = entry.content
    if not entry.id.startswith(f"{case.get('country')}-"):
        yield ("id",), f"{entry.id} does not begin with the country {case.get('country')}"
    for part, letter in (("defendants", "D"), ("verdicts", "V")):
        for index, item in enumerate(_mappings(case.get(part))):
            if not str(item.get("id")).startswith(f"{entry.id}-{letter}"):
                yield (part, index, "id"), f"{item.get('id')} is no part of {entry.id}"
    for index, defendant in enumerate(_mappings(case.get("defendants"))):
        for number, service in enumerate(_mappings(defendant.get("services"))):
            if not str(service.get("id")).startswith(f"{defendant.get('id')}-S"):
                place = ("defendants", index, "services", number, "id")
                yield place, f"{service.get('id')} is no part of {defendant.get('id')}"


def _mappings(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _scalars(value: Any, path: str = "", place: Place = ()) -> Iterator[tuple[str, Place, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _scalars(item, f"{path}.{key}" if path else key, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, path, (*place, index))
    else:
        yield path, place, value


def _explained(error: ValidationError) -> Iterator[tuple[Place, str]]:
    """A schema error at the most precise place that is known."""
    place = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        schema: Any = error.schema
        allowed = schema.get("properties", {})
        for key in error.instance:
            if key not in allowed:
                yield (*place, key), f"is unknown here; allowed: {', '.join(allowed)}"
    elif error.validator == "format" and error.cause:
        yield place, str(error.cause)
    elif error.validator == "type" and isinstance(error.instance, int | float):
        yield place, f"{error.message}; put it in quotes"
    else:
        yield place, error.message


_FORMATS = FormatChecker(formats=[])


@_FORMATS.checks("edtf", raises=ValueError)
def _is_edtf(value: object) -> bool:
    if isinstance(value, str):
        dates.parse(value)
    return True


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    if isinstance(value, str) and datetime.fromisoformat(value).tzinfo is None:
        raise ValueError(f"“{value}” has no offset from UTC, such as Z or +05:00")
    return True


@_FORMATS.checks("money", raises=ValueError)
def _is_money(value: object) -> bool:
    """What the columns of amounts hold exactly: two decimals, fourteen digits in all."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 10**12:
            raise ValueError(f"{value} is too large; amounts have at most twelve digits")
        amount = Decimal(repr(value))
        if amount != round(amount, 2):
            raise ValueError(f"{value} has more than two decimals; write the amount as printed")
    return True


@_FORMATS.checks("uri", raises=ValidationFailure)
def _is_address(value: object) -> bool:
    if isinstance(value, str):
        URLValidator(schemes=["http", "https"])(value)
    return True


@cache
def validator(kind: str) -> Draft202012Validator:
    """The schema of a kind of file, ready to check one."""
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    return Draft202012Validator(schemas[f"{kind}.json"], registry=registry, format_checker=_FORMATS)

"""The working copy as the documents that the files hold: what `saving` writes, read back."""

from collections.abc import Callable, Collection
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.db.models import Model

from cases.importing.validating import MODELS
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

Content = dict[str, Any]

_RECRUITMENT = ("date", "place", "channel", "recruited_by", "promises", "coercion", "from_prison")

_CITED = ("citations",)
_RELATED: dict[str, tuple[str, ...]] = {
    "publishers": (),
    "regions": ("sources",),
    "articles": ("sources",),
    "courts": ("sources",),
    "formations": ("sources",),
    "sources": ("cites",),
    "statistics": ("articles", "contradicts", "derived_from", *_CITED),
    "case": (
        *("charges", "citations", "defendants__names", "defendants__payments"),
        *("defendants__citizenships", "defendants__citations", "defendants__services__citations"),
        *("verdicts__articles", "verdicts__citations"),
    ),
}


def contents(kind: str, ids: Collection[str]) -> dict[str, Content]:
    """Records of one kind by id, as a file would hold them; a fixed number of queries.

    Lists that the database keeps without order come in the order of their ids.
    """
    model: type[Model] = MODELS[kind]
    rows = model._default_manager.filter(pk__in=ids).order_by("pk")
    return {str(row.pk): _CONTENTS[kind](row) for row in rows.prefetch_related(*_RELATED[kind])}


def _fields(row: Any, *names: str) -> Content:
    """What is known of the fields; a foreign key as its id."""
    found: Content = {}
    for name in names:
        column = row._meta.get_field(name)
        value = getattr(row, column.attname)
        if value not in (None, []):
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    return value


def _flags(row: Any, *names: str) -> Content:
    """Fields that are false when a file leaves them out."""
    return {name: True for name in names if getattr(row, name)}


def _ids(row: Any, *names: str) -> Content:
    return {
        name: found
        for name in names
        if (found := sorted(item.pk for item in getattr(row, name).all()))
    }


def _citations(row: Any) -> list[Content]:
    return [
        {"source": citation.source_id}
        | _fields(citation, "locator")
        | {"fields": list(citation.fields)}
        | ({"rank": citation.rank} if citation.rank != "normal" else {})
        | ({"values": citation.values} if citation.values else {})
        | ({"confirmed": citation.confirmed} if citation.confirmed else {})
        for citation in row.citations.all()
    ]


def _in_order(rows: Any) -> list[Any]:
    """By the numbers at the ends of their ids: V2 stands before V10."""
    return sorted(rows.all(), key=lambda row: (len(row.pk), row.pk))


def _publisher(row: Publisher) -> Content:
    return _fields(row, "id", "name", "kind", "website", "note")


def _region(row: Region) -> Content:
    content = {"code": row.pk, **_fields(row, "name", "kind", "parent", "kato", "aliases", "note")}
    if centroid := _fields(row, "latitude", "longitude"):
        content["centroid"] = centroid
    return content | _ids(row, "sources")


def _article(row: Article) -> Content:
    content = {
        "code": row.pk,
        "title": row.name,
        **_fields(row, "country", "law", "number", "part", "parent", "conduct"),
        **_fields(row, "in_force_from", "in_force_until", "url", "variants", "note"),
    }
    penalty = _fields(row, "min_months", "max_months", "life", "death", "confiscation")
    if row.other_penalty:
        penalty["other"] = row.other_penalty
    if penalty:
        content["penalty"] = penalty
    return content | _ids(row, "sources")


def _court(row: Court) -> Content:
    return _fields(row, "id", "name", "region", "level", "place", "aliases", "note") | _ids(
        row, "sources"
    )


def _formation(row: Formation) -> Content:
    return _fields(row, "id", "name", "kind", "parent", "aliases", "active", "note") | _ids(
        row, "sources"
    )


def _source(row: Source) -> Content:
    content = _fields(
        row,
        *("id", "publisher", "kind", "title", "title_language", "language", "url"),
        *("original_url", "archive_url", "sha256", "published", "parallel_of", "extent_read"),
        "note",
    )
    if row.captured:
        content["captured"] = row.captured.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return content | _ids(row, "cites") | _flags(row, "draft")


def _statistic(row: Statistic) -> Content:
    return (
        _fields(
            row,
            *("id", "measure", "counted", "unit", "country", "formation", "outcome", "procedure"),
            *("period", "value", "value_min", "value_max", "qualifier", "counted_by", "remarks"),
            "note",
        )
        | _ids(row, "articles", "contradicts", "derived_from")
        | _flags(row, "draft")
        | {"citations": _citations(row)}
    )


def _case(row: Case) -> Content:
    content = _fields(
        row,
        *("id", "country", "kind", "conflict", "status", "court_case_number", "region", "court"),
        *("opened", "sent_to_court", "procedure", "summary", "remarks", "note"),
    )
    content |= _ids(row, "charges") | _flags(row, "draft")
    content["citations"] = _citations(row)
    content["defendants"] = [_defendant(item) for item in _in_order(row.defendants)]
    if verdicts := _in_order(row.verdicts):
        content["verdicts"] = [_verdict(item) for item in verdicts]
    return content


def _defendant(row: Defendant) -> Content:
    content = _fields(
        row,
        *("id", "sex", "born", "age", "age_as_of", "residence_region", "residence_place"),
        *("occupation", "fate", "plea", "voluntary_surrender", "detained_on", "detained_place"),
        *("remarks", "note"),
    )
    content |= _ids(row, "citizenships") | _flags(row, "name_withheld")
    recruitment = _fields(row, *(f"recruitment_{part}" for part in _RECRUITMENT))
    if recruitment:
        content["recruitment"] = {
            name.removeprefix("recruitment_"): value for name, value in recruitment.items()
        }
    if found := [_fields(item, "text", "language", "script", "kind") for item in row.names.all()]:
        content["names"] = found
    if found := [_payment(item) for item in row.payments.all()]:
        content["payments"] = found
    content["citations"] = _citations(row)
    if services := _in_order(row.services):
        content["services"] = [_service(item) for item in services]
    return content


def _payment(row: Any) -> Content:
    return _fields(row, "kind", "amount", "amount_max", "currency", "per", "remark")


def _service(row: Service) -> Content:
    return _fields(
        row,
        *("id", "formation", "contract_signed", "contract_months", "began", "ended", "places"),
        *("duties", "training", "wounded_on", "end_reason", "returned_on", "remarks", "note"),
    ) | {"citations": _citations(row)}


def _verdict(row: Verdict) -> Content:
    return (
        _fields(
            row,
            *("id", "defendant", "court", "instance", "date", "reported", "outcome"),
            *("sentence_months", "sentence_days", "sentence_kind", "probation_months"),
            *("confiscation", "changes", "remarks", "note"),
        )
        | _ids(row, "articles")
        | _flags(row, "range_checked")
        | {"citations": _citations(row)}
    )


_CONTENTS: dict[str, Callable[[Any], Content]] = {
    "publishers": _publisher,
    "regions": _region,
    "articles": _article,
    "courts": _court,
    "formations": _formation,
    "sources": _source,
    "statistics": _statistic,
    "case": _case,
}

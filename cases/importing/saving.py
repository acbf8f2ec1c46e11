"""Writing dataset entries to the working copy: a few statements a kind, whatever its size.

Foreign keys are checked at the end of the transaction, so the order within it does not matter.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.utils.dateparse import parse_datetime

from cases.importing.validating import MODELS, DatasetEntry
from cases.models import (
    Article,
    Case,
    Citation,
    Court,
    Defendant,
    Formation,
    Name,
    Payment,
    Publisher,
    Region,
    Service,
    Source,
    Statistic,
    Verdict,
)

Content = dict[str, Any]

BATCH = 500  # rows in one statement


def save(entries: Iterable[DatasetEntry]) -> None:
    """Makes the working copy say what the entries say. Runs in the caller's transaction."""
    by_kind: dict[str, list[Content]] = {kind: [] for kind in MODELS}
    for entry in entries:
        by_kind[entry.kind].append(entry.content)
    for kind, contents in by_kind.items():
        if kind == "case":
            _save_cases(contents)
        else:
            _upsert(MODELS[kind], [ROWS[kind](content) for content in contents])
            for field in LINKS[kind]:
                _link(MODELS[kind], field, {_pk(item): item.get(field, []) for item in contents})
    _cite("statistic", {item["id"]: item["citations"] for item in by_kind["statistics"]})


def _save_cases(cases: list[Content]) -> None:
    defendants = {item["id"]: (case, item) for case in cases for item in case["defendants"]}
    services = {
        item["id"]: (defendant, item)
        for _, defendant in defendants.values()
        for item in defendant.get("services", [])
    }
    verdicts = {item["id"]: (case, item) for case in cases for item in case.get("verdicts", [])}
    _upsert(Case, [_case(case) for case in cases])
    _upsert(Defendant, [_defendant(case, item) for case, item in defendants.values()])
    _upsert(Service, [_service(owner, item) for owner, item in services.values()])
    _upsert(Verdict, [_verdict(case, item) for case, item in verdicts.values()])
    ids = [case["id"] for case in cases]
    # What the file no longer holds is gone; publishing then withdraws it.
    Verdict.objects.filter(case__in=ids).exclude(pk__in=verdicts).delete()
    Service.objects.filter(defendant__case__in=ids).exclude(pk__in=services).delete()
    Defendant.objects.filter(case__in=ids).exclude(pk__in=defendants).delete()

    _link(Case, "charges", {case["id"]: case.get("charges", []) for case in cases})
    people = {pk: item for pk, (_, item) in defendants.items()}
    _link(
        Defendant, "citizenships", {pk: item.get("citizenships", []) for pk, item in people.items()}
    )
    rulings = {pk: item for pk, (_, item) in verdicts.items()}
    _link(Verdict, "articles", {pk: item.get("articles", []) for pk, item in rulings.items()})
    _replace(Name, {pk: item.get("names", []) for pk, item in people.items()}, _name)
    _replace(Payment, {pk: item.get("payments", []) for pk, item in people.items()}, _payment)
    _cite("case", {case["id"]: case["citations"] for case in cases})
    _cite("defendant", {pk: item["citations"] for pk, item in people.items()})
    _cite("service", {pk: item["citations"] for pk, (_, item) in services.items()})
    _cite("verdict", {pk: item["citations"] for pk, item in rulings.items()})


def _upsert(model: type[Model], rows: list[Any]) -> None:
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model._default_manager.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=fields,
    )


def _link(model: type[Model], field: str, wanted: dict[str, list[str]]) -> None:
    """Makes a many-to-many field of each row point at exactly the wanted ids."""
    relation: Any = model._meta.get_field(field)
    through, owner = relation.remote_field.through, relation.m2m_column_name()
    target = relation.m2m_reverse_name()
    through.objects.filter(**{f"{owner}__in": wanted}).delete()
    pairs = {(pk, linked) for pk, ids in wanted.items() for linked in ids}
    if getattr(relation.remote_field, "symmetrical", False):
        through.objects.filter(**{f"{target}__in": wanted}).delete()
        pairs |= {(linked, pk) for pk, linked in pairs}
    rows = [through(**{owner: pk, target: linked}) for pk, linked in sorted(pairs)]
    through.objects.bulk_create(rows, batch_size=BATCH)


def _replace(
    model: type[Model], wanted: dict[str, list[Content]], row: Callable[[str, int, Content], Model]
) -> None:
    model._default_manager.filter(defendant__in=wanted).delete()
    model._default_manager.bulk_create(
        [row(pk, index, item) for pk, items in wanted.items() for index, item in enumerate(items)],
        batch_size=BATCH,
    )


def _cite(subject: str, wanted: dict[str, list[Content]]) -> None:
    Citation.objects.filter(**{f"{subject}__in": wanted}).delete()
    Citation.objects.bulk_create(
        [
            Citation(
                **{f"{subject}_id": pk, "source_id": item["source"]},
                **_same(item, "locator", "fields"),
                position=index,
                values=item.get("values", {}),
                confirmed=item.get("confirmed", {}),
                rank=item.get("rank", "normal"),
            )
            for pk, items in wanted.items()
            for index, item in enumerate(items)
        ],
        batch_size=BATCH,
    )


def _pk(content: Content) -> str:
    return str(content.get("id", content.get("code")))


def _same(content: Content, *fields: str) -> Content:
    """The fields that are called alike in file and row; absent = null."""
    return {field: content.get(field) for field in fields}


def _publisher(item: Content) -> Publisher:
    return Publisher(**_same(item, "id", "name", "kind", "website", "note"))


def _region(item: Content) -> Region:
    centroid = item.get("centroid", {})
    return Region(
        id=item["code"],
        parent_id=item.get("parent"),
        latitude=centroid.get("latitude"),
        longitude=centroid.get("longitude"),
        aliases=item.get("aliases", []),
        **_same(item, "name", "kind", "kato", "note"),
    )


def _court(item: Content) -> Court:
    return Court(
        region_id=item["region"],
        aliases=item.get("aliases", []),
        **_same(item, "id", "name", "level", "place", "note"),
    )


def _formation(item: Content) -> Formation:
    return Formation(
        parent_id=item.get("parent"),
        aliases=item.get("aliases", []),
        **_same(item, "id", "name", "kind", "active", "note"),
    )


def _article(item: Content) -> Article:
    penalty = item.get("penalty", {})
    return Article(
        id=item["code"],
        name=item["title"],
        country_id=item["country"],
        parent_id=item.get("parent"),
        variants=item.get("variants", []),
        other_penalty=penalty.get("other"),
        **_same(penalty, "min_months", "max_months", "life", "death", "confiscation"),
        **_same(item, "law", "number", "part", "conduct", "in_force_from", "in_force_until"),
        **_same(item, "url", "note"),
    )


def _source(item: Content) -> Source:
    captured = item.get("captured")
    return Source(
        publisher_id=item["publisher"],
        parallel_of_id=item.get("parallel_of"),
        captured=captured and parse_datetime(captured),
        draft=item.get("draft", False),
        **_same(item, "id", "kind", "title", "title_language", "language", "url"),
        **_same(item, "original_url", "archive_url", "sha256", "published", "extent_read", "note"),
    )


def _statistic(item: Content) -> Statistic:
    return Statistic(
        country_id=item.get("country"),
        formation_id=item.get("formation"),
        draft=item.get("draft", False),
        **_same(item, "id", "measure", "counted", "unit", "outcome", "procedure", "period"),
        **_same(item, "value", "value_min", "value_max", "qualifier", "counted_by"),
        **_same(item, "remarks", "note"),
    )


def _case(item: Content) -> Case:
    return Case(
        country_id=item["country"],
        region_id=item.get("region"),
        court_id=item.get("court"),
        draft=item.get("draft", False),
        **_same(item, "id", "kind", "conflict", "status", "court_case_number", "opened"),
        **_same(item, "sent_to_court", "procedure", "summary", "remarks", "note"),
    )


def _defendant(case: Content, item: Content) -> Defendant:
    recruitment = item.get("recruitment", {})
    parts = ("date", "place", "channel", "recruited_by", "promises", "coercion", "from_prison")
    return Defendant(
        case_id=case["id"],
        residence_region_id=item.get("residence_region"),
        name_withheld=item.get("name_withheld", False),
        **{f"recruitment_{part}": recruitment.get(part) for part in parts},
        **_same(item, "id", "sex", "born", "age", "age_as_of", "residence_place", "occupation"),
        **_same(item, "fate", "plea", "voluntary_surrender", "detained_on", "detained_place"),
        **_same(item, "remarks", "note"),
    )


def _name(defendant: str, position: int, item: Content) -> Name:
    shared = _same(item, "text", "language", "script", "kind")
    return Name(defendant_id=defendant, position=position, **shared)


def _payment(defendant: str, position: int, item: Content) -> Payment:
    shared = _same(item, "kind", "amount", "amount_max", "currency", "per", "remark")
    return Payment(defendant_id=defendant, position=position, **shared)


def _service(defendant: Content, item: Content) -> Service:
    return Service(
        defendant_id=defendant["id"],
        formation_id=item.get("formation"),
        **_same(item, "id", "contract_signed", "contract_months", "began", "ended", "places"),
        **_same(item, "duties", "training", "wounded_on", "end_reason", "returned_on"),
        **_same(item, "remarks", "note"),
    )


def _verdict(case: Content, item: Content) -> Verdict:
    return Verdict(
        case_id=case["id"],
        defendant_id=item["defendant"],
        court_id=item.get("court"),
        changes_id=item.get("changes"),
        range_checked=item.get("range_checked", False),
        **_same(item, "id", "instance", "date", "reported", "outcome", "sentence_months"),
        **_same(item, "sentence_days", "sentence_kind", "probation_months", "confiscation"),
        **_same(item, "remarks", "note"),
    )


ROWS: dict[str, Callable[[Content], Model]] = {
    "publishers": _publisher,
    "regions": _region,
    "courts": _court,
    "formations": _formation,
    "articles": _article,
    "sources": _source,
    "statistics": _statistic,
}

# Many-to-many fields of each kind, called alike in file and row.
LINKS: dict[str, tuple[str, ...]] = {
    "publishers": (),
    "regions": ("sources",),
    "courts": ("sources",),
    "formations": ("sources",),
    "articles": ("sources",),
    "sources": ("cites",),
    "statistics": ("articles", "contradicts", "derived_from"),
}

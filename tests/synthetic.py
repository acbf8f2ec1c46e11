"""A complete and valid working copy of invented records, built through the ORM.

Nothing here is real: people, courts, units and articles are called synthetic, and ids lie from
9001 on. Each builder makes what it refers to, once, and takes any field by name. Citations are
made over every fact that is stated, so that a test can break one thing at a time; after changing
a row, `change` cites it anew.
"""

from datetime import UTC, datetime

from cases.models import (
    Article,
    Case,
    Citation,
    Court,
    Defendant,
    Entry,
    Finding,
    Formation,
    LikelyDuplicate,
    LinkCheck,
    Publication,
    Publisher,
    Region,
    Service,
    Source,
    Statistic,
    Verdict,
)
from cases.publishing.rules import STRUCTURE, is_stated
from cases.publishing.serializers.case import (
    CaseShape,
    DefendantShape,
    ServiceShape,
    VerdictShape,
)
from cases.publishing.serializers.statistic import StatisticShape
from cases.publishing.workflow.confirmations import plain, vouched

COUNTRY, REGION = "KZ", "KZ-99"
COURT, APPEAL_COURT = "synthetic-district-court", "synthetic-regional-court"
PUBLISHER, SOURCE = "synthetic-daily", "SRC-9001"
ARMY, BRIGADE, PLATOON = "synthetic-army", "synthetic-brigade", "synthetic-platoon"
ARTICLE, PART = "KZ-9172", "KZ-9172-2"
CASE, DEFENDANT, SERVICE = "KZ-9001", "KZ-9001-D1", "KZ-9001-D1-S1"
VERDICT, STATISTIC = "KZ-9001-V1", "STAT-9001"

SHAPES = {
    Case: CaseShape,
    Defendant: DefendantShape,
    Service: ServiceShape,
    Verdict: VerdictShape,
    Statistic: StatisticShape,
}


def text(english, **others):
    return {"en": english, **others}


def publisher(id=PUBLISHER, **fields):
    defaults = {"name": text("Synthetic Daily"), "kind": "newsroom"}
    return _made(Publisher, id, defaults | fields)


def country(id=COUNTRY, **fields):
    return _made(Region, id, {"name": text(f"Synthetic Country {id}"), "kind": "country"} | fields)


def region(id=REGION, **fields):
    defaults = {"name": text(f"Synthetic Region {id}"), "kind": "region"}
    return _made(Region, id, defaults | {"parent": country(id.partition("-")[0])} | fields)


def court(id=COURT, **fields):
    defaults = {"name": text("Synthetic District Court"), "level": "district"}
    return _made(Court, id, defaults | {"region": fields.pop("region", None) or region()} | fields)


def formation(id=ARMY, **fields):
    defaults = {"name": text(id.replace("-", " ").title()), "kind": "military_unit"}
    return _made(Formation, id, defaults | fields)


def formations():
    """The last one of a tree of three: army, brigade, platoon."""
    army = formation(ARMY, kind="armed_forces")
    return formation(PLATOON, parent=formation(BRIGADE, parent=army))


def article(id=ARTICLE, **fields):
    """Five to nine years; the country and the number are those in the id."""
    home, number, *part = id.split("-")
    defaults = {
        "name": text("Synthetic offence"),
        "country": country(home[:2]),
        "law": text("Synthetic Criminal Code"),
        "number": number,
        "part": part[0] if part else None,
        "parent": article(f"{home}-{number}") if part else None,
        "min_months": 60,
        "max_months": 108,
    }
    return _made(Article, id, defaults | fields)


def source(id=SOURCE, *, cites=(), **fields):
    defaults = {
        "publisher": fields.pop("publisher", None) or publisher(),
        "kind": "news_report",
        "title": "Synthetic report",
        "title_language": "en",
        "language": "en",
        "url": f"https://synthetic.example/{id}",
        "published": "2024-09-12",
        "captured": datetime(2024, 10, 1, 12, 30, tzinfo=UTC),
        "sha256": "ab" * 32,
        "extent_read": "full",
    }
    made = _made(Source, id, defaults | fields)
    made.cites.add(*cites)
    return made


def case(id=CASE, *, charges=None, defendant=(), service=(), verdict=(), **fields):
    """A case with one defendant, one time of service and one conviction.

    `defendant`, `service` and `verdict` hold fields for these; null = there is none.
    """
    home = id.partition("-")[0]
    defaults = {
        "country": country(home),
        "kind": "participation",
        "conflict": "2022-",
        "status": "decided",
        "region": region(f"{home}-99"),
        "court": None if "court" in fields else court(),
        "court_case_number": "9-24-9001",
        "opened": "2024-03-01",
        "sent_to_court": "2024-06",
        "procedure": "ordinary",
        "summary": text("A synthetic person served in a synthetic brigade."),
    }
    made = Case.objects.create(id=id, **defaults | fields)
    made.charges.set([article(f"{home}-9172-2")] if charges is None else charges)
    cite(made)
    if defendant is not None:
        person = add_defendant(made, **dict(defendant))
        if service is not None:
            add_service(person, **dict(service))
        if verdict is not None:
            add_verdict(person, **dict(verdict))
    return made


def add_defendant(case, *, names=None, citizenships=None, payments=(), **fields):
    """One more defendant of a case; `names` as pairs of text and kind."""
    defaults = {
        "sex": "male",
        "born": "1990",
        "age": 34,
        "age_as_of": "2024-09-10",
        "residence_region": case.region,
        "residence_place": text("Synthetic Town"),
        "plea": "admitted",
        "recruitment_date": "2022-10",
        "recruitment_channel": "social_media",
    }
    id = f"{case.pk}-D{case.defendants.count() + 1}"
    made = Defendant.objects.create(id=id, case=case, **defaults | fields)
    made.citizenships.set([case.country] if citizenships is None else citizenships)
    for written, kind in [("Synthetic Person", "full")] if names is None else names:
        add_name(made, written, kind=kind)
    for position, payment in enumerate(payments):
        made.payments.create(position=position, **payment)
    return cite(made)


def add_name(defendant, text, *, kind="full", language="en", script="Latn"):
    """One more name, which the sources of the others support as well."""
    made = defendant.names.create(
        position=defendant.names.count(), text=text, kind=kind, language=language, script=script
    )
    if defendant.citations.exists():
        confirm(defendant)
    return made


def add_service(defendant, **fields):
    """One more time that a defendant served, in the platoon unless said otherwise."""
    defaults = {
        "formation": formations(),
        "contract_signed": "2022-11-01",
        "contract_months": 6,
        "began": "2022-11-05",
        "ended": "2023-05",
        "places": {"en": ["Synthetic Village"]},
        "wounded_on": "2023-02~",
        "end_reason": "contract_ended",
        "returned_on": "2023-06",
    }
    id = f"{defendant.pk}-S{defendant.services.count() + 1}"
    return cite(Service.objects.create(id=id, defendant=defendant, **defaults | fields))


def add_verdict(defendant, *, articles=None, **fields):
    """One more ruling about a defendant: a conviction in first instance, unless said otherwise.

    Only convictions and changed rulings get a sentence by themselves.
    """
    outcome = fields.get("outcome", "convicted")
    sentence = {"sentence_months": 72, "sentence_kind": "imprisonment"}
    defaults = {
        "court": defendant.case.court,
        "instance": "first",
        "date": "2024-09-10",
        "outcome": outcome,
    } | (sentence if outcome in ("convicted", "changed") else {})
    id = f"{defendant.case_id}-V{defendant.case.verdicts.count() + 1}"
    made = Verdict.objects.create(
        id=id, case=defendant.case, defendant=defendant, **defaults | fields
    )
    made.articles.set(defendant.case.charges.all() if articles is None else articles)
    return cite(made)


def statistic(id=STATISTIC, *, articles=None, contradicts=(), derived_from=(), **fields):
    defaults = {
        "measure": "cases_opened",
        "counted": text("synthetic cases"),
        "unit": "cases",
        "country": country(),
        "period": "2024",
        "value": None if "value_min" in fields else 90,
        "qualifier": "exact",
        "counted_by": text("Synthetic Daily"),
    }
    made = Statistic.objects.create(id=id, **defaults | fields)
    made.articles.set([article()] if articles is None else articles)
    made.contradicts.set(contradicts)
    made.derived_from.set(derived_from)
    return cite(made)


def everything():
    """One valid record of each kind, with every kind of row that can stand beneath it."""
    made = case(
        defendant={
            "payments": [{"kind": "promised", "amount": 2000, "currency": "USD", "per": "month"}]
        }
    )
    statistic()
    return made


def cite(row, *, source_id=SOURCE, confirmed=False):
    """Replaces the citations of a row by one that supports every fact that it states.

    confirmed: also those that had another value when the row was published.
    """
    row = type(row).objects.get(pk=row.pk)
    row.citations.all().delete()
    add_citation(row, list(dict(_facts(row))), source_id=source_id, locator="¶ 1")
    return confirm(row) if confirmed else row


def confirm(row):
    """Says of every source of a row that it supports what the row states now."""
    row = type(row).objects.get(pk=row.pk)
    row.citations.update(confirmed={name: vouched(plain(value)) for name, value in _facts(row)})
    return row


def add_citation(row, fields, *, source_id=SOURCE, **others):
    """One more citation; `values` where the source states something else than the row."""
    if not Source.objects.filter(pk=source_id).exists():
        source(source_id)
    position = row.citations.count()
    return row.citations.create(position=position, source_id=source_id, fields=fields, **others)


def change(row, **fields):
    """Sets fields of a row, saves it and cites what it then states."""
    for field, value in fields.items():
        setattr(row, field, value)
    row.save()
    return cite(row, confirmed=True) if type(row) in SHAPES else row


def uncite(row, field):
    """Takes one field out of all citations of a row."""
    for citation in Citation.objects.filter(pk__in=row.citations.values("pk")):
        citation.fields.remove(field)
        citation.save()


def _facts(row):
    """The fields in which the row's document states something, with what they state."""
    shape = SHAPES[type(row)](context={"formations": {}})
    for name, field in shape.fields.items():
        if name not in STRUCTURE:
            value = field.get_attribute(row)
            stated = None if value is None else field.to_representation(value)
            if is_stated(stated):
                yield name, stated


def _made(model, id, fields):
    return model.objects.get_or_create(id=id, defaults=fields)[0]


def quality():
    """A row of each kind that tells editors of the quality of `everything`."""
    first = Case.objects.get(pk=CASE)
    second = Case.objects.create(
        id="KZ-9002", country=country(), kind="participation", conflict="2022-", status="trial"
    )
    Finding.objects.create(case=first, rule="synthetic", subject=CASE, field="status", detail="x")
    LikelyDuplicate.objects.create(first=first, second=second, likeness="name")
    LinkCheck.objects.create(
        source_id=SOURCE,
        address="https://synthetic.example/",
        state="gone",
        status=404,
        checked_at=datetime(2024, 10, 1, tzinfo=UTC),
    )


def published_before(id, record="case"):
    """An entry of the ledger that says that a record of this id was published once."""
    publication, _ = Publication.objects.get_or_create(
        number=1, defaults={"published_at": datetime(2024, 10, 1, tzinfo=UTC), "digest": "0" * 64}
    )
    return Entry.objects.create(
        publication=publication,
        operation="publish",
        record=record,
        public_id=id,
        version=1,
        body_sha256="0" * 64,
        digest="0" * 64,
    )

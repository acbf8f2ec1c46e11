"""What a record says when it is published: whole documents, as the bytes that are served."""

import orjson
import pytest
from django.apps import apps

from cases.models import PUBLISHED, Citation, Entry, Publication, published
from cases.publishing.documents.build import documents
from cases.publishing.ledger import diff, ledger
from cases.vocabulary import RecordKind
from tests import synthetic
from tests.publishing import expected
from tests.publishing.examples import case, change, defendant, source, statistic, verdict
from tests.synthetic import CASE, DEFENDANT, SERVICE, SOURCE, STATISTIC, VERDICT

MARKER = "for editors only, never published"


def body(record, id):
    return orjson.loads(published(record).current().get(public_id=id).body)


def all_bodies():
    return [
        text
        for model in set(PUBLISHED.values())
        for text in model.objects.values_list("body", flat=True)
    ]


def test_a_case_is_published_with_its_people_service_rulings_and_sources(working_copy):
    ledger.publish()
    assert body(RecordKind.CASE, CASE) == expected.DOCUMENT | expected.CASE | {
        "defendants": [expected.DEFENDANT],
        "verdicts": [expected.VERDICT],
    }


def test_a_defendant_is_published_with_the_case_and_the_rulings(working_copy):
    ledger.publish()
    assert body(RecordKind.DEFENDANT, DEFENDANT) == expected.DOCUMENT | expected.DEFENDANT | {
        "case": expected.CASE,
        "verdicts": [expected.VERDICT],
    }


def test_a_verdict_is_published_with_the_case_and_the_defendant(working_copy):
    ledger.publish()
    assert body(RecordKind.VERDICT, VERDICT) == expected.DOCUMENT | expected.VERDICT | {
        "case": expected.CASE,
        "defendant": expected.DEFENDANT,
    }


def test_a_statistic_is_published_with_its_rivals_and_origins(working_copy):
    rival = synthetic.statistic("STAT-9002", value_min=10, value_max=20, qualifier="approximate")
    origin = synthetic.statistic("STAT-9003", value=45)
    statistic().contradicts.add(rival)
    statistic().derived_from.add(origin)
    ledger.publish()
    assert body(RecordKind.STATISTIC, STATISTIC) == expected.DOCUMENT | expected.STATISTIC | {
        "contradicts": [expected.RIVAL],
        "derived_from": [expected.ORIGIN],
        "disputed": ["STAT-9002"],
    }
    assert body(RecordKind.STATISTIC, "STAT-9002")["disputed"] == [STATISTIC]
    assert body(RecordKind.STATISTIC, "STAT-9003")["disputed"] == []


def test_a_source_is_published_with_what_it_relies_on(working_copy):
    synthetic.source("SRC-9002", cites=[SOURCE], parallel_of=source())
    ledger.publish()
    assert body(RecordKind.SOURCE, SOURCE) == expected.SOURCE
    assert body(RecordKind.SOURCE, "SRC-9002") == expected.SOURCE | {
        "id": "SRC-9002",
        "path": "/api/v1/sources/SRC-9002/",
        "url": "https://synthetic.example/SRC-9002",
        "parallel_of": SOURCE,
        "cites": [SOURCE],
    }


def test_every_kind_of_reference_is_published_whole(working_copy):
    ledger.publish()
    for kind, document in expected.REFERENCE.items():
        assert body(kind, document.get("code", document.get("id"))) == document


def test_every_kind_of_record_has_a_document_that_is_asserted_whole():
    own = {"case", "defendant", "verdict", "statistic", "source"}
    assert own | expected.REFERENCE.keys() == set(RecordKind)


def test_a_document_begins_with_what_identifies_it(working_copy):
    ledger.publish()
    text = published(RecordKind.CASE).get(public_id=CASE).body
    assert text.startswith(
        '{"id":"KZ-9001","url":"/api/v1/cases/KZ-9001/","version":1,"publication":1,"country":"KZ"'
    )


def test_people_service_and_rulings_stand_in_the_order_of_their_numbers(working_copy):
    for _ in range(10):
        person = synthetic.add_defendant(case())
        synthetic.add_service(defendant())
        synthetic.add_verdict(person)
    ledger.publish()
    document = body(RecordKind.CASE, CASE)
    numbers = range(1, 12)
    assert [each["id"] for each in document["defendants"]] == [f"{CASE}-D{n}" for n in numbers]
    assert [each["id"] for each in document["verdicts"]] == [f"{CASE}-V{n}" for n in numbers]
    assert [each["id"] for each in document["defendants"][0]["services"]] == [
        f"{DEFENDANT}-S{n}" for n in numbers
    ]


def test_a_defendant_is_published_with_own_rulings_only(working_copy):
    synthetic.add_verdict(synthetic.add_defendant(case()))
    ledger.publish()
    document = body(RecordKind.DEFENDANT, DEFENDANT)
    assert [each["id"] for each in document["verdicts"]] == [VERDICT]


def test_unknown_is_null_and_an_empty_recruitment_is_null_as_a_whole(working_copy):
    change(defendant, recruitment_date=None, recruitment_channel=None)()
    change(verdict, court=None, sentence_months=None, sentence_kind=None, date=None)()
    ledger.publish()
    assert body(RecordKind.DEFENDANT, DEFENDANT)["recruitment"] is None
    document = body(RecordKind.VERDICT, VERDICT)
    unknown = ("court", "sentence_months", "sentence_kind", "date", "confiscation", "remarks")
    assert {field: document[field] for field in unknown} == dict.fromkeys(unknown)


def test_no_internal_note_is_in_any_document(working_copy):
    noted = [
        model
        for model in apps.get_app_config("cases").get_models()
        if model not in (Entry, Publication)
        and any(field.name == "note" for field in model._meta.fields)
    ]
    for model in noted:
        assert model.objects.update(note=MARKER), f"no row of {model}"
    ledger.publish()
    assert len(all_bodies()) == len(RecordKind) + 4
    assert not [text for text in all_bodies() if MARKER in text]


def test_no_decision_of_the_editors_is_in_any_document(working_copy):
    change(verdict, range_checked=True)()
    ledger.publish()
    for text in all_bodies():
        assert '"range_checked"' not in text
        assert '"draft"' not in text
        assert '"note"' not in text


def test_a_note_or_a_check_of_the_editors_is_no_correction(working_copy):
    ledger.publish()
    change(case, note=MARKER)()
    change(verdict, note=MARKER, range_checked=True)()
    assert len(diff.preview()) == 0


def draft():
    return synthetic.source("SRC-9009", draft=True, title=MARKER)


def rival_draft():
    return synthetic.statistic("STAT-9009", draft=True)


@pytest.mark.parametrize(
    "point",
    [
        lambda: source().cites.add(draft()),
        lambda: synthetic.change(source(), parallel_of=draft()),
        lambda: synthetic.region().sources.add(draft()),
        lambda: synthetic.court().sources.add(draft()),
        lambda: synthetic.formation().sources.add(draft()),
        lambda: synthetic.article().sources.add(draft()),
        lambda: synthetic.change(
            synthetic.article(),
            variants=[{"claim": synthetic.text("5 years"), "sources": [draft().pk]}],
        ),
        lambda: statistic().contradicts.add(rival_draft()),
        lambda: statistic().derived_from.add(rival_draft()),
        lambda: synthetic.case("KZ-9009", draft=True),
    ],
    ids=[
        *("source.cites", "source.parallel_of", "region.sources", "court.sources"),
        *("formation.sources", "article.sources", "article.variants"),
        *("statistic.contradicts", "statistic.derived_from", "case"),
    ],
)
def test_no_document_names_a_draft(working_copy, point):
    point()
    text = str([document.content for document in documents()])
    assert [name for name in ("SRC-9009", "STAT-9009", "KZ-9009", MARKER) if name in text] == []


def test_every_service_is_cited_in_the_document_that_holds_it(working_copy):
    ledger.publish()
    assert Citation.objects.filter(service=SERVICE).exists()
    [service] = body(RecordKind.DEFENDANT, DEFENDANT)["services"]
    assert [citation["source"] for citation in service["citations"]] == [SOURCE]

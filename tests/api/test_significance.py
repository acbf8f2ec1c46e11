"""Corrections say what they changed, and whether a fact of the record changed at all."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Court, Defendant, Entry, Publisher, Verdict
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.ledger.changed_facts import changed_facts, is_significant
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.vocabulary import RecordKind
from tests import databases, synthetic
from tests.api.reading import read

NAME = "Zarzuk Blimpov"


def _published():
    """1: a case with a misspelt name and a second person. 2: its publisher is renamed. 3: name,
    sentence and a translation. 4: only a translation."""
    case = synthetic.case(defendant={"names": [("Zarzuk Blinpov", "full")]})
    synthetic.add_verdict(synthetic.add_defendant(case, names=[("S. P.", "initials")]))
    ledger.publish("First")
    Publisher.objects.update(name=synthetic.text("Renamed Daily"))
    ledger.publish("A publisher has another name")
    name = Defendant.objects.get(pk=synthetic.DEFENDANT).names.get()
    name.text = NAME
    name.save()
    synthetic.confirm(Defendant.objects.get(pk=synthetic.DEFENDANT))
    synthetic.change(Verdict.objects.get(pk=synthetic.VERDICT), sentence_months=60)
    ledger.publish("Corrected")
    Court.objects.update(name=synthetic.text("Synthetic District Court", ru="Суд"))
    case = Case.objects.get()
    synthetic.change(case, summary=case.summary | {"ru": "Пересказ"})
    ledger.publish("Translated")


_corrected = databases.written_once(_published)


@pytest.fixture
def corrected(_corrected, db):
    """The history of `_published`; what a test adds is undone."""


def payment(english, ru=None):
    return {"kind": "promised", "amount": 1, "remark": {"en": english, "ru": ru, "kk": None}}


def change(client, record, publication, **query):
    rows = read(client, "changes/", since=publication - 1, record=record, **query)["results"]
    return {row["id"]: row for row in rows if row["publication"] == publication}


def test_renaming_a_publisher_corrects_no_fact(corrected, client):
    rows = read(client, "changes/", since=1, as_of=2)["results"]
    assert {row["record"] for row in rows} == {
        "publisher",
        "source",
        "case",
        "defendant",
        "verdict",
    }
    told = {row["record"]: (row["op"], row["significant"], row["changed"]) for row in rows}
    assert told.pop("publisher") == (
        "correct",
        True,
        [{"path": "/name/en", "from": "Synthetic Daily", "to": "Renamed Daily"}],
    )
    assert set(map(str, told.values())) == {str(("correct", False, []))}


def test_a_correction_says_from_what_to_what(corrected, client):
    [verdict] = change(client, "verdict", 3).values()
    assert verdict["significant"] is True
    assert verdict["case"] == synthetic.CASE
    [sentence] = [fact for fact in verdict["changed"] if fact["path"] == "/sentence_months"]
    assert sentence == {"path": "/sentence_months", "from": 72, "to": 60}
    # A case says it with the id of its part; a defendant has no fact of a verdict.
    case = change(client, "case", 3)[synthetic.CASE]
    assert case["case"] is None
    place = f"/verdicts/{synthetic.VERDICT}/sentence_months"
    assert {"path": place, "from": 72, "to": 60} in case["changed"]
    person = change(client, "defendant", 3)[synthetic.DEFENDANT]
    assert person["changed"] == [{"path": "/names/0/text", "from": "Zarzuk Blinpov", "to": NAME}]
    # The same history, asked of the record.
    versions = read(client, f"cases/{synthetic.CASE}/versions/")["results"]
    assert [row["significant"] for row in versions] == [True, False, True, False]
    assert versions[2]["changed"] == case["changed"]
    assert versions[0]["changed"] is None


def test_a_translation_is_shown_and_changes_no_fact(corrected, client):
    case = change(client, "case", 4)[synthetic.CASE]
    assert case["significant"] is False
    assert case["changed"] == [{"path": "/summary/ru", "from": None, "to": "Пересказ"}]


@pytest.mark.parametrize(
    ("before", "after", "paths", "significant"),
    [
        # A translated remark of a payment, and a payment more.
        ([payment("x")], [payment("x", ru="я")], ["/payments/0/remark/ru"], False),
        ([payment("x")], [payment("y")], ["/payments/0/remark/en"], True),
        ([payment("x")], [payment("x"), payment("y")], ["/payments"], True),
        (None, [], [], False),
    ],
)
def test_items_without_ids_are_compared_one_by_one(before, after, paths, significant):
    documents = {"payments": before}, {"payments": after}
    found = list(changed_facts(RecordKind.DEFENDANT, *documents))
    assert [fact.path for fact in found] == paths
    assert is_significant(RecordKind.DEFENDANT, *documents) is significant


@pytest.mark.parametrize(
    ("before", "after", "paths", "significant"),
    [
        ("A count", {"en": "A count", "ru": None, "kk": None}, [], False),
        ("A count", {"en": "A count", "ru": "Подсчёт", "kk": None}, ["/counted_by/ru"], False),
        ("A count", {"en": "Another", "ru": None, "kk": None}, ["/counted_by/en"], True),
        (["Town"], {"en": ["Town"], "ru": ["Город"], "kk": None}, ["/counted_by/ru"], False),
    ],
)
def test_a_text_that_got_languages_states_what_it_stated(before, after, paths, significant):
    was, now = {"counted_by": before}, {"counted_by": after}
    assert [fact.path for fact in changed_facts(RecordKind.STATISTIC, was, now)] == paths
    assert is_significant(RecordKind.STATISTIC, was, now) is significant


@pytest.mark.parametrize(
    ("after", "significant"),
    [
        ({"en": "unemployed", "ru": "безработный", "kk": None}, False),
        ({"en": "a welder", "ru": None, "kk": None}, True),
    ],
)
def test_a_translation_of_what_a_source_states_instead_is_no_new_fact(after, significant):
    was, now = (
        {"citations": [{"source": "SRC-9001", "values": {"occupation": stated}}]}
        for stated in ("unemployed", after)
    )
    assert is_significant(RecordKind.DEFENDANT, was, now) is significant


def test_what_is_quoted_or_derived_is_no_fact_of_the_record():
    def document(court, label, verdict):
        return {
            "court": {"id": court, "name": {"en": label, "ru": None, "kk": None}},
            "legal_status": {"code": "convicted", "label": {"en": label}},
            "opened": {"value": "2024", "earliest": "2024-01-01", "latest": "2024-12-31"},
            "verdicts": [{"id": verdict, "outcome": label}],
            "sources": [{"id": "SRC-9001", "title": label}],
            "disputed": [label],
        }

    before = document("a", "x", "KZ-9001-V1")
    kind = RecordKind.DEFENDANT
    assert list(changed_facts(kind, before, document("a", "y", "KZ-9001-V1"))) == []
    assert [tuple(fact)[:3] for fact in changed_facts(kind, before, document("b", "y", "V2"))] == [
        ("/court", "a", "b"),
        ("/verdicts", ["KZ-9001-V1"], ["V2"]),
    ]
    # A field that is new in the documents states nothing as long as it is false.
    assert list(changed_facts(kind, {}, {"name_withheld": False})) == []
    # Sources by id are a fact of a reference.
    assert is_significant(RecordKind.ARTICLE, {"sources": ["SRC-1"]}, {"sources": ["SRC-2"]})


def test_only_significant_changes_can_be_asked_for(corrected, client):
    every = read(client, "changes/", page_size=1000)["results"]
    for value in (True, False):
        some = read(client, "changes/", page_size=1000, significant=str(value).lower())["results"]
        assert some == [row for row in every if row["significant"] is value] != []
    plain = read(client, "changes/", page_size=1000, changed="false")["results"]
    assert plain == [row | {"changed": None} for row in every]


def test_a_past_state_is_not_superseded_by_another_name(corrected, client):
    assert "Superseded" not in client.get(f"/api/v1/cases/{synthetic.CASE}/?as_of=3")
    told = client.get(f"/api/v1/cases/{synthetic.CASE}/?as_of=2")["Superseded"]
    assert told == "correct;publication=3"


def test_what_was_redacted_is_in_no_difference(corrected, client):
    actions.redact(redacting.find(synthetic.DEFENDANT), "On request", editor())
    for address in ("changes/?page_size=1000", f"cases/{synthetic.CASE}/versions/"):
        for as_of in ("", "as_of=3"):
            answer = client.get(f"/api/v1/{address}{'&' if '?' in address else '?'}{as_of}")
            text = answer.content.decode()
            assert answer.status_code == 200
            assert "Blimpov" not in text
            assert "Blinpov" not in text
    # That something was corrected is still said.
    assert change(client, "defendant", 3)[synthetic.DEFENDANT]["significant"] is True


def test_what_was_withdrawn_is_in_no_difference(corrected, client):
    actions.withdraw(RecordRef(RecordKind.CASE, synthetic.CASE), "Not so", editor())
    for row in read(client, "changes/", page_size=1000)["results"]:
        if row["record"] in ("case", "defendant", "verdict"):
            assert row["changed"] is None
    # What could be read then can be read as of then.
    assert change(client, "verdict", 3, as_of=4)[synthetic.VERDICT]["changed"]


def test_a_person_who_left_a_case_is_in_no_difference_of_it(corrected, client):
    second = Defendant.objects.get(pk=f"{synthetic.CASE}-D2")
    synthetic.change(second, residence_place=synthetic.text("Synthetic Hideout"))
    ledger.publish("Moved")
    assert "Synthetic Hideout" in client.get("/api/v1/changes/?since=4").content.decode()
    second.verdicts.all().delete()
    second.delete()
    ledger.publish("Another person")
    assert "Synthetic Hideout" not in client.get("/api/v1/changes/").content.decode()
    case = change(client, "case", 6)[synthetic.CASE]
    assert {"path": f"/defendants/{second_id()}", "from": second_id(), "to": None} in case[
        "changed"
    ]


def editor():
    return get_user_model().objects.create(username="editor")


def second_id():
    return f"{synthetic.CASE}-D2"


def test_differences_cost_two_queries_however_many_there_are(corrected, client):
    def queries(**query):
        with CaptureQueriesContext(connection) as captured:
            read(client, "changes/", **query)
        return len(captured)

    for size in (2, 1000):
        assert queries(page_size=size, since=1) == queries(page_size=size, changed="false") + 2


def test_entries_of_before_get_their_significance(corrected):
    expected = dict(Entry.objects.values_list("pk", "significant"))
    assert set(expected.values()) == {True, False}
    Entry.objects.update(significant=True)
    migration = import_module("cases.migrations.0020_significance_of_published_entries")
    migration.compute(apps, None)
    assert dict(Entry.objects.values_list("pk", "significant")) == expected

"""Withdrawing a record, and merging two cases, as editors do it."""

import orjson
import pytest
from django.contrib.auth import get_user_model

from cases.models import (
    Act,
    Case,
    Defendant,
    Entry,
    Name,
    Publication,
    Source,
    Verdict,
    published,
)
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import diff, ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.publishing.workflow.review import NotAllowedError
from cases.vocabulary import RecordKind
from tests import synthetic

CASE = RecordRef(RecordKind.CASE, "KZ-9001")
PARTS = ("KZ-9002-D1", "KZ-9002-V1")


@pytest.fixture
def two_cases(two_cases_once, db):
    """Two cases, public with publication 1."""


@pytest.fixture
def editor(db):
    return get_user_model().objects.create(username="editor")


def told():
    entries = Entry.objects.filter(publication=Publication.objects.latest("number"))
    return {(one.operation, one.public_id, one.into) for one in entries}


def public(kind, public_id):
    return published(kind).current().filter(public_id=public_id).exists()


def test_a_withdrawn_case_goes_with_its_parts_and_stays_as_a_draft(two_cases, editor):
    actions.withdraw(CASE, "The article was retracted", editor)
    assert told() == {
        ("withdraw", "KZ-9001", None),
        ("withdraw", "KZ-9001-D1", None),
        ("withdraw", "KZ-9001-V1", None),
    }
    assert Case.objects.get(pk="KZ-9001").draft
    assert ledger.publish("everything else") is None
    assert Act.objects.get().deed == "withdraw"
    assert list(differences()) == []


def test_the_api_says_why(two_cases, client):
    actions.withdraw(CASE, "The article was retracted", None)
    answer = client.get("/api/v1/cases/KZ-9001/")
    assert answer.status_code == 410
    assert "The article was retracted" in answer.json()["detail"]
    assert client.get("/api/v1/defendants/KZ-9001-D1/").status_code == 410


@pytest.mark.parametrize("note", ["", "  "])
def test_a_withdrawal_needs_a_note(two_cases, note):
    with pytest.raises(NotAllowedError, match="note is required"):
        actions.withdraw(CASE, note, None)
    assert public(RecordKind.CASE, "KZ-9001")


def test_what_others_still_show_is_not_withdrawn(two_cases):
    with pytest.raises(NotAllowedError, match="KZ-9001, KZ-9002"):
        actions.withdraw(RecordRef(RecordKind.SOURCE, "SRC-9001"), "reason", None)
    assert not Source.objects.get(pk="SRC-9001").draft


def test_a_source_that_nobody_shows_can_be_withdrawn(two_cases):
    synthetic.source("SRC-9009")
    ledger.publish()
    actions.withdraw(RecordRef(RecordKind.SOURCE, "SRC-9009"), "Never cited", None)
    assert Source.objects.get(pk="SRC-9009").draft
    assert not public(RecordKind.SOURCE, "SRC-9009")


def test_what_is_not_public_cannot_be_withdrawn(two_cases):
    actions.withdraw(CASE, "reason", None)
    with pytest.raises(NotAllowedError, match="not published"):
        actions.withdraw(CASE, "again", None)
    assert Publication.objects.count() == 2


def test_a_merged_case_leads_to_the_survivor_with_all_its_parts(two_cases, client):
    mapped = {"KZ-9002-D1": "KZ-9001-D1", "KZ-9002-V1": "KZ-9001-V1"}
    actions.merge("KZ-9002", "KZ-9001", mapped, "One prosecution", None)
    assert told() == {
        ("merge", "KZ-9002", "KZ-9001"),
        ("merge", "KZ-9002-D1", "KZ-9001-D1"),
        ("merge", "KZ-9002-V1", "KZ-9001-V1"),
    }
    for old, new in {"cases/KZ-9002": "KZ-9001", "defendants/KZ-9002-D1": "KZ-9001-D1"}.items():
        answer = client.get(f"/api/v1/{old}/", follow=True)
        assert answer.redirect_chain[0][1] == 308
        assert answer.json()["id"] == new
    assert not Case.objects.filter(pk="KZ-9002").exists()
    assert list(differences()) == []


def test_a_defendant_and_a_verdict_can_move(two_cases):
    appeal = synthetic.add_verdict(
        Defendant.objects.get(pk="KZ-9002-D1"),
        instance="appeal",
        outcome="upheld",
        court=synthetic.court(synthetic.APPEAL_COURT),
        date="2024-11-11",
        changes=Verdict.objects.get(pk="KZ-9002-V1"),
    )
    ledger.publish("appeal")
    mapped = dict.fromkeys((*PARTS, appeal.pk), "move")
    actions.merge("KZ-9002", "KZ-9001", mapped, "One prosecution", None)
    assert ("merge", "KZ-9002-D1", "KZ-9001-D2") in told()
    assert ("merge", "KZ-9002-V2", "KZ-9001-V3") in told()
    assert ("publish", "KZ-9001-D2", None) in told()
    body = published(RecordKind.CASE).current().get(public_id="KZ-9001").body
    case = orjson.loads(body)
    assert [one["id"] for one in case["defendants"]] == ["KZ-9001-D1", "KZ-9001-D2"]
    assert case["defendants"][1]["services"][0]["id"] == "KZ-9001-D2-S1"
    assert [one["changes"] for one in case["verdicts"]] == [None, None, "KZ-9001-V2"]
    assert {one["defendant"] for one in case["verdicts"][1:]} == {"KZ-9001-D2"}
    assert list(differences()) == []
    assert len(diff.preview()) == 0


def test_what_is_neither_mapped_nor_moved_is_withdrawn(two_cases):
    mapped = {"KZ-9002-D1": "KZ-9001-D1", "KZ-9002-V1": "withdraw"}
    actions.merge("KZ-9002", "KZ-9001", mapped, "One prosecution", None)
    assert ("withdraw", "KZ-9002-V1", None) in told()


REFUSED = {
    "a part that is left out": ({"KZ-9002-D1": "move"}, "Say what becomes of KZ-9002-V1"),
    "a part of another case": (
        {**dict.fromkeys(PARTS, "move"), "KZ-9001-D1": "move"},
        "KZ-9001-D1 is no part",
    ),
    "a survivor that is not there": (
        {"KZ-9002-D1": "KZ-9001-D7", "KZ-9002-V1": "withdraw"},
        "KZ-9001-D7 is no defendant",
    ),
    "a ruling about nobody": (
        {"KZ-9002-D1": "withdraw", "KZ-9002-V1": "move"},
        "KZ-9002-V1 cannot move",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_merge_that_leaves_something_open_is_refused(two_cases, name):
    mapped, reason = REFUSED[name]
    with pytest.raises(NotAllowedError, match=reason):
        actions.merge("KZ-9002", "KZ-9001", mapped, "One prosecution", None)
    assert public(RecordKind.CASE, "KZ-9002")
    assert Case.objects.filter(pk="KZ-9002").exists()


def test_a_survivor_with_half_done_work_is_refused(two_cases):
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
    with pytest.raises(NotAllowedError, match="has changes"):
        actions.merge("KZ-9002", "KZ-9001", dict.fromkeys(PARTS, "move"), "note", None)


def test_the_id_of_a_merged_case_is_not_used_again(two_cases, editor, settings):
    settings.REQUIRE_SECOND_EDITOR = False
    mapped = {"KZ-9002-D1": "KZ-9001-D1", "KZ-9002-V1": "KZ-9001-V1"}
    actions.merge("KZ-9002", "KZ-9001", mapped, "One prosecution", None)
    synthetic.case("KZ-9002")
    with pytest.raises(NotAllowedError, match="merged into KZ-9001"):
        actions.publish({RecordRef(RecordKind.CASE, "KZ-9002")}, "again", editor)


def test_half_done_work_in_the_merged_case_does_not_move_into_public(two_cases):
    synthetic.change(Verdict.objects.get(pk="KZ-9002-V1"), sentence_months=77)
    Case.objects.filter(pk="KZ-9002").update(draft=True)
    with pytest.raises(NotAllowedError, match="KZ-9002 has changes"):
        actions.merge("KZ-9002", "KZ-9001", dict.fromkeys(PARTS, "move"), "note", None)


def test_who_was_redacted_stays_so_in_the_surviving_case(two_cases):
    name = Name.objects.filter(defendant="KZ-9002-D1").first().text
    Name.objects.filter(defendant="KZ-9001-D1").update(text="Somebody Else")
    synthetic.confirm(Defendant.objects.get(pk="KZ-9001-D1"))
    ledger.publish("another name")
    target = redacting.find("KZ-9002-D1", different=["KZ-9001-D1"])
    redacting.redact(target, "As the law asks.")
    ledger.publish("what both cases rest on")
    actions.merge("KZ-9002", "KZ-9001", dict.fromkeys(PARTS, "move"), "One case", None)
    synthetic.add_name(Defendant.objects.get(pk="KZ-9001-D2"), name)
    broken = {found.rule for found in diff.preview().violations}
    assert {"redacted_people_stay_redacted", "redacted_names_stay_redacted"} <= broken


def test_a_part_that_is_missing_in_a_draft_stays_public(two_cases):
    Verdict.objects.filter(pk="KZ-9002-V1").delete()
    Case.objects.filter(pk="KZ-9002").update(draft=True)
    assert ledger.publish("everything") is None
    assert public(RecordKind.VERDICT, "KZ-9002-V1")
    actions.publish({RecordRef(RecordKind.CASE, "KZ-9002")}, "No such ruling.", None)
    assert not public(RecordKind.VERDICT, "KZ-9002-V1")

"""The public reason of a single record: its place in the ledger, and that a redaction reaches it.

The persons are invented, as is every other fact.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.models import Case, Entry, Publication
from cases.publishing.ledger import ledger
from cases.publishing.ledger.ledger import Announced
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.vocabulary import RecordKind
from tests import synthetic

CASE, WITNESS = "KZ-9001", "KZ-9001-D1"


@pytest.fixture
def noted(db):
    """Published, then corrected with a reason for the case that names the person."""
    synthetic.case(defendant={"names": [("Zarzuk Blimpov", "full")]})
    ledger.publish("First")
    synthetic.change(Case.objects.get(), status="appeal")
    notes = {(RecordKind.CASE, CASE): "Blimpov appealed"}
    ledger.publish(Announced("Second reading", notes=notes))


def reason(id=CASE):
    return Entry.objects.get(publication=2, public_id=id)


def test_a_part_of_a_case_without_a_reason_has_that_of_the_case(noted):
    assert {reason(id).note for id in (CASE, WITNESS)} == {"Blimpov appealed"}
    assert Publication.objects.get(number=2).note == "Second reading"
    assert list(differences()) == []


def test_each_reason_has_a_salt_of_its_own(noted):
    salts = Entry.objects.filter(publication=2).values_list("note_salt", flat=True)
    assert len(set(salts)) == len(salts) == Entry.objects.filter(publication=2).count()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"note": "Withdrew the appeal"}, "has a wrong digest"),
        ({"note_salt": ""}, "its note is not that of"),
        ({"note_salt": "0" * 64}, "has a wrong digest"),
    ],
)
def test_a_reason_that_is_changed_is_caught(noted, change, found):
    Entry.objects.filter(pk=reason().pk).update(**change)
    assert any(found in line for line in differences())


def test_a_redaction_takes_the_name_out_of_reasons(noted):
    before = {entry.note_salt for entry in Entry.objects.filter(publication=2)}
    redacting.redact(redacting.find(WITNESS), "On request")
    assert not Entry.objects.filter(note__contains="Blimpov").exists()
    assert reason().note == "[name withheld] appealed"
    after = {entry.note_salt for entry in Entry.objects.filter(publication=2)}
    assert before.isdisjoint(after)
    assert list(differences()) == []


def test_a_redaction_that_would_leave_a_reason_is_refused(noted, monkeypatch):
    monkeypatch.setattr(redacting, "_notes_rewritten", lambda target: [])
    with pytest.raises(redacting.RedactionRefusedError, match="a note of publication 2"):
        redacting.redact(redacting.find(WITNESS), "On request")


def test_what_the_api_says_of_a_redacted_reason_can_be_proven(noted, client):
    from tests.api.test_mirror import Mirror

    redacting.redact(redacting.find(WITNESS), "On request")
    Mirror(client).follow()
    rows = client.get("/api/v1/changes/").json()["results"]
    replaced = [one for row in rows for one in row["replaced"] or () if "note_of" in one]
    assert {(one["note_of"], one["record"], one["id"]) for one in replaced} == {
        (2, entry.record, entry.public_id) for entry in Entry.objects.filter(publication=2)
    }


def test_a_ledger_that_is_resealed_keeps_reasons_and_what_was_redacted(db, monkeypatch):
    synthetic.case(defendant={"names": [("Zarzuk Blimpov", "full")]})
    with monkeypatch.context() as earlier:
        earlier.setattr(ledger, "DIGEST_VERSION", 1)
        earlier.setattr(ledger, "new_salt", lambda: "")
        ledger.publish("First")
    synthetic.change(Case.objects.get(), status="appeal")
    ledger.publish(Announced("Second", notes={(RecordKind.CASE, CASE): "Blimpov appealed"}))
    redacting.redact(redacting.find(WITNESS), "On request")
    call_command("reseal_ledger")
    assert reason().note == "[name withheld] appealed"
    assert list(differences()) == []


def test_a_reason_may_not_hide_anything(db):
    synthetic.case()
    notes = {(RecordKind.CASE, CASE): "Hidden\u202e text"}
    with pytest.raises(ledger.RulesBrokenError, match="U\\+202E"):
        ledger.publish(Announced("", notes=notes))


@pytest.mark.parametrize("ahead", [timedelta(days=1), -timedelta(days=400)])
def test_a_time_is_never_in_the_future_nor_before_the_last(db, ahead):
    synthetic.case()
    now = timezone.now()
    first = ledger.publish(Announced(at=datetime(2025, 1, 1, tzinfo=UTC)))
    assert first.published_at == datetime(2025, 1, 1, tzinfo=UTC)
    synthetic.change(Case.objects.get(), status="appeal")
    second = ledger.publish(Announced(at=now + ahead))
    assert first.published_at < second.published_at <= timezone.now()

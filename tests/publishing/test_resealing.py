"""A ledger of before digests had salts: afterwards none of its digests confirms a guess."""

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Entry, Publication, PublishedCase, published
from cases.publishing.ledger import ledger
from cases.publishing.ledger.digests import sha256
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.vocabulary import RecordKind
from tests import synthetic


def bodies():
    kinds = (RecordKind.CASE, RecordKind.DEFENDANT, RecordKind.VERDICT)
    return {body for kind in kinds for body in published(kind).values_list("body", flat=True)}


def digests():
    """Every digest in the ledger."""
    found = set(Publication.objects.values_list("digest", flat=True))
    for entry in Entry.objects.all():
        found |= {entry.digest, entry.body_sha256}
        found |= {one[key] for one in entry.replaced or () for key in ("was", "now")}
    return found


@pytest.fixture
def redacted(db, monkeypatch):
    """Publications of version 1 with a redaction, then one of version 2 and a second redaction.
    Returns every text that is gone."""
    with monkeypatch.context() as earlier:
        earlier.setattr(ledger, "DIGEST_VERSION", 1)
        earlier.setattr(ledger, "new_salt", lambda: "")
        earlier.setattr(redacting, "new_salt", lambda: "")
        for number, name in enumerate(("Zarzuk Blimpov", "Ostap Quimbly"), 1):
            synthetic.case(
                f"KZ-900{number}",
                summary=synthetic.text(f"{name} served."),
                defendant={"names": [(name, "full")]},
            )
        ledger.publish("Zarzuk Blimpov and Ostap Quimbly were sentenced")
        written = bodies() | {Publication.objects.get().note}
        actions.redact(redacting.find("KZ-9001-D1"), "On request", None)
        written |= bodies() | {Publication.objects.get(number=1).note}
    synthetic.change(Case.objects.get(pk="KZ-9002"), status="appeal")
    ledger.publish("Appealed")
    written |= bodies()
    actions.redact(redacting.find("KZ-9002-D1"), "On request too", None)
    assert list(differences()) == []
    left = bodies() | set(Publication.objects.values_list("note", flat=True))
    return written - left


def test_no_digest_confirms_what_was_redacted_before(redacted):
    guesses = {sha256(text) for text in redacted}
    assert guesses & digests(), "the attack itself should work"
    served = {pk: body for pk, body in PublishedCase.objects.values_list("pk", "body")}
    call_command("reseal_ledger")
    assert guesses & digests() == set()
    assert list(differences()) == []
    assert served == {pk: body for pk, body in PublishedCase.objects.values_list("pk", "body")}
    assert set(Publication.objects.values_list("digest_version", flat=True)) == {2}
    for kind in RecordKind:
        assert not published(kind).filter(salt="").exists()
    before = digests()
    call_command("reseal_ledger")
    assert digests() == before, "the second run changes nothing"


def test_what_was_redacted_twice_verifies_and_can_be_published_on(redacted):
    call_command("reseal_ledger")
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
    ledger.publish("After it")
    assert list(differences()) == []


def test_a_ledger_that_does_not_verify_is_left_alone(redacted):
    row = PublishedCase.objects.filter(public_id="KZ-9002").first()
    PublishedCase.objects.filter(pk=row.pk).update(
        body=row.body.replace("participation", "recruitment")
    )
    before = digests()
    with pytest.raises(CommandError, match="nothing was changed:\ncase KZ-9002 version 1"):
        call_command("reseal_ledger")
    assert digests() == before

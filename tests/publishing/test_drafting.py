"""Drafts: nothing publishes them but an editor's yes, and that brings what they rest on."""

import pytest

from cases.models import Case, Finding, LinkCheck, Source, published
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.publishing.workflow.drafts import as_published, released, waiting
from cases.publishing.workflow.review import state
from cases.quality import findings
from cases.vocabulary import RecordKind
from tests import synthetic

pytestmark = pytest.mark.usefixtures("working_copy")

CASE = RecordRef(RecordKind.CASE, synthetic.CASE)
NEW, BEHIND = "SRC-9008", "SRC-9009"


def is_public(kind, public_id):
    return published(kind).current().filter(public_id=public_id).exists()


@pytest.fixture
def draft():
    """A case in the making, which cites a new source that rests on another new one."""
    synthetic.source(BEHIND, draft=True)
    synthetic.source(NEW, cites=[BEHIND], draft=True)
    case = Case.objects.get(pk=synthetic.CASE)
    synthetic.change(case, draft=True)
    synthetic.add_citation(case, ["kind"], source_id=NEW)
    return case


def test_what_is_published_as_a_whole_leaves_drafts_out(draft):
    ledger.publish()
    assert not is_public(*CASE)
    assert not is_public(RecordKind.SOURCE, NEW)


def test_an_editor_publishes_a_draft_with_the_new_sources_it_rests_on(draft):
    assert state(CASE).changes.violations == []
    actions.publish({CASE}, "", None)
    assert is_public(*CASE)
    assert is_public(RecordKind.SOURCE, NEW)
    assert is_public(RecordKind.SOURCE, BEHIND)
    assert not Case.objects.filter(draft=True).exists()
    assert not Source.objects.filter(draft=True).exists()


def test_a_look_leaves_a_draft_a_draft(draft):
    with released({CASE}):
        assert not Case.objects.filter(draft=True).exists()
    assert state(CASE).changes.published
    assert as_published(draft).content["sources"][-1]["id"] == BEHIND
    assert set(Source.objects.filter(draft=True).values_list("pk", flat=True)) == {NEW, BEHIND}
    assert Case.objects.filter(draft=True).exists()


def test_a_publication_that_is_refused_leaves_a_draft_a_draft(draft):
    draft.citations.all().delete()
    findings.refresh(Case.objects.get(pk=CASE.public_id))
    with pytest.raises(ledger.RulesBrokenError):
        actions.publish({CASE}, "", None)
    assert Case.objects.filter(draft=True).exists()
    assert Finding.objects.exists()


def test_what_was_found_out_of_a_draft_goes_when_it_is_published(draft):
    Finding.objects.create(case=draft, rule="a_rule", subject=draft.pk, detail="Synthetic.")
    actions.publish({CASE}, "", None)
    assert not Finding.objects.exists()


def test_what_others_are_working_on_does_not_go_out(draft):
    synthetic.case("KZ-9002", draft=True)
    actions.publish({CASE}, "", None)
    assert not is_public(RecordKind.CASE, "KZ-9002")
    assert [case.pk for case in waiting(RecordKind.CASE)] == ["KZ-9002"]


def test_what_was_withdrawn_waits_for_nothing(draft):
    actions.publish({CASE}, "", None)
    actions.withdraw(CASE, "A synthetic reason.", None)
    assert Case.objects.get(pk=CASE.public_id).draft
    assert not waiting(RecordKind.CASE).exists()
    assert CASE not in {found.root for found in actions.waiting()}


def test_what_is_edited_after_publication_waits_again(draft):
    actions.publish({CASE}, "", None)
    synthetic.change(draft, draft=True)
    assert [case.pk for case in waiting(RecordKind.CASE)] == [CASE.public_id]


def test_links_and_findings_that_hold_a_redacted_name_go(draft):
    actions.publish({CASE}, "", None)
    name = draft.defendants.first().names.first().text
    Finding.objects.create(case=draft, rule="a_rule", subject=draft.pk, detail=f"“{name}”")
    for row, address in enumerate((f"https://synthetic.example/{name}", "https://example.org/1")):
        LinkCheck.objects.create(
            source_id=synthetic.SOURCE,
            address=address,
            state="answers",
            checked_at="2026-01-01T00:00Z",
            status=200 + row,
        )
    redacting.redact(redacting.find(draft.defendants.first().pk), "As the law asks.")
    assert not Finding.objects.exists()
    assert [link.address for link in LinkCheck.objects.all()] == ["https://example.org/1"]

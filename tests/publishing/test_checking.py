"""Draft, checked, published: a second person's check, and who did what."""

import pytest
from django.contrib.auth import get_user_model

from cases.admin.publishing import edits
from cases.models import Act, Case, Name, Publication
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.workflow import actions, audit, review
from cases.publishing.workflow.review import NotAllowedError
from cases.vocabulary import Deed, RecordKind
from tests import synthetic

CASE = RecordRef(RecordKind.CASE, "KZ-9001")


@pytest.fixture(autouse=True)
def _second_editor(settings):
    settings.REQUIRE_SECOND_EDITOR = True


@pytest.fixture
def writer(db):
    return get_user_model().objects.create(username="writer")


@pytest.fixture
def checker(db):
    return get_user_model().objects.create(username="checker")


@pytest.fixture
def entered(writer):
    with edits.by(writer):
        return synthetic.case()


def check(person):
    return review.check(CASE, person, review.state(CASE).digest)


def deeds():
    return list(Act.objects.order_by("pk").values_list("name", "deed", "public_id"))


def test_a_record_goes_from_draft_over_checked_to_published(entered, writer, checker):
    assert review.state(CASE).name == "draft"
    check(checker)
    assert review.state(CASE).name == "checked"
    actions.publish({CASE}, "", writer)
    assert review.state(CASE).name == "published"
    assert ("checker", "check", "KZ-9001") in deeds()
    assert ("writer", "publish", "KZ-9001") in deeds()
    assert ("writer", "publish", synthetic.COURT) in deeds()


def test_nobody_checks_what_they_entered(entered, writer):
    with pytest.raises(NotAllowedError, match="somebody else must check it"):
        check(writer)


def test_nothing_goes_out_unchecked(entered, writer, checker):
    for person in (writer, checker):
        with pytest.raises(NotAllowedError, match="must be checked"):
            actions.publish({CASE}, "", person)
    assert not Publication.objects.exists()


def test_one_editor_is_enough_where_the_setting_says_so(entered, writer, settings):
    settings.REQUIRE_SECOND_EDITOR = False
    assert actions.publish({CASE}, "", writer)


def test_a_command_needs_no_check(entered):
    assert actions.publish({CASE}, "", None)
    assert Act.objects.filter(deed="publish", by=None, name="").exists()


EDITS = {
    "the case itself": lambda: synthetic.change(Case.objects.get(), status="appeal"),
    "an inline name": lambda: Name.objects.update(text="Synthetic Human"),
    "a citation": lambda: synthetic.uncite(Case.objects.get(), "kind"),
}


@pytest.mark.parametrize("name", EDITS)
def test_whatever_is_edited_makes_the_check_void(entered, checker, name):
    check(checker)
    EDITS[name]()
    assert review.state(CASE).check is None


def test_an_edit_that_is_undone_leaves_the_check(entered, checker):
    check(checker)
    synthetic.change(Case.objects.get(), status="appeal")
    synthetic.change(Case.objects.get(), status="decided")
    assert review.state(CASE).check


def test_who_checks_and_then_edits_needs_another_check(entered, checker):
    check(checker)
    with edits.by(checker):
        Name.objects.get().save()
    assert review.state(CASE).check is None


def test_what_was_changed_since_it_was_looked_at_cannot_be_checked(entered, checker):
    seen = review.state(CASE).digest
    synthetic.change(Case.objects.get(), status="appeal")
    with pytest.raises(NotAllowedError, match="changed meanwhile"):
        review.check(CASE, checker, seen)


def test_what_breaks_a_rule_cannot_be_checked(entered, checker):
    synthetic.uncite(Case.objects.get(), "kind")
    with pytest.raises(NotAllowedError, match="breaks rules"):
        check(checker)


def test_a_correction_needs_a_note(entered, writer, checker):
    check(checker)
    actions.publish({CASE}, "", writer)
    with edits.by(writer):
        synthetic.change(Case.objects.get(), status="appeal")
    check(checker)
    with pytest.raises(NotAllowedError, match="public note is required"):
        actions.publish({CASE}, " ", writer)
    assert actions.publish({CASE}, "Appealed", writer).note == "Appealed"


def test_who_edited_before_the_last_publication_may_check_the_next(entered, writer, checker):
    check(checker)
    actions.publish({CASE}, "", writer)
    with edits.by(checker):
        synthetic.change(Case.objects.get(), status="appeal")
    assert audit.editors([CASE]) == {checker.pk: "checker"}
    check(writer)


def test_each_root_that_is_touched_is_written_down_once_a_request(writer):
    with edits.by(writer):
        synthetic.case()
        synthetic.statistic()
    found = Act.objects.filter(public_id__in=["KZ-9001", "STAT-9001", "SRC-9001"])
    assert {(act.deed, act.public_id) for act in found} == {
        ("enter", "KZ-9001"),
        ("enter", "STAT-9001"),
        ("enter", "SRC-9001"),
    }
    assert found.count() == 3


def test_a_change_of_any_part_is_a_change_of_the_case(entered, writer):
    Act.objects.all().delete()
    for part in ("names", "services", "verdicts", "citations"):
        with edits.by(writer):
            getattr(entered.defendants.get(), part).first().save()
    with edits.by(writer):
        entered.charges.clear()
    assert list(Act.objects.values_list("deed", "public_id")) == [("change", "KZ-9001")] * 5


def test_a_deleted_case_is_written_down(entered, writer):
    with edits.by(writer):
        Case.objects.all().delete()
    assert Act.objects.filter(deed=Deed.DELETE, public_id="KZ-9001").count() == 1


def test_outside_of_the_desk_nobody_is_written_down(db):
    synthetic.case()
    assert not Act.objects.exists()


def test_waiting_records_are_listed_with_their_state(entered, checker):
    check(checker)
    states = {state.root: state for state in actions.waiting()}
    assert states[CASE].is_ready
    assert not states[RecordRef(RecordKind.COURT, synthetic.COURT)].is_ready
    ledger.publish()
    assert list(actions.waiting()) == []


def test_a_check_of_what_was_withdrawn_since_holds_no_longer(entered, writer, checker):
    check(checker)
    actions.publish({CASE}, "", writer)
    actions.withdraw(CASE, "The wrong person.", checker)
    now = review.state(CASE)
    assert (now.name, now.is_ready, now.editors) == ("draft", False, {writer.pk: "writer"})
    with pytest.raises(NotAllowedError, match="must be checked"):
        actions.publish({CASE}, "Back again.", writer)


def test_a_correction_that_is_taken_back_needs_a_check_of_its_own(entered, writer, checker):
    check(checker)
    actions.publish({CASE}, "", writer)
    for status in ("appeal", "final"):
        with edits.by(writer):
            synthetic.change(Case.objects.get(pk="KZ-9001"), status=status)
        assert review.state(CASE).check is None
        check(checker)
        actions.publish({CASE}, "Corrected.", writer)


def test_a_rival_figure_that_is_named_after_the_check_makes_it_void(writer, checker):
    with edits.by(writer):
        figure = synthetic.statistic()
        synthetic.statistic("STAT-9002")
    root = RecordRef(RecordKind.STATISTIC, figure.pk)
    review.check(root, checker, review.state(root).digest)
    figure.contradicts.add("STAT-9002")
    assert review.state(root).check is None

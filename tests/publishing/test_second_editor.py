"""Nobody checks their own work, whatever their name, the clock and the moment they save."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from cases.admin.publishing import edits
from cases.models import Act, Case, Check, Court, Name, Source
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions, audit, review
from cases.publishing.workflow.review import NotAllowedError
from cases.vocabulary import RecordKind
from tests import synthetic

CASE = RecordRef(RecordKind.CASE, "KZ-9001")
COURT = RecordRef(RecordKind.COURT, synthetic.COURT)
SOON = 60  # seconds


@pytest.fixture(autouse=True)
def _second_editor(settings):
    settings.REQUIRE_SECOND_EDITOR = True


def person(name):
    return get_user_model().objects.create(username=name)


def check(root, by):
    return review.check(root, by, review.state(root).digest)


def rename_court(by, name):
    with edits.by(by):
        court = Court.objects.get(pk=synthetic.COURT)
        court.name = synthetic.text(name)
        court.save()


def rename_person(case):
    name = Name.objects.get(defendant__case=case)
    name.text = "Synthetic Human"
    name.save()
    synthetic.confirm(name.defendant)


@contextmanager
def on_another_connection(work):
    """Runs `work` in a transaction on a second connection and holds it open: `with` is entered
    when the work is done, and the transaction ends with it."""
    done, go_on = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                work()
                done.set()
                assert go_on.wait(SOON)
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(1) as executor:
        held = executor.submit(hold)
        assert done.wait(SOON)
        try:
            yield
        finally:
            go_on.set()
            held.result(SOON)


@pytest.mark.django_db(transaction=True)
def test_an_edit_saved_while_somebody_else_publishes_still_counts():
    synthetic.case()
    ledger.publish()
    writer, other = person("writer"), person("other")
    rename_court(other, "Synthetic Court, first")
    check(COURT, writer)
    with on_another_connection(lambda: rename_court(writer, "Synthetic Court, second")):
        actions.publish({COURT}, "Renamed.", other)
    # The publication began after the edit and does not contain it.
    assert published_court() == "Synthetic Court, first"
    assert audit.editors([COURT]) == {writer.pk: "writer"}
    with pytest.raises(NotAllowedError, match="somebody else must check it"):
        check(COURT, writer)
    check(COURT, other)
    actions.publish({COURT}, "Renamed again.", writer)
    assert published_court() == "Synthetic Court, second"
    assert audit.editors([COURT]) == {}


def published_court():
    from cases.models import published

    row = published(RecordKind.COURT).current().get(public_id=synthetic.COURT)
    return row.body.partition('"en":"')[2].partition('"')[0]


@pytest.mark.django_db(transaction=True)
def test_an_edit_of_a_part_saved_while_its_case_is_republished_still_counts():
    """The case goes out again because its court changed, on a snapshot without the edit."""
    synthetic.case()
    ledger.publish()
    writer, other = person("writer"), person("other")
    rename_court(other, "Synthetic Court, renamed")
    check(COURT, writer)

    def edit():
        with edits.by(writer):
            rename_person("KZ-9001")

    with on_another_connection(edit):
        actions.publish({COURT}, "Renamed.", other, embedding=True)
    assert audit.editors([CASE]) == {writer.pk: "writer"}
    with pytest.raises(NotAllowedError, match="somebody else must check it"):
        check(CASE, writer)


@pytest.mark.django_db(transaction=True)
def test_an_edit_saved_while_two_cases_are_merged_still_counts():
    synthetic.case()
    synthetic.case("KZ-9002")
    ledger.publish()
    writer, other = person("writer"), person("other")

    def edit():
        with edits.by(writer):
            rename_person("KZ-9001")

    mapped = {"KZ-9002-D1": "withdraw", "KZ-9002-V1": "withdraw"}
    with on_another_connection(edit):
        actions.merge("KZ-9002", "KZ-9001", mapped, "One prosecution.", other)
    assert audit.editors([CASE]) == {writer.pk: "writer"}
    with pytest.raises(NotAllowedError, match="somebody else must check it"):
        check(CASE, writer)


@pytest.mark.django_db(transaction=True)
def test_a_check_waits_for_a_publication_and_is_never_older_than_it():
    synthetic.case()
    ledger.publish()
    writer, other = person("writer"), person("other")
    rename_court(writer, "Synthetic Court, first")
    digest = review.state(COURT).digest

    def publish():
        actions.publish({COURT}, "", None)

    with ThreadPoolExecutor(1) as executor:

        def checked():
            try:
                review.check(COURT, other, digest)
            finally:
                connection.close()

        with on_another_connection(publish):
            waiting = executor.submit(checked)
        with pytest.raises(NotAllowedError, match="has changed"):
            waiting.result(SOON)
    assert not Check.objects.exists()


@pytest.mark.django_db
def test_a_redaction_publishes_no_edit():
    synthetic.case()
    writer, other = person("writer"), person("other")
    ledger.publish()
    with edits.by(writer):
        synthetic.change(Case.objects.get(), status="appeal")
    target = redacting.find("KZ-9001-D1")
    actions.redact(target, "On request.", other)
    assert audit.editors([CASE]) == {writer.pk: "writer"}
    with pytest.raises(NotAllowedError, match="somebody else must check it"):
        check(CASE, writer)


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_was_set_changes_nothing(hours):
    synthetic.case()
    ledger.publish()
    writer, other = person("writer"), person("other")
    rename_court(writer, "Synthetic Court, first")
    Act.objects.update(at=timezone.now() + timedelta(hours=hours))
    with pytest.raises(NotAllowedError, match="somebody else must check it"):
        check(COURT, writer)
    check(COURT, other)
    Check.objects.update(at=timezone.now() + timedelta(hours=hours))
    actions.publish({COURT}, "Renamed.", writer)
    assert audit.editors([COURT]) == {}
    # The same words again need a check of their own, however late the first one claims to be.
    rename_court(writer, "Synthetic Court, second")
    check(COURT, other)
    actions.publish({COURT}, "Renamed.", writer)
    rename_court(writer, "Synthetic Court, first")
    assert review.state(COURT).check is None


@pytest.mark.django_db
def test_whoever_takes_another_name_stays_the_editor():
    writer, other = person("writer"), person("other")
    with edits.by(writer):
        synthetic.case()
    writer.username = "renamed"
    writer.save()
    with pytest.raises(NotAllowedError, match="somebody else must check it"):
        check(CASE, writer)
    # Whoever takes the name over did not edit anything.
    other.username = "writer"
    other.save()
    assert review.state(CASE).editors == {writer.pk: "renamed"}
    check(CASE, other)
    assert review.state(CASE).check


@pytest.mark.django_db
def test_a_check_by_somebody_who_edited_under_another_name_does_not_hold():
    writer, other = person("writer"), person("other")
    with edits.by(writer):
        synthetic.case()
    check(CASE, other)
    other.username = "renamed"
    other.save()
    with edits.by(other):
        Source.objects.get().save()
        Case.objects.get().save()
    assert review.state(CASE).check is None


@pytest.mark.django_db
def test_an_account_that_edited_or_checked_cannot_be_deleted():
    writer, other = person("writer"), person("other")
    with edits.by(writer):
        synthetic.case()
    check(CASE, other)
    for account in (writer, other):
        with pytest.raises(ProtectedError):
            account.delete()


@pytest.mark.django_db
def test_settling_costs_one_query_a_kind(django_assert_num_queries):
    with edits.by(person("writer")):
        for number in range(1, 6):
            synthetic.case(f"KZ-900{number}")
    publication = ledger.publish()
    entries = list(publication.entries.all())
    kinds = {entry.record for entry in entries}
    with django_assert_num_queries(len(kinds)):
        audit.settle(entries, publication.number)

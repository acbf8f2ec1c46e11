"""Two editors in one record: the second to save is told, and loses nothing."""

import threading

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from cases.admin import locking
from cases.models import Case, Citation, Defendant, Name, Verdict
from tests import synthetic
from tests.admin.page import Page


@pytest.fixture
def opened(record, account, page):
    """The same case, opened by two; what each of them sees."""
    address = f"cases/case/{record.pk}/change/"
    first, second = account("editor", "first"), account("reporter", "second")
    theirs = page(first, address)
    return first, theirs, second, Page(second, f"/desk/{address}", theirs.response)


def test_the_second_is_told_field_by_field_and_saves_again(opened):
    first, theirs, second, mine = opened
    theirs.fill(status="final", court_case_number="SYNTHETIC-1").send(first)
    mine.fill(status="appeal", summary_en="What the second one typed.")

    told = mine.send(second)

    assert "first saved this at" in told.html
    case = Case.objects.get()
    assert (case.status, case.summary["en"]) == (
        "final",
        "A synthetic person served in a synthetic brigade.",
    )
    lines = {line.what: line for line in told.response.context["conflict"]["told"]}
    status = lines["status"]
    assert (status.before, status.now, status.yours) == ("decided", "final", "appeal")
    assert told.sent["status"] == ["appeal"]
    assert told.sent["summary_en"] == ["What the second one typed."]
    assert lines["court case number"].yours == "you did not touch it"
    assert told.sent["court_case_number"] == ["SYNTHETIC-1"]

    saved = told.send(second)

    assert saved.was_saved
    case.refresh_from_db()
    assert (case.status, case.court_case_number) == ("appeal", "SYNTHETIC-1")
    assert case.summary["en"] == "What the second one typed."


def test_rows_beneath_are_watched_too(opened):
    first, theirs, second, mine = opened
    theirs.fill(defendants__0__verdicts__0__sentence_months=70).send(first)
    told = mine.fill(defendants__0__age=31).send(second)
    (line,) = [
        line
        for line in told.response.context["conflict"]["told"]
        if line.where == synthetic.VERDICT
    ]
    assert (line.what, line.before, line.now) == ("sentence months", "72", "70")
    told.send(second)
    assert Verdict.objects.get().sentence_months == 70
    assert Defendant.objects.get().age == 31


def test_a_row_that_the_other_added_stays(opened):
    first, theirs, second, mine = opened
    theirs.add("defendants-0-names", text="Synthetic Second", language="en", kind="full")
    theirs.send(first)
    mine.add("defendants-0-names", text="Synthetic Third", language="en", kind="full")
    told = mine.send(second)
    assert "Synthetic Second" in told.html
    told.send(second)
    assert {"Synthetic Second", "Synthetic Third"} <= set(
        Name.objects.values_list("text", flat=True)
    )


def test_what_was_typed_into_a_row_that_the_other_removed_comes_back(opened):
    first, theirs, second, mine = opened
    theirs.fill(defendants__0__verdicts__0__DELETE="on").send(first)
    assert not Verdict.objects.exists()
    told = mine.fill(
        defendants__0__verdicts__0__sentence_months=71,
        defendants__0__verdicts__0__citations__0__locator="¶ 9",
    ).send(second)
    assert "removed" in told.html
    assert told.sent["defendants-0-verdicts-0-sentence_months"] == ["71"]
    saved = told.send(second)
    assert saved.was_saved
    assert Verdict.objects.get().sentence_months == 71
    assert Citation.objects.get(verdict=Verdict.objects.get()).locator == "¶ 9"


def test_a_citation_that_the_other_changed_is_named(opened):
    first, theirs, second, mine = opened
    theirs.fill(citations__0__locator="p. 2").send(first)
    told = mine.fill(status="final").send(second)
    assert "p. 2" in told.html
    assert told.sent["citations-0-locator"] == ["p. 2"]


def test_one_editor_saves_as_often_as_they_like(opened):
    first, theirs, *_ = opened
    saved = theirs.fill(status="final").send(first)
    again = saved.fill(status="appeal").send(first)
    assert again.was_saved
    assert Case.objects.get().status == "appeal"


def test_a_form_that_does_not_say_what_it_was_opened_with_saves_nothing(opened):
    first, theirs, *_ = opened
    answer = theirs.fill(status="final", as_opened="forged").send(first)
    assert "Somebody else saved this record" in answer.html
    assert Case.objects.get().status == "decided"


def test_a_figure_and_a_source_are_watched_too(record, editor, page):
    changed = {
        f"statistic/{synthetic.STATISTIC}": {"note", "draft"},
        f"source/{synthetic.SOURCE}": {"note"},
    }
    for address, fields in changed.items():
        one = page(editor, f"cases/{address}/change/")
        other = page(editor, f"cases/{address}/change/")
        one.fill(note="first").send(editor)
        told = other.fill(note="second").send(editor)
        assert {line.what for line in told.response.context["conflict"]["told"]} == fields


def test_nothing_that_an_editor_can_change_is_left_out(record):
    held = locking.snapshot(record)
    kinds = {row.partition(":")[0] for row in held}
    assert kinds == {"case", "defendant", "name", "payment", "service", "verdict", "citation"}
    for row, fields in held.items():
        model = apps.get_model("cases", row.partition(":")[0])
        stated = {field.name for field in [*model._meta.fields, *model._meta.many_to_many]}
        assert fields.keys() == stated - {"id"} - locking.DERIVED


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(account, page):
    record = synthetic.everything()
    first, second = account("editor", "first"), account("editor", "second")
    address = f"cases/case/{record.pk}/change/"
    forms = [page(first, address), page(second, address)]
    forms[0].fill(status="final")
    forms[1].fill(status="appeal")
    answers = []

    def save(form, name):
        client = Client()
        user = User.objects.get(username=name)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answers.append(form.send(client))
        connection.close()

    threads = [
        threading.Thread(target=save, args=pair)
        for pair in zip(forms, ("first", "second"), strict=True)
    ]
    with transaction.atomic():
        # Both wait for this row, so that they come at once.
        Case.objects.select_for_update().get()
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.was_saved for answer in answers) == [False, True]
    (told,) = [answer for answer in answers if not answer.was_saved]
    assert "saved this at" in told.html

"""What cannot be is said at its field, and nothing is saved."""

import pytest

from cases.models import Case
from tests import synthetic
from tests.admin.new_case import filled


def test_a_date_says_how_it_was_understood_or_what_is_allowed(reporter, page):
    form = filled(page, reporter).fill(opened="2025-02~", sent_to_court="spring")
    answer = form.send(reporter)
    assert "about February 2025: 1–28 February 2025" in answer.html
    assert "expected a year, month or day such as 2025" in answer.errors["sent_to_court"][0]
    answer = reporter.get("/desk/dates/", {"value": "2025-02~"})
    assert answer.json() == {"ok": True, "text": "about February 2025: 1–28 February 2025"}
    answer = reporter.get("/desk/dates/", {"value": "2025-13"})
    assert not answer.json()["ok"]
    assert "expected" in answer.json()["text"]


def test_rows_typed_beneath_an_empty_row_make_the_form_ask_for_it(reporter, page):
    """A ruling of which only the source was entered is no reason for a crash."""
    form = filled(page, reporter)
    verdict = form.add("defendants-0-verdicts")
    form.add(f"{verdict}-citations", source=synthetic.SOURCE, fields=["court"])
    answer = form.send(reporter)
    assert answer.errors[f"{verdict}-outcome"] == ["This field is required."]
    assert not Case.objects.exists()


WRONG = {
    "a name in two alphabets": (
        {"defendants-0-names-0-text": "Aсан"},
        "defendants-0-names-0-text",
        "mixes scripts",
    ),
    "a dash for what is not known": (
        {"court_case_number": "—"},
        "court_case_number",
        "“—” says nothing; leave it empty if it is not known",
    ),
    "a name in another alphabet than is said": (
        {"defendants-0-names-0-script": "Latn"},
        "defendants-0-names-0-script",
        "is written in Cyrillic",
    ),
    "an age no person has": ({"defendants-0-age": "9"}, "defendants-0-age", "14 to 110"),
    "a citation of nothing": ({"citations-0-fields": []}, "citations-0-fields", "required"),
    "another value of a field that is not ticked": (
        {"citations-0-values": "procedure: ordinary"},
        "citations-0-values",
        "Tick “procedure” too",
    ),
    "another value of no field": (
        {"citations-0-values": "colour: red"},
        "citations-0-values",
        "expected one of country, kind",
    ),
    "another value that is none": (
        {"citations-0-values": "status: guilty"},
        "citations-0-values",
        "is not one of investigation",
    ),
    "another date that is none": (
        {"citations-0-values": "opened: spring"},
        "citations-0-values",
        "expected a year",
    ),
    "another court that nobody knows": (
        {"citations-0-values": "court: nowhere"},
        "citations-0-values",
        "no known code",
    ),
    "another value without a colon": (
        {"citations-0-values": "status"},
        "citations-0-values",
        "a field, a colon",
    ),
}


@pytest.mark.parametrize(("typed", "field", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_its_field(reporter, page, typed, field, said):
    answer = filled(page, reporter).fill(**typed).send(reporter)
    assert said in answer.errors[field][0]
    assert not Case.objects.exists()


RULINGS = {
    "a sentence without a conviction": {"outcome": "acquitted", "sentence_months": 12},
    "a first instance that upholds": {"outcome": "upheld"},
}


@pytest.mark.parametrize("typed", RULINGS.values(), ids=RULINGS)
def test_a_ruling_that_cannot_be_is_said_at_its_outcome(reporter, page, typed):
    form = filled(page, reporter)
    verdict = form.add("defendants-0-verdicts", instance="first", **typed)
    answer = form.send(reporter)
    assert len(answer.errors[f"{verdict}-outcome"]) == 1
    assert "Constraint" not in answer.html


def test_money_is_checked_at_its_field(reporter, page):
    form = filled(page, reporter)
    row = form.add("defendants-0-payments", kind="promised", amount=5, amount_max=4, currency="kzt")
    answer = form.send(reporter)
    assert "greater" in answer.errors[f"{row}-amount_max"][0]
    assert "capital" in answer.errors[f"{row}-currency"][0]


def test_a_title_needs_its_language(reporter, page):
    synthetic.publisher()
    form = page(reporter, "cases/source/add/").fill(
        publisher=synthetic.PUBLISHER,
        kind="news_report",
        language="ru",
        extent_read="full",
        title="Synthetic",
        sha256="xyz",
    )
    errors = form.send(reporter).errors
    assert errors["title_language"] == ["A title needs its language."]
    assert "64 digits" in errors["sha256"][0]


def test_a_range_or_a_value(reporter, page, record):
    form = page(reporter, f"cases/statistic/{synthetic.STATISTIC}/change/")
    errors = form.fill(value_min=9, value_max=5).send(reporter).errors
    assert "Expected one value" in errors["value_min"][0]


PLACES = {
    "a region without a country": ({"kind": "region"}, "parent"),
    "half a place": ({"kind": "country", "latitude": "50"}, "latitude"),
    "a place that is nowhere": (
        {"kind": "country", "latitude": "95", "longitude": "1"},
        "latitude",
    ),
}


@pytest.mark.parametrize(("typed", "field"), PLACES.values(), ids=PLACES)
def test_a_region_that_cannot_be_is_said_at_its_field(reporter, page, typed, field):
    form = page(reporter, "cases/region/add/").fill(id="ZZ", name_en="Synthetic", **typed)
    assert field in form.send(reporter).errors

"""A case is entered on one page, with all that belongs to it."""

import json

from django.contrib.admin.models import LogEntry

from cases.models import Case, Citation, Entry, Name, Source, Statistic
from tests import synthetic
from tests.admin.new_case import EVERYTHING, filled


def test_a_case_with_all_its_rows_is_saved_at_once(reporter, page):
    form = filled(page, reporter)
    service = form.add(
        "defendants-0-services", formation=synthetic.ARMY, places_en="Here\n\nThere "
    )
    form.add(f"{service}-citations", source=synthetic.SOURCE, fields=["formation", "places"])
    verdict = form.add(
        "defendants-0-verdicts",
        court=synthetic.COURT,
        instance="first",
        outcome="convicted",
        date="2024-09-10",
        articles=[synthetic.ARTICLE],
        sentence_months=72,
        sentence_kind="imprisonment",
    )
    stated = ["court", "instance", "date", "outcome", "articles", "sentence_months"]
    cited = [*stated, "sentence_kind"]
    form.add(f"{verdict}-citations", source=synthetic.SOURCE, locator="¶ 3", fields=cited)
    form.add("defendants-0-payments", kind="promised", amount="2000", currency="KZT")
    form.fill(defendants__0__citations__0__fields=["names", "sex", "citizenships", "payments"])

    saved = form.send(reporter)

    assert saved.was_saved
    case = Case.objects.get()
    assert (case.pk, case.draft, case.opened, case.summary) == (
        "KZ-0001",
        True,
        "2024-02",
        {"en": "Synthetic summary."},
    )
    defendant = case.defendants.get()
    name = defendant.names.get()
    assert (defendant.pk, name.text, name.script, name.folded) == (
        "KZ-0001-D1",
        "Асқар",
        "Cyrl",
        ["askar"],
    )
    assert defendant.services.get().pk == "KZ-0001-D1-S1"
    assert defendant.services.get().places == {"en": ["Here", "There"]}
    ruling = case.verdicts.get()
    assert (ruling.pk, ruling.defendant, ruling.sentence_months) == ("KZ-0001-V1", defendant, 72)
    assert ruling.citations.get().locator == "¶ 3"
    assert str(defendant.payments.get()) == "2000.00 KZT"
    assert case.findings.count() == 0
    assert 'data-fact="court">no source' not in saved.html


def test_facts_without_a_source_are_marked_at_their_field(reporter, page):
    form = filled(page, reporter)
    form.fill(
        citations__0__fields=[fact for fact in EVERYTHING if fact != "opened"],
        defendants__0__citations__0__fields=["sex", "citizenships"],
    )
    saved = form.send(reporter)

    assert "2 facts have no source yet" in saved.html
    assert saved.html.count('<span class="unsourced" data-fact="opened">') == 1
    assert saved.html.count('<span class="unsourced" data-fact="names">') == 1
    assert saved.html.count('<span class="unsourced" data-fact="court">') == 0
    found = {(found.subject, found.field) for found in Case.objects.get().findings.all()}
    assert found == {("KZ-0001", "opened"), ("KZ-0001-D1", "names")}


def test_the_next_number_is_one_that_was_never_published(reporter, page, db):
    form = filled(page, reporter)
    synthetic.published_before("KZ-0041")
    form.send(reporter)
    assert Case.objects.get().pk == "KZ-0042"


def test_text_in_no_language_is_unknown(reporter, page):
    form = filled(page, reporter).fill(summary_en="  ", summary_ru="", remarks_ru="Примечание")
    form.fill(citations__0__fields=[*EVERYTHING, "remarks"])
    form.send(reporter)
    assert (Case.objects.get().summary, Case.objects.get().remarks) == (None, {"ru": "Примечание"})


def test_another_value_keeps_its_type(reporter, page):
    form = filled(page, reporter).fill(
        citations__0__fields=[*EVERYTHING, "procedure"],
        citations__0__values="opened: 2024\nstatus: trial\nsummary: Something else.",
    )
    saved = form.send(reporter)
    assert Citation.objects.get(case="KZ-0001").values == {
        "opened": "2024",
        "status": "trial",
        "summary": {"en": "Something else."},
    }
    assert saved.sent["citations-0-values"] == [
        'opened: "2024"\nstatus: trial\nsummary: {"en": "Something else."}'
    ]
    again = saved.send(reporter)
    assert Citation.objects.get(case="KZ-0001").values["opened"] == "2024"
    assert again.was_saved


def test_saving_what_was_not_touched_changes_nothing(reporter, page, record):
    before = str(list(Case.objects.values())) + str(list(Citation.objects.values()))
    saved = page(reporter, f"cases/case/{record.pk}/change/").send(reporter)
    assert saved.was_saved
    assert str(list(Case.objects.values())) + str(list(Citation.objects.values())) == before


def test_a_change_holds_a_case_back_until_it_is_checked(reporter, page, record):
    page(reporter, f"cases/case/{record.pk}/change/").fill(status="final").send(reporter)
    assert Case.objects.get().draft


def test_a_change_of_a_row_beneath_holds_it_back_too(reporter, page, record):
    page(reporter, f"cases/case/{record.pk}/change/").fill(
        defendants__0__verdicts__0__sentence_months=70
    ).send(reporter)
    assert Case.objects.get().draft


def test_a_removed_row_is_gone_and_its_number_is_not_given_again(reporter, page, record):
    form = page(reporter, f"cases/case/{record.pk}/change/")
    synthetic.published_before("KZ-9001-V1", record="verdict")
    form.fill(defendants__0__verdicts__0__DELETE="on")
    # What is wrong beneath it is wrong no more.
    form.fill(defendants__0__verdicts__0__citations__0__fields=[])
    form.add("defendants-0-verdicts", instance="first", outcome="acquitted")
    form.send(reporter)
    assert [verdict.pk for verdict in record.verdicts.all()] == ["KZ-9001-V2"]


def test_a_second_name_comes_last(reporter, page, record):
    form = page(reporter, f"cases/case/{record.pk}/change/")
    form.add("defendants-0-names", text="Synthetic Other", language="en", kind="full")
    form.send(reporter)
    rows = list(Name.objects.values_list("position", "script"))
    assert rows[-1] == (len(rows) - 1, "Latn")


def test_the_log_holds_ids_and_no_name(reporter, page, record):
    form = page(reporter, f"cases/case/{record.pk}/change/")
    form.add("defendants-0-names", text="Canary Person", language="en", kind="full")
    form.fill(defendants__0__names__0__text="Canary Other", summary_en="Canary summary.")
    form.send(reporter)
    form = page(reporter, f"cases/case/{record.pk}/change/")
    form.fill(defendants__0__names__1__DELETE="on").send(reporter)
    form = page(reporter, "cases/source/add/")
    form.fill(
        publisher=synthetic.PUBLISHER,
        kind="news_report",
        title="Canary title",
        title_language="en",
        language="en",
        extent_read="full",
    ).send(reporter)
    entries = list(LogEntry.objects.values_list("object_repr", "change_message"))
    assert len(entries) == 3
    assert "Canary" not in json.dumps(entries)
    assert '"deleted": {"name": "name"' in json.dumps(entries).replace("\\", "")


def test_a_source_gets_its_number_and_waits(reporter, page):
    synthetic.publisher()
    synthetic.source("SRC-0041")
    form = page(reporter, "cases/source/add/").fill(
        publisher=synthetic.PUBLISHER,
        kind="news_report",
        language="ru",
        extent_read="full",
        url="https://synthetic.example/report",
        sha256="AB" * 32,
    )
    form.send(reporter)
    source = Source.objects.get(pk="SRC-0042")
    assert (source.draft, source.title, source.archive_url, source.sha256) == (
        True,
        None,
        None,
        "ab" * 32,
    )


def test_a_figure_is_entered_with_its_source(reporter, page):
    synthetic.source()
    synthetic.country()
    form = page(reporter, "cases/statistic/add/").fill(
        measure="cases_opened",
        unit="cases",
        counted_en="synthetic cases",
        country="KZ",
        period="2024",
        qualifier="exact",
        value="90",
        counted_by_en="Synthetic Daily",
        citations__0__source=synthetic.SOURCE,
        citations__0__fields=["measure", "unit", "counted", "country", "period"],
    )
    saved = form.send(reporter)
    statistic = Statistic.objects.get()
    assert (statistic.pk, statistic.draft) == ("STAT-0001", True)
    assert "3 facts have no source yet" in saved.html
    assert {found.field for found in statistic.findings.all()} == {
        *("value", "qualifier", "counted_by")
    }


def test_a_court_gets_its_address_from_its_name(reporter, page):
    synthetic.region()
    form = page(reporter, "cases/court/add/").fill(name_en="Synthetic Court", region="KZ-99")
    form.send(reporter)
    form = page(reporter, "cases/court/add/").fill(name_en="Synthetic Court", region="KZ-99")
    assert "is taken" in form.send(reporter).errors["id"][0]
    form.fill(name_en="", name_ru="Суд")
    assert "no English name" in form.send(reporter).errors["id"][0]
    form.fill(id="Not A Slug")
    assert "has not the form" in form.send(reporter).errors["id"][0]


def test_found_by_any_spelling(reporter, record):
    Name.objects.update(text="Synthetic Асқар")
    for name in Name.objects.all():
        name.save()
    for asked in ("Askar", "аскар", "Asqar"):
        found = reporter.get("/desk/cases/case/", {"q": asked})
        assert record.pk in found.content.decode()
    assert record.pk not in reporter.get("/desk/cases/case/", {"q": "Erlan"}).content.decode()
    query = {"app_label": "cases", "model_name": "case", "field_name": "court"}
    answer = reporter.get("/desk/autocomplete/", query | {"term": "дистрикт"})
    assert [found["id"] for found in answer.json()["results"]] == [synthetic.COURT]


def test_nothing_published_is_deleted_at_the_desk(editor, record):
    address = f"/desk/cases/case/{record.pk}/delete/"
    assert editor.get(address).status_code == 200
    synthetic.published_before(record.pk)
    assert Entry.objects.exists()
    assert editor.get(address).status_code == 403

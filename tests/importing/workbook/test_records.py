"""What rows do to records: new ones, changed ones, and their sources."""

import pytest

from cases.importing.stored import contents
from cases.models import Case, Defendant, Publication, Source, Statistic, Verdict
from cases.publishing.ledger import ledger
from tests import synthetic
from tests.importing.workbook.books import problems, run, written, xlsx

pytestmark = pytest.mark.usefixtures("stored")

APPEAL = {
    "defendant": "KZ-9001-D1",
    "instance": "appeal",
    "date": "2024-12",
    "outcome": "upheld",
    "changes": "KZ-9001-V1",
    "source": "SRC-9001",
    "locator": "¶3",
}


def case():
    return contents("case", ["KZ-9001"])["KZ-9001"]


def test_a_ruling_is_added_to_a_case_and_the_rest_stays():
    before = case()
    report = written(xlsx({"verdicts": [APPEAL]}))
    after = case()
    added = after["verdicts"].pop()
    assert added == {
        "id": "KZ-9001-V2",
        **{name: APPEAL[name] for name in ("defendant", "instance", "date", "outcome", "changes")},
        "citations": [
            {
                "source": "SRC-9001",
                "locator": "¶3",
                "fields": ["instance", "date", "outcome", "changes"],
            }
        ],
    }
    assert after == before | {"draft": True}
    assert [(change.id, change.new) for change in report.changes] == [("KZ-9001", False)]
    assert ("KZ-9001-V2 outcome", None, "upheld") in report.changes[0].differences


def test_a_published_case_stays_published_as_it_was_until_somebody_publishes():
    ledger.publish()
    written(xlsx({"verdicts": [APPEAL]}))
    assert Case.objects.get().draft is True
    assert Publication.objects.count() == 1


def test_only_what_a_row_states_is_changed():
    row = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 80}
    report = written(xlsx({"verdicts": [{**row, "source": "SRC-9001", "locator": "¶9"}]}))
    made = Verdict.objects.get()
    assert (made.sentence_months, made.sentence_kind, made.date) == (
        80,
        "imprisonment",
        "2024-09-10",
    )
    assert ("KZ-9001-V1 sentence_months", "72", "80") in report.changes[0].differences


def test_a_changed_value_keeps_only_the_sources_that_the_row_names():
    synthetic.source("SRC-9002")
    row = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 80}
    written(xlsx({"verdicts": [{**row, "source": "SRC-9002"}]}))
    cited = case()["verdicts"][0]["citations"]
    assert [
        (citation["source"], "sentence_months" in citation["fields"]) for citation in cited
    ] == [("SRC-9001", False), ("SRC-9002", True)]


def test_a_changed_value_without_a_source_is_refused():
    row = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 80, "source": None}
    assert problems(xlsx({"verdicts": [row]})) == [
        ("verdicts", 2, "source", "", "a source is missing, for sentence_months")
    ]


def test_an_unchanged_value_needs_no_new_source():
    row = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 72}
    report = run(xlsx({"verdicts": [row]}))
    assert (report.clean, report.changes, report.unchanged) == (True, [], 1)


def test_a_fact_that_fields_leave_out_has_no_source():
    row = {**APPEAL, "fields": "instance; outcome; changes"}
    assert problems(xlsx({"verdicts": [row]})) == [
        (
            "verdicts",
            2,
            "date",
            "2024-12",
            "has no source; add it to fields, or cite it on the sheet citations",
        )
    ]
    listed = {"record": "new-v", "source": "SRC-9001", "fields": "date"}
    sheets = {"verdicts": [{**row, "id": "new-v"}], "citations": [listed]}
    assert run(xlsx(sheets)).clean


def test_several_sources_have_as_many_places():
    synthetic.source("SRC-9002")
    row = {**APPEAL, "source": "SRC-9001; SRC-9002", "locator": "¶3; p. 2"}
    written(xlsx({"verdicts": [row]}))
    cited = case()["verdicts"][1]["citations"]
    assert [(one["source"], one.get("locator")) for one in cited] == [
        ("SRC-9001", "¶3"),
        ("SRC-9002", "p. 2"),
    ]
    row["locator"] = "¶3; p. 2; title"
    [problem] = problems(xlsx({"verdicts": [{**row, "date": "2025-12"}]}))
    assert problem[2:4] == ("locator", "¶3; p. 2; title")
    assert problem[4].startswith("gives 3 places for 2 sources; ")


def test_one_place_is_not_taken_for_that_of_two_sources():
    synthetic.source("SRC-9002")
    row = {**APPEAL, "source": "SRC-9001; SRC-9002", "locator": "¶3"}
    [problem] = problems(xlsx({"verdicts": [row]}))
    assert problem[2:4] == ("locator", "¶3")
    assert problem[4].startswith("gives 1 places for 2 sources; ")
    written(xlsx({"verdicts": [{**row, "locator": "; ¶3"}]}))
    cited = case()["verdicts"][1]["citations"]
    assert [(one["source"], one.get("locator")) for one in cited] == [
        ("SRC-9001", None),
        ("SRC-9002", "¶3"),
    ]


def test_two_sources_may_have_no_place_at_all():
    synthetic.source("SRC-9002")
    written(xlsx({"verdicts": [{**APPEAL, "source": "SRC-9001; SRC-9002", "locator": None}]}))
    cited = case()["verdicts"][1]["citations"]
    assert [one.get("locator") for one in cited] == [None, None]


def test_a_name_is_added_with_its_script_and_needs_its_own_source():
    row = {"defendant": "KZ-9001-D1", "text": "Синтетик Адам", "language": "kk", "kind": "full"}
    [problem] = problems(xlsx({"names": [{**row, "source": None}]}))
    assert problem == ("names", 2, "source", "", "a source is missing, for names")
    written(xlsx({"names": [{**row, "source": "SRC-9001"}]}))
    found = Defendant.objects.get().names.values_list("text", "script")
    assert list(found) == [("Synthetic Person", "Latn"), ("Синтетик Адам", "Cyrl")]


def test_labels_tie_new_rows_together_and_are_numbered():
    common = {"source": "new-s", "locator": "¶1"}
    made = {
        "sources": [
            {
                "id": "new-s",
                "publisher": synthetic.PUBLISHER,
                "kind": "news_report",
                "language": "ru",
                "extent_read": "full",
            }
        ],
        "cases": [
            {
                "id": "new-1",
                "country": "KZ",
                "kind": "attempt",
                "conflict": "2022-",
                "status": "trial",
                "summary_ru": "Синтетическое дело.",
                **common,
            }
        ],
        "defendants": [{"id": "new-2", "case": "NEW-1", "sex": "female", **common}],
        "services": [{"defendant": "new-2", "began": "2023", **common}],
    }
    report = written(xlsx(made))
    assert {change.id for change in report.changes} == {"SRC-9002", "KZ-9002"}
    content = contents("case", ["KZ-9002"])["KZ-9002"]
    assert content["draft"] is True
    assert content["defendants"][0]["services"][0]["id"] == "KZ-9002-D1-S1"
    assert content["defendants"][0]["citations"] == [
        {"source": "SRC-9002", "locator": "¶1", "fields": ["sex"]}
    ]


def test_numbers_that_were_published_once_are_not_given_again():
    ledger.publish()
    synthetic.statistic("STAT-9007")
    ledger.publish()
    Statistic.objects.all().delete()
    ledger.publish()
    row = {
        "measure": "cases_opened",
        "counted_en": "synthetic cases",
        "unit": "cases",
        "value": 3,
        "qualifier": "exact",
        "counted_by_en": "Synthetic Daily",
        "source": "SRC-9001",
    }
    assert written(xlsx({"statistics": [row]})).changes[0].id == "STAT-9008"
    assert problems(xlsx({"statistics": [{"id": "STAT-9007", **row}]}))[0] == (
        "statistics",
        2,
        "id",
        "STAT-9007",
        "was the id of a record that is gone, and is not given again",
    )


@pytest.mark.parametrize(
    ("sheet", "row", "column", "reason"),
    [
        ("verdicts", {**APPEAL, "defendant": "KZ-9999-D1"}, "defendant", "is no defendant"),
        ("verdicts", {**APPEAL, "defendant": "new-9"}, "defendant", "no row has the label new-9"),
        ("verdicts", {**APPEAL, "id": "KZ-9002-V7"}, "id", "is no part of KZ-9001"),
        ("verdicts", {**APPEAL, "changes": "KZ-9001-V8"}, "changes", "is no known verdict"),
        ("verdicts", {**APPEAL, "sentence_months": 5}, "sentence_months", "the outcome upheld"),
        ("verdicts", {**APPEAL, "source": "SRC-9009"}, "source", "is no known source"),
        ("defendants", {"id": "new-1", "case": None, "sex": "male", "source": "SRC-9001"}, "case",
         "is missing"),
        ("defendants", {"case": "KZ-9009", "sex": "male", "source": "SRC-9001"}, "case",
         "is no case"),
        ("services", {"defendant": "KZ-9001-D1", "began": "2030", "source": None}, "source",
         "a source is missing"),
        ("citations", {"record": "KZ-9001-V9", "source": "SRC-9001", "fields": "date"}, "record",
         "is no case, defendant"),
        ("citations", {"record": "KZ-9001-V1", "source": "SRC-9001", "fields": "age"}, "fields",
         "age is not allowed"),
    ],
)  # fmt: skip
def test_a_row_that_hangs_on_nothing_is_told_at_its_cell(sheet, row, column, reason):
    [problem] = problems(xlsx({sheet: [row]}))
    assert problem[:3] == (sheet, 2, column)
    assert reason in problem[4]


def test_an_id_stands_once():
    row = {"id": "KZ-9001-V2", **APPEAL}
    [problem] = problems(xlsx({"verdicts": [row, row]}))
    assert problem[1:3] == (3, "id")
    assert problem[4] == "stands already in sheet verdicts, row 2"


def test_what_only_the_database_refuses_is_told_at_the_row():
    row = {"defendant": "KZ-9001-D1", "kind": "promised", "amount": 200, "amount_max": 100}
    payments = [{**row, "currency": "KZT", "source": "SRC-9001"}]
    [problem] = problems(xlsx({"payments": payments}))
    assert problem[:3] == ("payments", 2, "")
    assert "KZ-9001 is refused by the database: payment range is ordered" in problem[4]


def test_a_new_source_is_a_draft_and_one_that_exists_stays_what_it_is():
    written(xlsx({"sources": [{"id": "SRC-9001", "extent_read": "excerpt"}]}))
    assert Source.objects.filter(pk="SRC-9001", draft=False, extent_read="excerpt").exists()

"""Rows that may be a record which is there already: an editor decides, or nothing is written."""

import pytest

from cases.importing.stored import contents
from cases.importing.workbook import decisions
from cases.importing.workbook.problems import FileError
from cases.models import Case, Source, Statistic
from tests import synthetic
from tests.importing.workbook.books import problems, run, written, xlsx

pytestmark = pytest.mark.usefixtures("stored")

CITED = {"source": "SRC-9001"}


def sheets(name="Person Synthetic", court=synthetic.COURT, date="2024-09-12", **case):
    return {
        "cases": [
            {
                "id": "new-1",
                "country": "KZ",
                "kind": "participation",
                "conflict": "2022-",
                "status": "decided",
                "summary_en": "A synthetic case.",
                **CITED,
                **case,
            }
        ],
        "defendants": [{"id": "new-2", "case": "new-1", "sex": "male", **CITED}],
        "names": [{"defendant": "new-2", "text": name, "language": "en", "kind": "full", **CITED}],
        "verdicts": [
            {
                "defendant": "new-2",
                "court": court,
                "instance": "first",
                "date": date,
                "outcome": "convicted",
                **CITED,
            }
        ],
    }


def likes(content, **options):
    report = run(content, write=True, **options)
    assert report.problems == []
    assert report.written is not bool(report.undecided)
    return [
        (one.row.sheet.name, one.row.number, *like[:2])
        for one in report.undecided
        for like in one.likes
    ]


def test_the_same_name_court_and_date_is_asked_about_and_nothing_is_written():
    assert likes(xlsx(sheets())) == [
        ("cases", 2, "KZ-9001", "same name Synthetic Person, same court, near date")
    ]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["Synthetic Person", "Синтхетик Персон", "Person, Synthetic", "SYNTHETIC  PERSON Junior"],
)
def test_a_name_is_known_in_any_spelling(name):
    assert len(likes(xlsx(sheets(name)))) == 1


def test_another_court_in_another_year_is_somebody_else():
    other = synthetic.court("synthetic-other-court").pk
    assert likes(xlsx(sheets(court=other, date="2021-01-10"))) == []


def test_another_court_in_the_same_year_may_be_the_same():
    other = synthetic.court("synthetic-other-court").pk
    assert len(likes(xlsx(sheets(court=other)))) == 1


def test_another_name_is_somebody_else():
    assert likes(xlsx(sheets("Synthetic Nobody"))) == []


@pytest.mark.parametrize("by", ["column", "file"])
def test_it_is_new_when_the_editor_says_so(by):
    if by == "column":
        written(xlsx(sheets(decision="new")))
    else:
        written(xlsx(sheets()), decided=decisions.read(b"sheet,row,decision\ncases,2,new\n"))
    assert Case.objects.filter(pk="KZ-9002", draft=True).exists()


def test_a_skipped_row_goes_with_all_that_hangs_on_it():
    report = written(xlsx(sheets(decision="skip")))
    assert (report.changes, Case.objects.count()) == ([], 1)


def test_the_same_case_is_added_to_after_its_parts_are_decided_too():
    content = xlsx(sheets(court_case_number="9-24-9009"))
    decided = {("cases", 2): "same as KZ-9001"}
    asked = likes(content, decided=decided)
    assert asked == [("defendants", 2, "KZ-9001-D1", "a defendant of the same case")]
    decided["defendants", 2] = "same as KZ-9001-D1"
    assert likes(content, decided=decided) == [
        ("verdicts", 2, "KZ-9001-V1", "same defendant and instance")
    ]
    decided["verdicts", 2] = "same as KZ-9001-V1"
    written(content, decided=decided)
    after = contents("case", ["KZ-9001"])["KZ-9001"]
    assert after["court_case_number"] == "9-24-9009"
    assert len(after["defendants"]) == len(after["verdicts"]) == 1
    assert [name["text"] for name in after["defendants"][0]["names"]] == [
        "Synthetic Person",
        "Person Synthetic",
    ]
    assert after["verdicts"][0]["date"] == "2024-09-12"


def test_two_rows_of_one_workbook_may_be_the_same():
    both = sheets("Nobody Invented")
    for rows, more in zip(both.values(), sheets("Invented Nobody").values(), strict=True):
        rows += [
            {
                name: value.replace("new-", "new-x") if isinstance(value, str) else value
                for name, value in row.items()
            }
            for row in more
        ]
    assert likes(xlsx(both)) == [
        ("cases", 3, "row 2", "same name Nobody Invented, in this workbook")
    ]


def test_a_source_with_a_known_address_is_asked_about():
    row = {
        "publisher": synthetic.PUBLISHER,
        "kind": "news_report",
        "language": "en",
        "extent_read": "full",
        "url": "http://www.synthetic.example/SRC-9001/#top",
    }
    [(sheet, _, public_id, reason)] = likes(xlsx({"sources": [row]}))
    assert (sheet, public_id, reason) == (
        "sources",
        "SRC-9001",
        "same address synthetic.example/SRC-9001",
    )
    written(xlsx({"sources": [{**row, "decision": "same as SRC-9001"}]}))
    assert Source.objects.count() == 1


def test_the_same_figure_is_asked_about_and_a_rival_one_is_not():
    synthetic.statistic(formation=None)
    row = {
        "measure": "cases_opened",
        "counted_en": "synthetic cases",
        "unit": "cases",
        "country": "KZ",
        "period": "2024",
        "value": 90,
        "qualifier": "exact",
        "counted_by_en": "Synthetic Daily",
        **CITED,
    }
    assert [like[2] for like in likes(xlsx({"statistics": [row]}))] == ["STAT-9001"]
    assert likes(xlsx({"statistics": [{**row, "value": 141}]})) == []
    assert Statistic.objects.count() == 2


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        ("perhaps", "is none of: new, skip, same as KZ-0001"),
        ("same as KZ-9009", "KZ-9009 is no known record of this kind"),
    ],
)
def test_a_decision_that_says_nothing_is_refused(decision, reason):
    [problem] = problems(xlsx(sheets(decision=decision)))
    assert problem == ("cases", 2, "decision", decision, reason)


def test_decisions_are_a_csv_file_about_rows_that_exist():
    with pytest.raises(FileError, match="columns sheet, row and decision"):
        decisions.read(b"sheet,row\ncases,2\n")
    [problem] = problems(xlsx(sheets("Synthetic Nobody")), decided={("cases", 9): "new"})
    assert problem[:3] == ("cases", 9, "decision")

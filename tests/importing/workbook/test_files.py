"""Files that are not what they seem, and sheets that an editor has changed."""

import zipfile
from io import BytesIO

import pytest

from cases.importing.workbook import rows, spreadsheets
from cases.importing.workbook.template import template
from tests.importing.workbook.books import problems, run, written, xlsx

pytestmark = pytest.mark.usefixtures("references")

ROW = {
    "measure": "cases_opened",
    "counted_ru": "синтетические дела",
    "unit": "cases",
    "value": 7,
    "qualifier": "exact",
    "counted_by_ru": "Синтетическая газета «Ақпарат»",
    "source": "SRC-9001",
}


def book(*rows, change=None, **sheets):
    return xlsx({"statistics": list(rows) or [ROW], **sheets}, change)


def csv(text, encoding="utf-8", name="statistics.csv", **options):
    return run(text.encode(encoding), name, **options)


HEADER = "measure;counted_ru;unit;value;qualifier;counted_by_ru;source\n"
LINE = "cases_opened;дела;cases;7;exact;Газета;SRC-9001\n"


def test_the_empty_template_has_nothing_to_import():
    report = run(template(), write=True)
    assert (report.rows, report.problems, report.changes) == ({}, [], [])


def test_letters_come_through_as_they_are():
    from cases.models import Statistic

    written(book())
    made = Statistic.objects.get(draft=True)
    assert made.counted == {"ru": "синтетические дела"}
    assert made.counted_by == {"ru": "Синтетическая газета «Ақпарат»"}


def test_columns_may_stand_in_any_order_and_in_capitals():
    shuffled = {name.upper(): ROW[name] for name in reversed(ROW)}
    assert run(book(shuffled)).clean


def test_empty_rows_and_blanks_are_passed_over():
    report = run(book(ROW, {"measure": "  "}, {}, {**ROW, "value": 8}))
    assert (report.rows, report.problems) == ({"statistics": 2}, [])


def test_a_renamed_column_is_told_once_with_what_was_meant():
    renamed = {"mesure" if name == "measure" else name: value for name, value in ROW.items()}
    found = problems(book(renamed, {**renamed, "value": 8}))
    assert found[0] == ("statistics", 1, "measure", "", "the column is missing")
    assert found[1][:4] == ("statistics", 1, "mesure", "")
    assert "did you mean measure?" in found[1][4]
    assert len(found) == 2


def test_a_column_twice_and_values_without_a_column_are_told():
    def change(book):
        page = book["statistics"]
        page["H1"], page["J2"] = "unit", "lost"

    assert problems(book(change=change)) == [
        ("statistics", 1, "unit", "", "stands twice in row 1"),
        ("statistics", 2, "", "lost", "column 10 has no name in row 1; name it or empty it"),
    ]


def test_a_sheet_without_a_header_is_told_once():
    [(sheet, row, column, value, reason)] = problems(book({"Statistics of 2025": 1, "": None}))
    assert (sheet, row, column, value) == ("statistics", 1, "", "Statistics of 2025")
    assert reason.startswith("row 1 names no known column; it must hold: id, measure")


def test_unknown_sheets_are_told_and_empty_ones_are_not():
    [problem] = problems(book(statistic=[{"a": 1}], Sheet2=[{}]))
    assert problem[:4] == ("statistic", 0, "", "")
    assert "is no known sheet, did you mean statistics?" in problem[4]


def test_a_hidden_sheet_is_not_imported_behind_the_editors_back():
    def hide(book):
        book["statistics"].sheet_state = "hidden"

    [problem] = problems(book(change=hide, sources=[{"id": None}]))
    assert problem[:3] == ("statistics", 0, "")
    assert "the sheet is hidden" in problem[4]


def test_merged_cells_and_formulas_are_refused():
    def change(book):
        page = book["statistics"]
        page.merge_cells("A2:A3")
        page["D3"] = "=D2+1"

    merged, formula = problems(book(ROW, ROW, change=change))[:2]
    assert merged == (
        "statistics",
        2,
        "A",
        "A2:A3",
        "cells are merged; unmerge them and fill in each",
    )
    assert formula[:3] == ("statistics", 3, "measure")


def test_a_formula_is_refused_and_text_that_begins_like_one_is_not():
    def change(book):
        page = book["statistics"]
        page["D2"] = "=3+4"
        page["F2"].value, page["F2"].data_type = "=synthetic", "s"

    assert problems(book(change=change)) == [
        ("statistics", 2, "value", "=3+4", "is a formula; copy it and paste it as a value")
    ]


def test_a_wrong_size_in_the_file_hides_no_rows():
    file = BytesIO(book(ROW, {**ROW, "value": 8}))
    changed = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'ref="A1:G3"', b'ref="A1:A1"'))
    assert run(changed.getvalue()).rows == {"statistics": 2}


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "old.xls", "old or encrypted Excel file"),
        (b"%PDF-1.7", "verdict.pdf", "this is no XLSX file"),
        (b"PK\x03\x04broken", "workbook.xlsx", "this is no XLSX file"),
        (b"", "workbook.xlsx", "this is no XLSX file"),
        (b"a;b\n", "facts.csv", "a CSV file holds one sheet"),
        (b'id\n"never closed', "statistics.csv", "is no CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_as_such(content, name, reason):
    [problem] = problems(content, name)
    assert problem[:4] == (name, 0, "", "")
    assert reason in problem[4]


def packed(name, content):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def test_other_archives_are_told_as_such():
    [problem] = problems(packed("content.xml", "<a/>"))
    assert "OpenDocument" in problem[4]
    [problem] = problems(packed("a.txt", "a"))
    assert "no workbook that can be read" in problem[4]


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED", 1_000_000)
    [problem] = problems(packed("xl/workbook.xml", b"0" * 1_000_001))
    assert "it unpacks to 1,000,001 bytes" in problem[4]


def test_too_large_a_file_and_too_many_rows_are_refused(monkeypatch):
    content = book(ROW, {**ROW, "value": 8})
    monkeypatch.setattr(rows, "MAX_ROWS", 1)
    assert "more than 1 rows" in problems(content)[0][4]
    monkeypatch.setattr(rows, "MAX_BYTES", 100)
    assert "larger than 100 bytes" in problems(content)[0][4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_of_any_encoding_and_delimiter(encoding, delimiter):
    from cases.models import Statistic

    text = (HEADER + LINE).replace(";", delimiter)
    assert csv(text, encoding, write=True).written
    assert Statistic.objects.get().counted_by == {"ru": "Газета"}


def test_a_csv_file_may_be_said_to_be_a_sheet():
    assert csv(HEADER + LINE, name="Book1.csv", csv_sheet="statistics").clean


def test_letters_that_windows_1251_lost_are_noticed():
    report = csv((HEADER + LINE).replace("Газета", "А?парат"), "cp1251")
    [problem] = report.problems
    assert problem[:4] == ("statistics", 2, "counted_by_ru", "А?парат")
    assert "CSV UTF-8" in problem[4]

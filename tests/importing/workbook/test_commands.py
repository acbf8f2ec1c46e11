"""`manage.py import_workbook` and `workbook_template`: what they print, and how they end."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import Statistic, Verdict
from tests.importing.workbook.books import xlsx
from tests.importing.workbook.test_records import APPEAL

pytestmark = pytest.mark.usefixtures("stored")

FIGURE = {
    "measure": "cases_opened",
    "counted_ru": "синтетические дела",
    "unit": "cases",
    "value": 7,
    "qualifier": "exact",
    "counted_by_en": "Synthetic Daily",
    "source": "SRC-9001",
}


@pytest.fixture
def file(tmp_path):
    def made(**sheets):
        path = tmp_path / "workbook.xlsx"
        path.write_bytes(xlsx(sheets))
        return path

    return made


def run(*arguments):
    printed = StringIO()
    call_command("import_workbook", *map(str, arguments), stdout=printed)
    return printed.getvalue()


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_it_says_what_it_would_do_and_writes_nothing(file, option):
    said = run(file(statistics=[FIGURE]), *option)
    assert said.startswith("Rows: 1 statistics.\nSTAT-0001 is new:\n  id: STAT-0001\n")
    assert f"\n  value: {FIGURE['value']}\n" in said
    assert said.endswith(
        "1 new, 0 changed, 0 unchanged.\n"
        "All is clean. Nothing was written; run it again with --write.\n"
    )
    assert not Statistic.objects.exists()


def test_it_writes_when_it_is_told_to_and_says_what_to_do_next(file):
    assert "Nothing is public yet." in run(file(statistics=[FIGURE]), "--write")
    assert Statistic.objects.get().draft is True


def test_it_shows_every_difference(file):
    row = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 80}
    said = run(file(verdicts=[{**row, "source": "SRC-9001"}]))
    assert "KZ-9001 changes:\n" in said
    assert "  KZ-9001-V1 sentence_months: 72 → 80\n" in said


def test_it_lists_every_problem(file):
    rows = [{**FIGURE, "measure": "cases_opend"}, {**FIGURE, "value": "many"}]
    with pytest.raises(CommandError) as refused:
        run(file(statistics=rows), "--write")
    head, first, second = str(refused.value).splitlines()
    assert head == "2 problems; nothing was written:"
    assert first.startswith("statistics, row 2, measure: “cases_opend” is not allowed here")
    assert second.startswith("statistics, row 3, value: “many” is no number")
    assert not Statistic.objects.exists()


def test_it_asks_about_duplicates_and_takes_decisions(file, tmp_path):
    path = file(verdicts=[{**APPEAL, "instance": "first", "outcome": "acquitted", "changes": None}])
    with pytest.raises(CommandError) as asked:
        run(path, "--write")
    assert "verdicts, row 2: KZ-9001-V1 (same defendant and instance)" in str(asked.value)
    decided = tmp_path / "decisions.csv"
    decided.write_text("sheet,row,decision\nverdicts,2,new\n")
    run(path, "--write", "--decisions", decided)
    assert Verdict.objects.count() == 2
    decided.write_text("row\n2\n")
    with pytest.raises(CommandError, match="columns sheet, row and decision"):
        run(path, "--decisions", decided)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(tmp_path / "nothing.xlsx")


def test_the_template_is_written_and_imports_as_nothing(tmp_path):
    path = tmp_path / "empty.xlsx"
    call_command("workbook_template", str(path), stdout=StringIO())
    assert run(path) == "Nothing to import: the workbook holds no rows.\n"
    with pytest.raises(CommandError, match=r"must end in \.xlsx"):
        call_command("workbook_template", str(tmp_path / "empty.csv"))


def test_progress_is_shown_to_who_looks_on(file, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run(file(statistics=[FIGURE]), "--write")
    shown = capsys.readouterr().err
    for task in ("Reading", "Checking", "Comparing", "Saving"):
        assert task in shown
    assert "1/1" in shown

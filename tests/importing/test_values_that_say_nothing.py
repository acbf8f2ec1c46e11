"""A dash that stands for unknown is no value: unknown is left out."""

from pathlib import Path

import pytest

from cases.importing import reading
from cases.importing.validating import schema_problems
from tests import synthetic
from tests.importing.workbook.books import problems, run, xlsx
from tests.importing.workbook.test_files import ROW

CASE = (Path(__file__).parent / "dataset/cases/KZ-9001.yaml").read_text("utf-8")
NOTHING = ["—", "-", "–", "?", "…", "***", "«»", "_", "//"]


@pytest.mark.parametrize("dash", NOTHING)
def test_a_dash_in_a_file_is_told_at_its_place(dash):
    text = CASE.replace("  status", f'  court_case_number: "{dash}"\n  status', 1)
    file = reading.read(Path("synthetic.yaml"), text.encode())
    assert [*schema_problems(file)] == [
        (
            ("case", "court_case_number"),
            f"“{dash}” says nothing; leave it out if it is not known",
        )
    ]
    assert file.line(("case", "court_case_number")) == 6


@pytest.mark.django_db
@pytest.mark.parametrize("dash", NOTHING)
@pytest.mark.parametrize("column", ["counted_ru", "counted_by_en", "measure", "value"])
def test_a_dash_in_a_cell_is_told(references, column, dash):
    [problem] = [
        problem
        for problem in problems(xlsx({"statistics": [{**ROW, column: dash}]}))
        if problem[2] == column
    ]
    assert "says nothing" in problem[4] or "is no number" in problem[4]


@pytest.mark.django_db
def test_a_dash_in_a_list_of_sources_is_told(references):
    [problem] = problems(xlsx({"statistics": [{**ROW, "source": "SRC-9001; —"}]}))
    assert problem[2:] == (
        "source",
        "SRC-9001; —",
        "says nothing; leave the cell empty if it is not known",
    )
    assert run(xlsx({"statistics": [ROW]})).clean


@pytest.fixture
def references(db):
    synthetic.publisher()
    synthetic.source()

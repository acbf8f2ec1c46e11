"""Characters that nobody sees do not come in by a file: they are removed, or refused by name."""

from pathlib import Path

import pytest

from cases.importing.reading import read
from cases.importing.workbook.cells import Cell
from cases.importing.workbook.cells import read as read_cell
from cases.importing.workbook.columns import sheets

PATH = Path("synthetic.yaml")


def test_a_file_is_cleaned_of_what_came_along_with_copied_text():
    file = read(
        PATH, "case:\n  note: Syn\u00adthe\u200btic\n  places: [A\u2009Town\ufeff]\n".encode()
    )
    assert file.problems == []
    assert file.content == {"case": {"note": "Synthetic", "places": ["A Town"]}}


def test_a_file_with_a_character_that_hides_something_is_refused_with_its_line():
    [problem] = read(PATH, "case:\n  id: KZ-9001\n  note: Syn\u202ethetic\n".encode()).problems
    assert (problem.line, problem.place) == (3, "case.note")
    assert "U+202E RIGHT-TO-LEFT OVERRIDE, at position 4" in problem.detail


def test_a_cell_is_cleaned_or_refused():
    column = sheets()["cases"].columns["note"]
    assert read_cell(Cell("Syn\u00adthe\u200btic \u2066Town\u2069"), column) == "Synthetic Town"
    assert Cell("\u200b\ufeff").empty
    with pytest.raises(ValueError, match=r"U\+3164 HANGUL FILLER, at position 4"):
        read_cell(Cell("Syn\u3164thetic"), column)
    with pytest.raises(ValueError, match=r"U\+0007 CONTROL CHARACTER"):
        read_cell(Cell("Syn\x07thetic"), column)

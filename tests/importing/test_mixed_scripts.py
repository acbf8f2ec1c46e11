"""A letter of another script in a word is refused wherever text comes in, and named."""

from pathlib import Path

import pytest

from cases.importing.reading import read as read_yaml
from cases.importing.validating import schema_problems
from cases.importing.workbook.cells import Cell, read
from cases.importing.workbook.columns import sheets
from cases.names import stray_letter

MIXED = {
    "КZ": "“К” at position 1 is Cyrillic (U+041A), the other letters are Latin",
    "Аскаpов": "“p” at position 5 is Latin (U+0070), the other letters are Cyrillic",
    "Coветский суд": "“o” at position 2 is",
    "Ερlan": "at position 1 is Greek (U+0395)",
}
PLAIN = (
    "IT-специалист",
    "Telegram-да",
    "Wagner’дің",
    "статья 172, KZ-172",
    "Oʻzbekiston",
    "9-24-К",
    "Кью R",
)


@pytest.mark.parametrize("text", ["КZ", "Аскаpов", "Ερlan"])
def test_the_letter_is_named_with_its_script_and_position(text):
    assert MIXED[text] in (stray_letter(f"plain {text}, больше") or "")


@pytest.mark.parametrize("text", PLAIN)
def test_words_of_different_scripts_may_follow_each_other(text):
    assert stray_letter(text) is None


def test_a_name_is_of_one_script_as_a_whole():
    assert stray_letter("Иванов a.", whole=True)


@pytest.mark.parametrize(
    ("sheet", "column"),
    [("cases", "country"), ("names", "text"), ("defendants", "residence_place_en")],
)
def test_a_workbook_cell_is_refused(sheet, column):
    with pytest.raises(ValueError, match=r"“К” at position 1 is Cyrillic \(U\+041A\)"):
        read(Cell("КZ"), sheets()[sheet].columns[column])


def test_a_title_is_stored_as_it_was_printed():
    assert read(Cell("Аскаpов осуждён"), sheets()["sources"].columns["title"]) == "Аскаpов осуждён"


def test_a_file_is_refused_at_the_place():
    text = "publishers:\n  - id: synthetic\n    name: {ru: Газетa}\n    kind: newsroom\n"
    file = read_yaml(Path("synthetic.yaml"), text.encode())
    [(place, detail)] = schema_problems(file)
    assert place == ("publishers", 0, "name", "ru")
    assert "“a” at position 6 is Latin" in detail

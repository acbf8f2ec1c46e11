from pathlib import Path

import pytest

from cases.importing import reading
from cases.importing.problems import Problem

PATH = Path("synthetic.yaml")


def read(path, text):
    return reading.read(path, text.encode())


VALUES = {
    # as written: as understood
    "true": True,
    "false": False,
    "0": 0,
    "7": 7,
    "-7": -7,
    "50.5": 50.5,
    "-0.25": -0.25,
    "null": None,
    "~": None,
    "": None,
    '"7"': "7",
    "'true'": "true",
    '"null"': "null",
    # what other readers of YAML take for something else stays text
    "no": "no",
    "NO": "NO",
    "yes": "yes",
    "on": "on",
    "Off": "Off",
    "True": "True",
    "FALSE": "FALSE",
    "Null": "Null",
    "2025": 2025,
    "2025-02": "2025-02",
    "2025-02-14": "2025-02-14",
    "2025-02-14T10:00:00Z": "2025-02-14T10:00:00Z",
    "12:30": "12:30",
    "007": "007",
    "0x1F": "0x1F",
    "0o17": "0o17",
    "1_000": "1_000",
    "1e5": "1e5",
    ".5": ".5",
    "5.": "5.",
    "+7": "+7",
    ".inf": ".inf",
    ".nan": ".nan",
    "=": "=",
    "<<": "<<",
    "Әсем": "Әсем",
}


@pytest.mark.parametrize("written", VALUES)
def test_only_what_an_editor_means_is_understood(written):
    file = read(PATH, f"value: {written}\n")
    assert file.problems == []
    found = file.content["value"]
    assert (found, type(found)) == (VALUES[written], type(VALUES[written]))


def test_keys_are_text_whatever_they_look_like():
    file = read(PATH, "no: 1\ntrue: 2\n2025: 3\nnull: 4\n2025-02-14: 5\n")
    assert file.content == {"no": 1, "true": 2, "2025": 3, "null": 4, "2025-02-14": 5}


TEXT = """\
# a comment
case:
  id: KZ-9001

  summary:
    en: >-
      Folded
      text.
  defendants:
    - id: KZ-9001-D1
      names:
        - {text: Synthetic, language: en}
        - text: Person
    -
      id: KZ-9001-D2
"""


def test_the_line_of_every_value_is_known():
    file = read(PATH, TEXT)
    assert file.content["case"]["summary"] == {"en": "Folded text."}
    assert file.lines == {
        (): 2,
        ("case",): 2,
        ("case", "id"): 3,
        ("case", "summary"): 5,
        ("case", "summary", "en"): 6,
        ("case", "defendants"): 9,
        ("case", "defendants", 0): 10,
        ("case", "defendants", 0, "id"): 10,
        ("case", "defendants", 0, "names"): 11,
        ("case", "defendants", 0, "names", 0): 12,
        ("case", "defendants", 0, "names", 0, "text"): 12,
        ("case", "defendants", 0, "names", 0, "language"): 12,
        ("case", "defendants", 0, "names", 1): 13,
        ("case", "defendants", 0, "names", 1, "text"): 13,
        ("case", "defendants", 1): 15,
        ("case", "defendants", 1, "id"): 15,
    }


def test_what_is_missing_is_told_at_the_line_of_what_should_hold_it():
    file = read(PATH, TEXT)
    assert file.problem(("case", "defendants", 1, "names", 0, "text"), "is missing") == Problem(
        PATH, 15, "case.defendants[1].names[0].text", "is missing"
    )
    assert file.problem(("statistics",), "is missing").line == 2


def problems(text):
    file = read(PATH, text)
    return [(problem.line, problem.place, problem.detail) for problem in file.problems]


def test_a_key_that_stands_twice_is_told_each_time_at_its_line():
    assert problems("a:\n  b: 1\n  c: 2\n  b: 3\n  b: 4\nd: 5\nd: 6\n") == [
        (4, "a.b", "stands twice"),
        (5, "a.b", "stands twice"),
        (7, "d", "stands twice"),
    ]


def test_keys_in_different_objects_do_not_stand_twice():
    assert problems("- a: 1\n- a: 2\n  b: {a: 3}\n") == []


BROKEN = {
    "unclosed": ("a: [1, 2\nb: 3\n", 2),
    "unclosed text": ('a: "x\n', 2),
    "indented wrongly": ("a: 1\n  b: 2\n", 2),
    "a tab": ("a:\n\tb: 1\n", 2),
    "two documents": ("a: 1\n---\nb: 2\n", 2),
    "another version of YAML": ("%YAML 9.9\n---\na: 1\n", 1),
    "half of a letter": ('a: "\\ud800"\n', 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_yaml_is_told_at_its_line(name):
    text, line = BROKEN[name]
    [(found, place, detail)] = problems(text)
    assert (found, place, detail[:17]) == (line, "", "this is no YAML: ")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_file_that_is_nested_too_deep_is_refused_and_crashes_nothing(opening):
    [(_, _, detail)] = problems(f"a:\n  {opening * 50_000}")
    assert detail == "this is no YAML: it is nested deeper than 50 levels"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_is_told(text):
    found = problems(text)
    assert found in ([(1, "", "the file is empty")], [])
    assert found or read(PATH, text).content is None


def test_what_is_not_in_utf_8_is_told_at_its_line():
    file = reading.read(PATH, "case:\n  id: KZ-9001\n  summary: Әсем\n".encode("utf-16-le"))
    assert file.problems[0].detail == "is not in UTF-8; save it as UTF-8"
    file = reading.read(PATH, "case:\n  summary: Человек\n".encode("cp1251"))
    assert file.problems == [Problem(PATH, 2, "", "is not in UTF-8; save it as UTF-8")]
    assert file.content is None


def test_a_byte_order_mark_is_no_part_of_the_first_key():
    assert read(PATH, "\ufeffcase: 1\n").content == {"case": 1}

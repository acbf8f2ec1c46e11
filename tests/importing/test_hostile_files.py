"""What YAML can do beyond holding data is a problem with file and line, and crashes nothing."""

from itertools import pairwise
from pathlib import Path

import pytest

from cases.importing import reading

PATH = Path("synthetic.yaml")
NO_TEXT = "holds a character that is no text; type it again"
DIGITS = "is a number of more than 18 digits; put it in quotes if it is text"


def problems(content):
    content = content if isinstance(content, bytes) else content.encode()
    file = reading.read(PATH, content)
    assert all(problem.file == PATH for problem in file.problems)
    return [(problem.line, problem.place, problem.detail) for problem in file.problems]


def laughs(levels):
    """A list of nine, nine times, nine times, …"""
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for before, name in pairwise("abcdefghi"[:levels]):
        text += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    return text


def chain(length):
    """A list in a list in a list, each by its name: deep without being nested."""
    links = (f"a{number}: &a{number} [*a{number - 1}]\n" for number in range(1, length))
    return "a0: &a0 [x]\n" + "".join(links)


FOUND = {
    "an anchor": ("a: 1\nb: &b 2\n", 2, "&b: anchors are not read"),
    "an anchor of a list": ("a: 1\nb: &b [2]\n", 2, "&b: anchors are not read"),
    "an alias": ("a: 1\nb: *b\n", 2, "*b: aliases are not read"),
    "a merge key": ("a: 1\n<<: *b\n", 2, "*b: aliases are not read"),
    "a value that holds itself": ("\na: &a\n  b: *a\n", 2, "&a: anchors are not read"),
    "a yes that is a boolean": ("a: 1\nb: !!bool y\n", 2, "!!bool: tags are not read"),
    "an on that is a boolean": ("a: !!bool on\n", 1, "!!bool: tags are not read"),
    "a number by its tag": ("a: !!int x\n", 1, "!!int: tags are not read"),
    "no number by its tag": ("a: 1\nb: !!float .nan\n", 2, "!!float: tags are not read"),
    "a date by its tag": ("a:\n- !!timestamp 2025-13-45\n", 2, "!!timestamp: tags are not read"),
    "bytes": ("a: !!binary zzz\n", 1, "!!binary: tags are not read"),
    "a set": ("a: 1\nb: !!set {c}\n", 2, "!!set: tags are not read"),
    "text by its tag": ("a: !!str 7\n", 1, "!!str: tags are not read"),
    "an object of Python": ("a: !!python/name:os.getcwd x\n", 1, "!!python/name:os.getcwd: tags"),
    "a tag of somebody": ("a: 1\nb: !secret x\n", 2, "!secret: tags are not read"),
    "a tag that says nothing": ("a: ! x\n", 1, "!: tags are not read"),
    "a null byte": ("a: 1\n\nb: x\x00\n", 3, NO_TEXT),
    "an escaped null byte": ('a: 1\nb: "x\\0"\n', 2, NO_TEXT),
    "an escaped null byte in a name": ('a: 1\n"b\\0": 2\n', 2, NO_TEXT),
    "a control character": ("a: 1\nb: \x07\n", 2, NO_TEXT),
    "a letter that is none": ("a: \ufffe\n", 1, NO_TEXT),
    "a list for a name": ("a: 1\n? [b, c]\n: 2\n", 2, "a list or mapping is no name of a field"),
    "a name of mappings": ("a: 1\n? {b: c}\n: 2\n", 2, "a list or mapping is no name of a field"),
    "a name twice": ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
    "many digits": (f"a: 1\nb: {'9' * 5_000}\n", 2, DIGITS),
    "some digits": (f"a: 1\nb: -{'9' * 19}\n", 2, DIGITS),
    "more than any number": (f"a: {'9' * 400}.5\n", 1, DIGITS),
    "more parts than any number": (f"a: 0.{'3' * 5_000}\n", 1, DIGITS),
    "windows-1251": ("a: 1\nb: Человек\n".encode("cp1251"), 2, "is not in UTF-8"),
    "utf-16": ("a: 1\n".encode("utf-16"), 1, "is not in UTF-8"),
    "half of a letter": (b"a: 1\nb: \xd0\n", 2, "is not in UTF-8"),
    "a surrogate": (b"a: 1\nb: \xed\xa0\x80\n", 2, "is not in UTF-8"),
    "deep nesting": (f"a:\n  {'[' * 50_000}", 2, "this is no YAML: it is nested deeper than 50"),
}


@pytest.mark.parametrize("name", FOUND)
def test_it_is_told_at_its_line(name):
    text, line, detail = FOUND[name]
    first = problems(text)[0]
    assert first[0] == line
    assert first[2].startswith(detail)


@pytest.mark.parametrize("text", [laughs(9), chain(20_000)], ids=["wide", "deep"])
def test_a_file_that_would_unfold_without_end_is_refused(text):
    found = problems(text)
    assert len(found) == reading.MOST_PROBLEMS
    assert found[0] == (1, "", found[0][2])


TEXT = {
    "a byte order mark": ("\ufeffa: 1\n".encode(), 1),
    "yes": (b"a: yes\n", "yes"),
    "on": (b"a: on\n", "on"),
    "y": (b"a: y\n", "y"),
    "a date": (b"a: 2025-02-14\n", "2025-02-14"),
    "a moment": (b"a: 2025-02-14T10:00:00Z\n", "2025-02-14T10:00:00Z"),
    "a merge key without an alias": (b"a: {<<: b}\n", {"<<": "b"}),
    "no number": (b"a: .nan\n", ".nan"),
    "infinity": (b"a: -.inf\n", "-.inf"),
    "digits that fit": (b"a: 999999999999999999\n", 999_999_999_999_999_999),
}


@pytest.mark.parametrize("name", TEXT)
def test_what_other_readers_take_for_something_else_is_as_it_is_written(name):
    content, value = TEXT[name]
    file = reading.read(PATH, content)
    assert (file.problems, file.content) == ([], {"a": value})


def test_many_values_are_refused():
    [(line, _, detail)] = problems("a:\n" + "- 1\n" * (reading.MOST_VALUES + 1))
    assert detail == "this is no YAML: it has more than 200,000 values"
    assert line >= reading.MOST_VALUES

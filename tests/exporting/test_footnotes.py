"""Footnotes of facts."""

import pytest

from cases.exporting.columns import fact, fact_list, plain
from cases.exporting.export import row_reader
from cases.exporting.footnotes import in_words, with_footnotes

SOURCE = {
    "id": "SRC-9001",
    "publisher": {"name": {"en": "Synthetic Daily", "ru": None, "kk": None}},
    "title": "A report; and more",
    "published": {"value": "2025-02"},
    "url": "https://synthetic.example/1",
    "archive_url": None,
}
UNKNOWN = {
    "id": "SRC-9002",
    "publisher": {"name": {"en": None, "ru": "Газета", "kk": None}},
    "title": None,
    "published": None,
    "url": None,
    "archive_url": None,
}


def citation(source, *fields, locator=None, rank="normal", values=()):
    return {
        "source": source,
        "fields": list(fields),
        "locator": locator,
        "rank": rank,
        "values": dict.fromkeys(values, "other"),
    }


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ("¶1-6", "paragraphs 1–6"),
        ("¶ 7", "paragraph 7"),
        ("¶3 and first section, ¶2", "paragraph 3 and first section, paragraph 2"),
        ("last ¶", "last paragraph"),
        ("third answer", "third answer"),
    ],
)
def test_a_place_is_said_in_words(locator, words):
    assert in_words(locator) == words


def test_a_footnote_says_what_is_known_of_its_source():
    document = {
        "outcome": "convicted",
        "note": "x",
        "services": [
            {"places": ["A"], "citations": [citation("SRC-9002", "places")]},
            {"places": [], "citations": [citation("SRC-9003", "places")]},
        ],
        "citations": [
            citation("SRC-9001", "outcome", locator="¶1-6"),
            citation("SRC-9002", "outcome", rank="deprecated", values=["outcome"]),
            citation("SRC-9002", "plea"),
        ],
        "sources": [SOURCE, UNKNOWN],
    }
    columns = [
        fact("outcome", "Outcome."),
        plain("note", "Note."),
        fact_list("places", "Places.", "services[].places[]"),
    ]
    found = with_footnotes(columns)
    row = dict(zip([column.name for column in found], row_reader(found)(document), strict=True))
    assert row == {
        "outcome": "convicted",
        "outcome__footnotes": [
            "Synthetic Daily, “A report; and more”, 2025-02, https://synthetic.example/1, "
            "paragraphs 1–6",
            "Газета (states something else) (outdated)",
        ],
        "note": "x",
        "places": ["A"],
        # Of a source that is not in the document only the id is known.
        "places__footnotes": ["Газета", "SRC-9003"],
    }

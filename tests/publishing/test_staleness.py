"""Texts that may still contain a former value."""

import pytest

from cases.publishing.workflow.stale_texts import stale

FOUND = [
    ("sentence_months", 72, 66, "Sentenced to six years.", "six years"),
    ("sentence_months", 72, 66, "A 6-year term.", "6-year"),
    ("sentence_months", 72, 66, "Получил шесть лет колонии.", "шесть лет"),
    ("sentence_months", 72, 66, "Получил шестилетний срок.", "шестилетний"),
    ("sentence_months", 72, 66, "Алты жылға сотталды.", "Алты жылға"),
    ("sentence_months", 66, 72, "Five years and six months.", "Five years and six months"),
    ("sentence_months", 66, 72, "5 лет 6 месяцев.", "5 лет 6 месяцев"),
    ("age", 25, 26, "A man of 25.", "25"),
    ("age", 25, 26, "A twenty-five-year-old.", "twenty-five"),
    ("age", 25, 26, "Мужчина двадцати пяти лет.", "двадцати пяти"),
    ("value", 1234, 1250, "In all 1,234 cases.", "1,234"),
    ("value", 1234, 1250, "Всего 1 234 дела.", "1 234"),
    ("residence_place", "Old Town", "New Town", "A man from Old Town.", "Old Town"),
    (
        "places",
        {"en": ["Old Town", "Elsewhere"], "ru": None, "kk": None},
        {"en": ["Elsewhere"], "ru": None, "kk": None},
        "A man who served in Old Town.",
        "Old Town",
    ),
    (
        "residence_place",
        {"en": "Old Town", "ru": "Старый Город", "kk": None},
        {"en": "Old Town", "ru": "Старгород", "kk": None},
        "Житель посёлка Старый Город.",
        "Старый Город",
    ),
    ("date", {"value": "2025-02-14"}, {"value": "2025-03-14"}, "In February 2025.", "February"),
    ("date", {"value": "2025-02-14"}, {"value": "2025-03-14"}, "14 февраля.", "феврал"),
    ("date", {"value": "2024"}, {"value": "2025"}, "In 2024.", "2024"),
]
SILENT = [
    ("sentence_months", 72, 66, "Sentenced to five years and six months; 172 pages, 7.72."),
    ("value", 709, 710, "In all 1,709 cases."),
    ("plea", "admitted", "denied", "He admitted nothing."),
    ("age", 25, 25, "A man of 25."),
    ("age", 1, 2, "One of the men."),
]


def document(field, value, text):
    if isinstance(value, dict):
        value = {"earliest": None, "latest": None} | value
    summary = {"en": text, "ru": None, "kk": None}
    return {"id": "KZ-9001", "summary": summary, field: value, "citations": []}


@pytest.mark.parametrize(("field", "before", "after", "text", "phrase"), FOUND)
def test_a_text_with_a_former_value_is_named(field, before, after, text, phrase):
    found = list(stale(document(field, after, text), document(field, before, text)))
    assert [one.phrase for one in found] == [phrase]


@pytest.mark.parametrize(("field", "before", "after", "text"), SILENT)
def test_a_text_without_it_is_not(field, before, after, text):
    assert list(stale(document(field, after, text), document(field, before, text))) == []


def test_what_was_never_published_has_no_former_value():
    assert list(stale(document("age", 25, "A man of 25."), None)) == []

"""CSV files in old encodings are read rightly or refused, never as other letters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.importing.workbook.encodings import ENCODINGS, decoded
from cases.importing.workbook.problems import FileError
from tests.importing.workbook.books import run
from tests.importing.workbook.test_numbers import STATISTIC

SENTENCE = "Городской суд; приговорён к шести годам; обвиняемый не признал вину"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_russian_text_is_read_in_every_encoding(encoding):
    found = decoded(SENTENCE.encode(encoding))
    assert found.text == SENTENCE
    assert "Городской суд" in found.sample


def test_kazakh_letters_of_kz_1048_are_read():
    found = decoded("Қостанай қаласының тұрғыны Ғалым".encode("kz1048"))
    assert found.text == "Қостанай қаласының тұрғыны Ғалым"
    assert found.name == "KZ-1048"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Суд", "cp866"), ("Суд", "mac_cyrillic"), ("№ 5", "cp866"), ("є і їв", "cp1251")],
)
def test_what_may_be_two_texts_is_refused_with_both(text, encoding):
    with pytest.raises(FileError, match=r"its letters may be .* or .*“.*save it as CSV UTF-8"):
        decoded(text.encode(encoding))


def test_what_is_no_cyrillic_text_is_refused():
    with pytest.raises(FileError, match="its letters can not be read"):
        decoded("被告人は有罪である".encode("shift_jis"))


def test_text_in_unicode_needs_no_sample():
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decoded(SENTENCE.encode(encoding))[::2] == (SENTENCE, "")


words = st.text("абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=12)


@given(st.lists(words, min_size=1, max_size=6), st.sampled_from(list(ENCODINGS)))
@settings(max_examples=300, deadline=None)
def test_text_is_read_or_refused_and_never_read_as_another(found, encoding):
    text = " ".join(["подсудимый", *found, "осуждён"])
    try:
        read = decoded(text.encode(encoding))
    except FileError:
        return  # nonsense that is likely in another encoding
    assert read.text == text


@pytest.mark.django_db
@pytest.mark.usefixtures("references")
@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "mac_cyrillic", "koi8_r"])
def test_the_report_shows_what_was_read_before_anything_is_written(encoding):
    row = {name: value for name, value in STATISTIC.items() if name != "counted_en"}
    row |= {"counted_ru": "Дела жителя Астаны"}
    content = f"{';'.join(row)}\n{';'.join(map(str, row.values()))}\n"
    report = run(content.encode(encoding), "statistics.csv")
    assert report.problems == []
    assert report.encoding == ENCODINGS[encoding][0]
    assert report.sample == "Дела жителя Астаны"
    assert not report.written

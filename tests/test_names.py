import pytest

from cases.names import script_of
from cases.vocabulary import Script

SCRIPTS = {
    "Synthetic Person": Script.LATIN,
    "Ünal Ğali-Oğlu, Jr.": Script.LATIN,
    "Синтетический Человек": Script.CYRILLIC,
    "Әсем Қызғалдақ": Script.CYRILLIC,
    "Пралієв Ї. Є.": Script.CYRILLIC,
    "Ы.": Script.CYRILLIC,
    "شخص مصنوعي": Script.ARABIC,
    # letters written as a letter and a mark
    "Сергеи\u0306": Script.CYRILLIC,
    # Uzbek writes oʻ and gʻ with a letter that Unicode counts to no script
    "G\u02bbayrat Oʻktam": Script.LATIN,
    # so does the apostrophe that other texts put there
    "G‘ayrat O'ktam": Script.LATIN,
    # two scripts: often a letter that only looks like its neighbours
    "Cинтетический": None,
    "Synthetic Человек": None,
    "": None,
    "17": None,
    "人": None,
}


@pytest.mark.parametrize("text", SCRIPTS)
def test_the_script_of_a_name_is_that_of_all_its_letters(text):
    assert script_of(text) == SCRIPTS[text]


def test_every_script_of_the_vocabulary_is_recognised():
    assert set(SCRIPTS.values()) - {None} == set(Script)

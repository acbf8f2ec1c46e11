import pytest

from cases.names import readings, words
from cases.namesakes import GIVEN_NAMES, SHORT_SURNAMES, given_names, short_surnames, spellings


def heard(name):
    [word] = words(name)
    return readings(word)


def other_forms(name):
    return given_names(heard(name)) | short_surnames(heard(name))


# Each line is one name; none of the spellings folds to the first.
MEET = """
    Евгений Eugene
    Yevgeny Eugene
    Eugene Євген
    Александр Alexander
    Михаил Michael
    Mikhail Michael
    Константин Костянтин
    Николай Nicholas
    Микола Nikolai
    Пётр Peter
    Павел Paul
    Георгий George
    Ли Lee
    Li Lee
    Цой Choi
    Tsoy Choy
    Пак Park
    Pak Park
"""
APART = """
    Евгений Евгения
    Александр Александра
    Михаил Микаил
    Павел Павлина
    Андрей Антон
    Lee Lev
    Пак Пик
    Цой Чой-бек
    Иван John
"""


@pytest.mark.parametrize("pair", [line.split() for line in MEET.strip().splitlines()], ids=" ".join)
def test_english_and_russian_spellings_of_a_name_meet_in_both_directions(pair):
    first, second = pair
    assert other_forms(first) & heard(second)
    assert other_forms(second) & heard(first)


@pytest.mark.parametrize(
    "pair", [line.replace("-", "").split() for line in APART.strip().splitlines()], ids=" ".join
)
def test_other_names_stay_apart(pair):
    first, second = pair
    assert not (other_forms(first) | heard(first)) & heard(second)


def test_a_folded_form_belongs_to_one_name():
    seen = {}
    for table in (GIVEN_NAMES, SHORT_SURNAMES):
        for line in table.strip().splitlines():
            for form in {form for word in words(line) for form in readings(word)}:
                assert seen.setdefault(form, line) == line, form


def test_constantine_is_also_read_as_it_is_spelt():
    assert heard("Constantine") & heard("Константин")


def test_the_spellings_to_look_for_are_those_that_search_takes_for_the_same():
    for word in ("евгений", "eugene", "ли", "park"):
        found = {form for spelling in spellings(word) for form in readings(spelling)}
        assert found >= readings(word) | other_forms(word)
    assert spellings("люфт") == ["люфт"]

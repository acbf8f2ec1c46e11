"""`q` while it is typed, with labels before numbers, and with names as English has them."""

import pytest

from tests.api import published
from tests.api.reading import ids, read
from tests.api.test_search import world


def found(client, query, name="cases"):
    return ids(read(client, f"{name}/", q=query, count="false"))


@pytest.fixture
def people(empty):
    world(
        luft="Євген Люфт",
        lee="Вера Ли",
        lukin="Михаил Лукин",
        tsoi="Константин Цой",
        park="Alexander Park",
        summary="A synthetic text about Lucia, the lee side and a park",
        lenin="Леонид Юсуфов",
    )


def found_people(client, query):
    return {int(public_id[-1]) for public_id in found(client, query)}


LUFT, LEE, LUKIN, TSOI, PARK, TEXT, LEONID = range(1, 8)


@pytest.mark.parametrize("name", ["Luft", "Люфт", "Lukin", "Tsoi", "Yevgen", "Leonid", "Jusufov"])
def test_as_a_name_is_typed_there_is_no_hole(people, client, name):
    whole = found_people(client, name)
    assert whole
    for letters in range(1, len(name)):
        assert whole <= found_people(client, name[:letters]), name[:letters]


def test_two_letters_find_names_that_begin_so_and_no_other_words(people, client):
    assert found_people(client, "lu") == {LUFT, LUKIN}
    assert found_people(client, "Michail Lu") == {LUKIN}
    assert found_people(client, "Lu Michail") == set()


@pytest.mark.parametrize(
    ("query", "person"),
    [
        *(("Eugene Luft", LUFT), ("Евгений Люфт", LUFT), ("Michael Lukin", LUKIN)),
        *(("Constantine Choi", TSOI), ("Konstantin Choy", TSOI), ("Александр Пак", PARK)),
        *(("Vera Lee", LEE), ("Вера Ли", LEE), ("Lee Vera", LEE)),
    ],
)
def test_a_name_is_found_as_english_has_it_and_as_russian_has_it(people, client, query, person):
    assert found_people(client, query) == {person}


def test_a_short_surname_in_another_spelling_is_found_in_names_only(people, client):
    assert found(client, "Lee")[:2] == ["ZZ-0006", "ZZ-0002"]
    assert found(client, "Ли")[0] == "ZZ-0002"
    assert TEXT not in found_people(client, "Пак")
    assert found(client, "Пак")[0] == "ZZ-0005"


NUMBERS = [
    *("1-22/2024", "No. 1-22/2024", "no.1-22/2024", "№ 1-22/2024", "№1-22/2024"),
    *("дело № 1-22/2024", "Дело №1-22/2024", "дело 1-22/2024", "уголовное дело № 1-22/2024"),
    *("case 1-22/2024", "Case No. 1-22/2024", "іс № 1-22/2024", "номер дела 1-22/2024"),
    *("case ZZ-0001", "№ ZZ-0001"),
]


@pytest.mark.parametrize("query", NUMBERS)
def test_a_label_before_a_number_is_not_looked_for(empty, client, query):
    for key, number in (("ZZ-0001", "1-22/2024"), ("ZZ-0002", "1-23/2024")):
        published.publish(*published.prosecution({"id": key, "court_case_number": number}, {}, {}))
    assert found(client, query) == ["ZZ-0001"]


@pytest.mark.parametrize("query", ["дело", "case", "no", "номер"])
def test_a_label_without_a_number_is_a_word(empty, client, query):
    world(summary_with="the case, дело, no, номер", summary_without="nothing")
    assert found(client, query) == ["ZZ-0001"]

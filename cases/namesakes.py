"""Spellings of one name that no folding of letters brings together: given names in English, and
short surnames that are written in many ways."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product

from cases.names import readings, words

# A name a line, in spellings that fold differently; those that fold alike are not repeated.
GIVEN_NAMES = """
    Евгений Євген Eugene Eugen
    Евгения Євгенія Eugenia
    Александр Олександр Alexander
    Александра Олександра Alexandra
    Алексей Олексій Alexis Alexey
    Михаил Михайло Michael Mikhailo
    Константин Костянтин Constantine Constantin
    Николай Микола Миколай Nicholas Nikolas
    Пётр Петро Peter
    Павел Павло Paul
    Андрей Андрій Andrew
    Василий Василь Basil
    Георгий Георгій George
    Григорий Григорій Gregory
    Фёдор Федір Theodore
    Дмитрий Дмитро Demetrius
    Владимир Володимир
    Степан Stephen Steven
    Антон Anthony Antony
    Яков Яків Jacob
    Иосиф Йосип Joseph
    Илья Ілля Elijah Elias
    Даниил Данило Daniel Данил
    Тимофей Тимофій Timothy
    Матвей Матвій Matthew
    Лука Luke
    Филипп Пилип Philip
    Кирилл Кирило Cyril
    Захар Zachary
    Артём Artemy Артем
    Лев Leo
    Елена Олена Helen Helena
    Екатерина Катерина Catherine Katherine
    Анна Ганна Anne
    Мария Марія Mary
    Наталья Nataly Natalie
    Ирина Irene
    Юлия Юлія Julia
    Елизавета Єлизавета Elizabeth
    Ксения Xenia
    Софья Софія Sophia
"""
# Korean surnames, in Russian and in English.
SHORT_SURNAMES = """
    Ли Lee
    Цой Чой Choi
    Пак Park
    Юн Yoon
    Ан Ahn
    Мун Moon
    Пэк Baek
"""

# Words of a name that are looked up; each of them may have some spellings.
MOST_WORDS = 4


def given_names(forms: Iterable[str]) -> frozenset[str]:
    """Other folded forms of the given name that these are forms of; none = it is no such name."""
    return _others(forms, _groups(GIVEN_NAMES))


def short_surnames(forms: Iterable[str]) -> frozenset[str]:
    """The same of a short surname. What folds to these is often another word, so they count only
    where they are names."""
    return _others(forms, _groups(SHORT_SURNAMES))


def spellings(word: str) -> list[str]:
    """The word, and one other word for each name in the tables that is the same name: whatever
    search takes for it."""
    heard = readings(word)
    found = {word}
    for table in (GIVEN_NAMES, SHORT_SURNAMES):
        for line in _lines(table):
            if any(readings(other) & heard for other in line):
                found.update(other for other in line if not readings(other) & heard)
    return sorted(found)


def of_spelling(name: list[str]) -> Iterator[list[str]]:
    """A name as its words, and as all others that search takes for the same name."""
    head, tail = name[:MOST_WORDS], name[MOST_WORDS:]
    for order in product(*map(spellings, head)):
        yield [*order, *tail]


def _others(forms: Iterable[str], groups: dict[str, frozenset[str]]) -> frozenset[str]:
    own = frozenset(forms)
    return frozenset().union(*(groups.get(form, frozenset()) for form in own)) - own


@cache
def _groups(table: str) -> dict[str, frozenset[str]]:
    """Of each folded form all that are the same name."""
    groups: dict[str, frozenset[str]] = {}
    for line in _lines(table):
        forms = frozenset().union(*map(readings, line))
        for form in forms:
            groups[form] = groups.get(form, frozenset()) | forms
    return groups


@cache
def _lines(table: str) -> list[list[str]]:
    return [words(line) for line in table.strip().splitlines()]

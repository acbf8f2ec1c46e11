"""`q`: records that hold every word asked for, however it is spelt, best first.

A word of a document answers a word of the query when both fold to the same, when it goes on where
the last word of the query ends (search as you type), or when one edit makes it the same.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import add, and_, or_
from typing import Any

from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, Value, When

from cases.api import described
from cases.api.described import Described
from cases.api.filtering import RecordFilter
from cases.api.parameters import Parameters
from cases.api.state import State
from cases.models import Word
from cases.names import (
    SHORTEST_FUZZY,
    initials,
    one_edit,
    readings,
    slips,
    without_one,
    words,
)

MOST_LETTERS = 200
MOST_WORDS = 8
# Fewer letters begin too many words.
SHORTEST_PREFIX = 3

# Words looked up together. PostgreSQL goes through all of them for each row that it finds: 190
# common words took 2.7 s at once, and 18 ms in eights.
GROUP = 8

# Nearly any shorter word is one edit from a word of running text, so only names count as meant.
SHORTEST_FUZZY_TEXT = 6

# What a word adds to the distance of a record; at most 8 words, so no digit carries over.
NOT_A_NAME, PREFIX, NEAR, MISSING = 1, 10, 100, 1000

# Folded: endings of patronymics, and words that follow the father's name.
PATRONYMIC = re.compile("...([oe]vic|ic|[oe]vna|icna|uli|kizi)$")
SON_OF = {"uli", "ulu", "ugli", "ogli", "oglu", "kizi", "gizi"}


@dataclass
class Term:
    """One word of a query, and the words of documents that answer it.

    optional: a patronymic, which the record may lack.
    """

    exact: set[str]
    slips: frozenset[str] = frozenset()
    prefixes: list[str] = field(default_factory=list)
    optional: bool = False
    begun: set[str] = field(default_factory=set)
    near: set[str] = field(default_factory=set)

    def find(self, known: Iterable[str]) -> None:
        """Takes the dictionary's words that answer this one."""
        fuzzy = [word for word in self.exact if without_one(word)]
        for word in known:
            if word.startswith(tuple(self.prefixes)):
                self.begun.add(word)
            if len(word) < SHORTEST_FUZZY:
                continue
            if word in self.slips or any(one_edit(word, own) for own in fuzzy):
                self.near.add(word if len(word) >= SHORTEST_FUZZY_TEXT else f"{word}.")

    @property
    def answers(self) -> set[str]:
        return self.exact | self.begun | self.near

    def held(self) -> Q:
        """Documents that hold a word which answers this one. A walk of the index a group."""
        answers = sorted(self.answers)
        groups = (answers[at : at + GROUP] for at in range(0, len(answers), GROUP))
        return reduce(or_, (Q(words__overlap=group) for group in groups))

    def distance(self) -> Any:
        """How badly a document answers this word; 0 = a name in it is the same."""
        named = {f"{word.removesuffix('.')}." for word in self.exact | self.near}
        answered = [When(words__overlap=sorted(self.exact), then=0)]
        answered += [When(_Begins(prefix), then=PREFIX) for prefix in self.prefixes]
        if self.near:
            answered.append(When(words__overlap=sorted(self.near), then=NEAR))
        of_a_name = [When(words__overlap=sorted(named), then=0)]
        of_a_name += [When(_Begins(prefix, "."), then=0) for prefix in self.prefixes]
        return Case(*answered, default=MISSING) + Case(*of_a_name, default=NOT_A_NAME)


class _Begins(Func):
    """Whether a word of the document begins and ends so. Walks its words, which are fewer than
    the words of a dictionary that begin so."""

    output_field = BooleanField()

    def __init__(self, prefix: str, end: str = "") -> None:
        super().__init__(F("words"), Value(prefix), Value(f"%{end}"))

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        (items, first), (prefix, second), (ending, third) = parts
        sql = (
            f"EXISTS (SELECT FROM unnest({items}) AS word"
            f" WHERE starts_with(word, {prefix}) AND word LIKE {ending})"
        )
        return sql, (*first, *second, *third)


class Search(RecordFilter):
    """Words of a document."""

    suffixes = ("",)

    def describe(self, name: str, state: State) -> dict[str, Described]:
        form = f"up to {MOST_WORDS} words, {MOST_LETTERS} characters"
        return {name: described.text(self.help_text, form, minLength=1, maxLength=MOST_LETTERS)}

    def condition(self, name: str, parameters: Parameters, state: State) -> Q:
        terms = self._terms(name, parameters)
        return reduce(and_, (term.held() for term in terms if not term.optional), Q())

    def annotate(self, rows: QuerySet[Any], name: str, parameters: Parameters) -> QuerySet[Any]:
        """The rows with their `relevance`, 0 at best and else less."""
        distances = (term.distance() for term in self._terms(name, parameters))
        return rows.annotate(relevance=-reduce(add, distances, Value(0)))

    def _terms(self, name: str, parameters: Parameters) -> list[Term]:
        """The words of the query with all that answers them; none when the query is wrong."""
        return parameters.once(name, lambda: self._read(name, parameters))

    def _read(self, name: str, parameters: Parameters) -> list[Term]:
        query = parameters.one(name)
        if query is None:
            return []
        terms = parse(query)
        allowed = f"1 to {MOST_WORDS} words, at most {MOST_LETTERS} characters"
        if len(query) > MOST_LETTERS:
            parameters.wrong(name, query, f"Has {len(query)} characters.", allowed)
        elif not terms:
            parameters.wrong(name, query, "There is no word in it.", allowed)
        elif len(terms) > MOST_WORDS:
            parameters.wrong(name, query, f"Has {len(terms)} words.", allowed)
        else:
            look_up(terms)
            return terms
        return []


def parse(query: str) -> list[Term]:
    """The words of a query; what answers them is still to be looked up."""
    given = [word for word in words(query) if readings(word)]
    terms = [
        Term({*readings(word), *(f"{letter}." for letter in initials(word))})
        if _is_initial(word, query)
        else Term(set(readings(word)), slips(word))
        for word in given
    ]
    if given and not _is_initial(given[-1], query):
        last = terms[-1]
        last.prefixes = sorted(form for form in last.exact if len(form) >= SHORTEST_PREFIX)
    _relax(terms)
    return terms


def _relax(terms: list[Term]) -> None:
    """Lets records lack the patronymic, as long as two other words are demanded."""
    sons = [all(form in SON_OF for form in term.exact) for term in terms]
    # The father's name stands before уулу and ўғли, or in one word with its ending; and where a
    # surname has such an ending as well, behind the surname.
    order = [place for place, son in enumerate(sons) if son]
    order += [place for place, son in enumerate(sons[1:]) if son]
    order += [place for place, term in reversed(list(enumerate(terms))) if _is_patronymic(term)]
    for place in order[: max(0, len(terms) - 2)]:
        terms[place].optional = True


def _is_patronymic(term: Term) -> bool:
    return all(map(PATRONYMIC.search, term.exact))


def _is_initial(word: str, query: str) -> bool:
    """Е, Е. and Sh. are; Ли is a name, and 7 a number."""
    if not word.isalpha():
        return False
    dotted = re.search(rf"\b{word}\.", query.casefold())
    return all(len(form) == 1 for form in readings(word)) or bool(len(word) <= 2 and dotted)


def look_up(terms: Collection[Term]) -> None:
    """Finds what answers the words in the dictionary. One query, over its two indexes."""
    near = set(chain.from_iterable(without_one(word) for term in terms for word in term.exact))
    slipped = set(chain.from_iterable(term.slips for term in terms))
    where = Q(near__overlap=sorted(near)) | Q(pk__in=sorted(slipped))
    for prefix in chain.from_iterable(term.prefixes for term in terms):
        where |= Q(word__startswith=prefix)
    known = list(Word.objects.filter(where).values_list("word", flat=True))
    exact = set(chain.from_iterable(term.exact for term in terms))
    for term in terms:
        term.find(known)
        # One word must not answer twice: who asks for Асанов Асан does not mean every Асанов.
        term.begun -= exact - term.exact

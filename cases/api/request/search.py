"""`q`: records that hold every word asked for, however it is spelt, best first.

A word of a document answers a word of the query when both fold to the same, when it goes on where
the last word of the query ends (search as you type), or when one edit makes it the same.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, combinations
from operator import and_, or_
from typing import Any

from django.db.models import IntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL

from cases.api.queries.fetch import fetch
from cases.api.request import parameter_docs
from cases.api.request.filter_types import RecordFilter
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters
from cases.api.request.snapshots import Snapshot
from cases.models import Word
from cases.names import (
    SHORTEST_FUZZY,
    alike,
    initials,
    one_edit,
    readings,
    slips,
    without_one,
    words,
)
from cases.namesakes import given_names, short_surnames
from cases.publishing.search import BEGINNING, beginning

MOST_LETTERS = 200
MOST_WORDS = 8
# Fewer letters begin too many words: they are looked for at the beginning of names only.
SHORTEST_PREFIX = 3

# What is written before a number and is no part of it.
LABEL = (
    r"(?:case|criminal case|no|nr|num|number|дел[оау]|деле|уголовно[ем]\w* дел[оауе]"
    r"|номер|ном|справ[аиу]|қылмыстық іс|іс|иш|ish|нөмірі?)"
)
LABELS = re.compile(rf"\b(?:{LABEL}\b[\s.:№#]*)+(?=[№#]?\s*(?:[a-zа-я]{{2}}[-‑–])?[0-9])")

# Words looked up together. PostgreSQL goes through all of them for each row that it finds: 190
# common words took 2.7 s at once, and 18 ms in eights.
GROUP = 8

# Words that are compared with each word of a document; of more, the document is walked through.
FEW_WORDS = 8

# Nearly any shorter word is one edit from a word of running text, so only names count as meant.
SHORTEST_FUZZY_TEXT = 6

# What a word adds to the distance of a record; at most 8 words, so no digit carries over.
# LIKE: it is unfinished, or another language's. BEGUN: only two letters of a name are there.
NOT_A_NAME, LIKE, BEGUN, NEAR, MISSING = 1, 10, 20, 100, 1000

# Folded: endings of patronymics, and words that follow the father's name.
PATRONYMIC = re.compile("...([oe]vic|ic|[oe]vna|icna|uli|kizi)$")
SON_OF = {"uli", "ulu", "ugli", "ogli", "oglu", "kizi", "gizi"}


# SQL with a place for each of its values. The ORM needs nearly a millisecond to put together
# expressions that say the same.
Sql = tuple[str, list[Any]]


@dataclass
class Term:
    """One word of a query, and the words of documents that answer it.

    exact, begun, variants, misspelt: these, by how they differ from it, once looked up. all_begun:
    with those that answer another word of the query better.
    optional: a patronymic, which the record may lack. namesakes, surnames: other spellings of it
    as a given name, and of a short surname. beginnings: marks of names that begin so.
    """

    exact: set[str]
    slips: frozenset[str] = frozenset()
    prefixes: list[str] = field(default_factory=list)
    optional: bool = False
    namesakes: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()
    begun: set[str] = field(default_factory=set)
    all_begun: frozenset[str] = frozenset()
    variants: set[str] = field(default_factory=set)
    misspelt: set[str] = field(default_factory=set)

    def find(self, known: set[str]) -> None:
        """Takes the dictionary's words that answer this one."""
        fuzzy = [word for word in self.exact if without_one(word)]
        meant = set(map(alike, fuzzy))
        # Initials are in no dictionary.
        self.exact = {word for word in self.exact if word in known or word.endswith(".")}
        for word in known - self.exact:
            if word.startswith(tuple(self.prefixes)):
                self.begun.add(word)
            elif alike(word) in meant or word in self.namesakes:
                self.variants.add(word)
            elif word in self.surnames:
                # Elsewhere it is likely to be another word.
                self.variants.add(f"{word}.")
            elif len(word) >= SHORTEST_FUZZY and (
                word in self.slips or any(one_edit(word, own) for own in fuzzy)
            ):
                self.misspelt.add(word)
        self.all_begun = frozenset(self.begun)

    @property
    def spelt(self) -> set[str]:
        """Words that answer this one without a typo."""
        return self.exact | self.begun | self.variants

    @property
    def near(self) -> set[str]:
        """Words that answer this one with a typo."""
        short = {word for word in self.misspelt if len(word) < SHORTEST_FUZZY_TEXT}
        return self.misspelt - short | {f"{word}." for word in short}

    def held(self) -> Q:
        """Documents that hold a word which answers this one."""
        return _hold(self.spelt | self.near | self.beginnings)

    def distance(self) -> Sql:
        """How badly a document that is found answers this word; 0 = a name in it is the same."""
        steps = [
            (0, self._holds(self.exact)),
            (LIKE, self._holds(self.variants) + self._begins()),
            (BEGUN, self._holds(self.beginnings)),
            (NEAR, self._holds(self.near)),
        ]
        steps = [(far, tests) for far, tests in steps if tests]
        # What is found and passes no other test would pass the last; so that needs none.
        rest = MISSING if self.optional or not steps else steps.pop()[0]
        answered = [(test, far) for far, tests in steps for test in tests]
        same = self.exact | self.variants | self.misspelt
        of_a_name = self._holds({f"{word.removesuffix('.')}." for word in same})
        of_a_name += self._begins(".") + self._holds(self.beginnings)
        named = [(test, 0) for test in of_a_name]
        return _sum([_case(answered, rest), _case(named, NOT_A_NAME)])

    def _holds(self, words: Collection[str]) -> list[Sql]:
        return [("words && %s::text[]", [sorted(words)])] if words else []

    def _begins(self, end: str = "") -> list[Sql]:
        """Walks the words of a document, which are fewer than those of a dictionary; unless only a
        few words begin so, which takes a quarter of the time."""
        if len(self.all_begun) <= FEW_WORDS:
            begun = {f"{word.removesuffix('.')}{end}" for word in self.all_begun}
            return self._holds(begun) if self.begun else []
        found = (
            "EXISTS (SELECT FROM unnest(words) AS word"
            " WHERE starts_with(word, %s) AND word LIKE %s)"
        )
        return [(found, [prefix, f"%{end}"]) for prefix in self.prefixes] if self.begun else []


def _hold(answers: set[str]) -> Q:
    """Documents that hold one of the words. A walk of the index a group."""
    ordered = sorted(answers)
    groups = [ordered[at : at + GROUP] for at in range(0, len(ordered), GROUP)]
    return reduce(or_, (Q(words__overlap=group) for group in groups or [[]]))


def _case(whens: list[tuple[Sql, int]], rest: int) -> Sql:
    """The number of the first test that is passed, else the rest."""
    if not whens:
        return str(rest), []
    tests = " ".join(f"WHEN {test} THEN {far}" for (test, _), far in whens)
    return f"CASE {tests} ELSE {rest} END", [value for (_, given), _ in whens for value in given]


def _sum(parts: list[Sql]) -> Sql:
    return " + ".join(["0", *(sql for sql, _ in parts)]), [v for _, given in parts for v in given]


class Search(RecordFilter):
    """Words of a document."""

    suffixes = ("",)

    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        form = f"up to {MOST_WORDS} words, {MOST_LETTERS} characters"
        return {
            name: parameter_docs.text(self.help_text, form, minLength=1, maxLength=MOST_LETTERS)
        }

    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        terms = self._terms(name, parameters)
        found = reduce(and_, (term.held() for term in terms if not term.optional), Q())
        doubtful = [term for term in terms if term.misspelt and not term.optional]
        # One typo is a slip; with two, a name may as well be somebody else's.
        for first, second in combinations(doubtful, 2):
            found &= _hold(first.spelt | second.spelt)
        return found

    def annotate(self, rows: QuerySet[Any], name: str, parameters: Parameters) -> QuerySet[Any]:
        """The rows with their `relevance`, 0 at best and else less."""
        sql, given = _sum([term.distance() for term in self._terms(name, parameters)])
        # Put together of our own words; what was asked for travels apart.
        return rows.annotate(relevance=RawSQL(f"-({sql})", given, IntegerField()))  # nosec B611

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
    # A label alone is a word like any other.
    query = LABELS.sub(" ", query.casefold())
    given = [word for word in words(query) if readings(word)]
    terms = [_term(word, query) for word in given]
    if given and not _is_initial(given[-1], query):
        last = terms[-1]
        last.prefixes = sorted(form for form in last.exact if len(form) >= SHORTEST_PREFIX)
        if given[-1].isalpha():
            last.beginnings = frozenset(
                beginning(form) if len(form) == BEGINNING else f"{form}."
                for form in last.exact
                if len(form) < SHORTEST_PREFIX
            )
    _relax(terms)
    return terms


def _term(word: str, query: str) -> Term:
    heard = readings(word)
    if _is_initial(word, query):
        return Term({*heard, *(f"{letter}." for letter in initials(word))})
    return Term(
        set(heard), slips(word), namesakes=given_names(heard), surnames=short_surnames(heard)
    )


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


# Joined form by form: asked for all at once, PostgreSQL would rather read a dictionary of some
# thousand words from end to end, which takes fifty times as long.
_LOOK_UP = f"""
    SELECT word FROM unnest(%s::text[]) AS form JOIN {Word._meta.db_table} ON near @> ARRAY[form]
    UNION ALL SELECT word FROM {Word._meta.db_table} WHERE word = ANY (%s::text[])
    UNION ALL SELECT word FROM unnest(%s::text[]) AS prefix JOIN {Word._meta.db_table}
        ON word >= prefix COLLATE "C" AND word < prefix || chr(1114111) COLLATE "C"
"""


def look_up(terms: Collection[Term]) -> None:
    """Finds what answers the words in the dictionary. One query, over its two indexes."""
    near = set(chain.from_iterable(without_one(word) for term in terms for word in term.exact))
    typed = set(
        chain.from_iterable(
            term.exact | term.slips | term.namesakes | term.surnames for term in terms
        )
    )
    prefixes = set(chain.from_iterable(term.prefixes for term in terms))
    asked = [sorted(near), sorted(typed), sorted(prefixes)]
    known = {word for (word,) in fetch(_LOOK_UP, asked, prepared=True)}
    for term in terms:
        term.find(known)
    # One word must not answer twice: who asks for Асанов Асан does not mean every Асанов.
    for term in terms:
        others = [each.exact | each.misspelt for each in terms if each is not term]
        term.begun -= set().union(*others)

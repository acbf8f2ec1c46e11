"""A person's name in all its spellings, and where it stands in a text."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from anyascii import anyascii

from cases.names import readings, words

WITHHELD = "[name withheld]"

SHORTEST = 3  # letters; initials say too little to be looked for
# Case endings stand behind a name: of Люфт, Люфта and Люфтом.
SHORTEST_INFLECTED, LONGEST_ENDING = 4, 4
# Letters of a name that may stand in the middle of an address, as in /yevgenyluft.
SHORTEST_IN_ADDRESS = 5
# Words from one part of a name to the next: a patronymic may stand between them.
APART = 2

_APOSTROPHES = "'’‘ʼʻʽ`´′ʹʺˮ″"
_TOKEN = re.compile(f"(?:[^\\W_]|[{_APOSTROPHES}\u0300-\u036f])+")
_VOWELS = "aeiou"


class Token(NamedTuple):
    start: int
    end: int
    parts: frozenset[tuple[int, int]]
    """Which words of which spellings it is."""


class Person:
    """Whose name is looked for.

    spellings: the name, as it was published and in what other forms it may stand. shared: names
    of others in the same case; a word that is in one of these as well means nobody by itself.
    """

    def __init__(self, spellings: Iterable[str], shared: Iterable[str] = ()) -> None:
        given = [[word for word in words(text) if len(word) >= SHORTEST] for text in spellings]
        self._spellings = [spelling for spelling in given if spelling]
        others = {form for text in shared for word in words(text) for form in readings(word)}
        self._shared = others
        self._forms: dict[str, set[tuple[int, int]]] = {}
        for number, spelling in enumerate(self._spellings):
            for place, word in enumerate(spelling):
                for form in readings(word):
                    self._forms.setdefault(form, set()).add((number, place))
        self._in_addresses = {
            letters
            for spelling in self._spellings
            for word in spelling
            if not readings(word) & others
            for letters in (word, anyascii(word).lower())
            if len(letters) >= SHORTEST_IN_ADDRESS
        }
        self._parts = lru_cache(maxsize=100_000)(self._parts_of)

    def __bool__(self) -> bool:
        """Whether there is any name to look for."""
        return bool(self._spellings)

    @property
    def forms(self) -> dict[str, bool]:
        """Every folded word of the name, and whether it must stand beside another one to mean
        this person."""
        return {form: form in self._shared for form in self._forms}

    def suspects(self, text: str) -> bool:
        """Quickly, whether any word of the name may stand in a text of any length."""
        if "%" in text:
            text += unquote(text)
        return any(map(self._parts, set(_TOKEN.findall(text))))

    def spans(self, text: str, near: bool) -> list[tuple[int, int]]:
        """Where the name stands. near: in what is about this person, where one word of the name
        is enough; elsewhere two of them must stand together, as namesakes share one."""
        tokens = list(self._tokens(text))
        found = {place for place, token in enumerate(tokens) if near and self._alone(token)}
        for place, token in enumerate(tokens):
            for other in range(place + 1, min(place + 1 + APART, len(tokens))):
                if _together(token, tokens[other]):
                    found |= {place, other}
        return [(tokens[place].start, tokens[place].end) for place in sorted(found)]

    def withheld(self, text: str, near: bool) -> str:
        """The text with each mention of the name replaced; the same text when there is none."""
        spans = self.spans(text, near)
        for start, end in reversed(_merged(spans, text)):
            text = text[:start] + WITHHELD + text[end:]
        return text

    def in_address(self, address: str, near: bool) -> bool:
        plain = unquote(address)
        if self.spans(plain, near):
            return True
        run_together = plain.casefold()
        return near and any(letters in run_together for letters in self._in_addresses)

    def _tokens(self, text: str) -> Iterator[Token]:
        # What stands for a name is none, even where the name was "With".
        for match in _TOKEN.finditer(text.replace(WITHHELD, " " * len(WITHHELD))):
            yield Token(match.start(), match.end(), self._parts(match[0]))

    def _parts_of(self, token: str) -> frozenset[tuple[int, int]]:
        heard = {form for word in words(token) for form in readings(word)}
        return frozenset(
            part for form, parts in self._forms.items() if is_form(heard, form) for part in parts
        )

    def _alone(self, token: Token) -> bool:
        own = {
            part
            for form, parts in self._forms.items()
            if form not in self._shared
            for part in parts
        }
        return bool(token.parts & own)


def is_form(heard: Collection[str], form: str) -> bool:
    """Whether a word, heard in any of these ways, is a word of a name, or has an ending more."""
    if form in heard:
        return True
    if len(form) < SHORTEST_INFLECTED:
        return False
    stem = form.rstrip(_VOWELS) if len(form.rstrip(_VOWELS)) >= SHORTEST_INFLECTED else form
    return any(word.startswith(stem) and len(word) - len(stem) <= LONGEST_ENDING for word in heard)


def stems(heard: Iterable[str]) -> set[str]:
    """Every form that a word may be, if it has an ending: what `is_form` says yes to, but for
    forms that end in a vowel."""
    return {
        word[: len(word) - cut]
        for word in heard
        for cut in range(LONGEST_ENDING + 1)
        if cut == 0 or len(word) - cut >= SHORTEST_INFLECTED
    }


def _together(first: Token, second: Token) -> bool:
    """Whether two words of a text are two different words of one spelling."""
    return any(
        spelling == other and place != another
        for spelling, place in first.parts
        for other, another in second.parts
    )


def _merged(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Spans with nothing but space, a hyphen or a comma between them as one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and not text[merged[-1][1] : start].strip(" ,-\u00a0\u2010\u2011"):
            merged[-1] = merged[-1][0], end
        else:
            merged.append((start, end))
    return merged

"""A person's name in all its spellings, and where it is in a text."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from anyascii import anyascii

from cases import namesakes
from cases.names import LONGEST, Word, initials, located, readings, words
from cases.publishing.redaction.endings import is_form
from cases.publishing.redaction.hiding import letters, letters_and_digits, plain_layers, runs

WITHHELD = "[name withheld]"

# Letters; shorter words are initials, or names that are looked for with a capital only.
SHORTEST = 3
# Letters of a name that may stand in the middle of an address, as in /yevgenyluft.
SHORTEST_IN_ADDRESS = 5
# Letters of a word that is broken by nothing but spaces; shorter ones are made of common words.
SHORTEST_SPACED = 6
# Letters of a whole name written as one word, as in #YevgenyLuft; shorter ones are in other words.
SHORTEST_JOINED = 7
# Words of a spelling that are joined in every order.
MOST_JOINED = 4
# Words from one part of a name to the next: a patronymic may stand between them.
APART = 2

Part = tuple[int, int]
"""A word of a spelling: number of the spelling, place in it."""


class Found(NamedTuple):
    """A part of a name in a text: text[start:end], made of the words first to last.

    parts: which words of which spellings it may be. whole: it is the whole name in one word.
    """

    start: int
    end: int
    first: int
    last: int
    parts: frozenset[Part]
    whole: bool = False


class Person:
    """Whose name is looked for.

    spellings: the name, as it was published and in what other forms it may stand. shared: names
    of others in the same case; a word that is in one of these as well means nobody by itself.
    """

    def __init__(self, spellings: Iterable[str], shared: Iterable[str] = ()) -> None:
        spellings = sorted(spellings)
        written = [words(text) for text in spellings]
        short = {word for text in spellings for word in _short_names(text)}
        self._written = [_names_of(each, short) for each in written]
        names = {word for each in self._written for word in each}
        short |= {
            other for word in names for other in namesakes.spellings(word) if len(other) < SHORTEST
        }
        # Whatever search takes for the same: Eugene for Евгений.
        split = [other for each in written for other in namesakes.of_spelling(each)]
        given = [spelling for spelling in split if _names_of(spelling, short)]
        self._spellings = [_names_of(each, short) for each in given]
        self._shared = {
            form
            for text in shared
            for each in words(text)
            for word in namesakes.spellings(each)
            for form in readings(word)
        }
        self._forms: dict[str, set[Part]] = {}
        # Letters for names that a spelling itself abbreviates: of "E. Luft" the E.
        self._abbreviated: dict[str, set[Part]] = {}
        self._initials: set[str] = set()
        for number, spelling in enumerate(given):
            for place, word in enumerate(spelling):
                self._initials |= initials(word)
                if _names_of([word], short):
                    for form in readings(word):
                        self._forms.setdefault(form, set()).add((number, place))
                else:
                    for letter in initials(word):
                        self._abbreviated.setdefault(letter, set()).add((number, place))
        self._joined = {
            form
            for one in _joined(self._spellings)
            if len(one) >= SHORTEST_JOINED
            for form in readings(one)
        }
        self._shortest_joined = min(map(len, self._joined), default=0)
        self._letters = {
            anyascii(one).lower() for one in _joined(self._spellings) if len(one) > SHORTEST_JOINED
        }
        self._in_addresses = {
            form
            for spelling in self._spellings
            for word in spelling
            if len(word) >= SHORTEST_IN_ADDRESS and not readings(word) & self._shared
            for form in readings(word)
        }
        # Of a run of pieces; other romanisations of a name are longer.
        self._longest = max(map(len, _joined(self._spellings)), default=0) + 10
        self._alone = {
            part
            for form, parts in self._forms.items()
            if form not in self._shared
            for part in parts
        }
        self._parts = lru_cache(maxsize=100_000)(self._parts_of)
        # Documents repeat each other: a source is embedded wherever it is cited.
        self.suspects = lru_cache(maxsize=10_000)(self._suspects)

    def __bool__(self) -> bool:
        """Whether there is any name to look for."""
        return bool(self._spellings)

    @property
    def spellings(self) -> list[str]:
        """The name in each way it is looked for, folded for case only, without initials."""
        return sorted({" ".join(spelling) for spelling in self._written if spelling})

    @property
    def forms(self) -> dict[str, bool]:
        """Every folded word of the name, and whether it must stand beside another one to mean
        this person."""
        single = {form: form in self._shared or len(form) < SHORTEST for form in self._forms}
        return single | dict.fromkeys(self._joined - single.keys(), False)

    def _suspects(self, text: str) -> bool:
        """Quickly, whether any word of the name may stand in a text, whatever hides it."""
        return any(
            any(self._found(layer, near=False)) or self._spells(layer)
            for layer in plain_layers(text)
        )

    def spans(self, text: str, near: bool) -> list[tuple[int, int]]:
        """Where the name is. near: in what is about this person, where one word of the name is
        enough; elsewhere two of them must stand together, as namesakes share one."""
        found = list(self._found(text, near))
        if not found:
            return []
        named = {one for one in found if one.whole or (near and one.parts & self._alone)}
        for place, one in enumerate(found):
            for other in found[place + 1 :]:
                if other.first - one.last > APART:
                    break
                if other.first > one.last and _together(one, other):
                    named |= {one, other}
        spans = sorted((one.start, one.end) for one in named)
        return self._with_initials(text, _overlapping(spans)) if near else _overlapping(spans)

    def holds(self, text: str, near: bool) -> bool:
        """Whether the name is in a text in any form, also behind entities and percent signs."""
        return any(self.spans(layer, near) or self._spells(layer) for layer in plain_layers(text))

    def withheld(self, text: str, near: bool) -> str:
        """The text with each mention of the name replaced; the same text when there is none.
        Where the name is hidden in a way that cannot be cut out, the whole text is replaced."""
        for start, end in reversed(_merged(self.spans(text, near), text)):
            text = text[:start] + WITHHELD + text[end:]
        return WITHHELD if self.holds(text, near) else text

    def in_address(self, address: str, near: bool) -> bool:
        if self.holds(address, near):
            return True
        return near and any(
            form in reading
            for layer in plain_layers(address)
            for word in located(layer)
            for part in letters_and_digits(word.text)
            for reading in readings(part)
            for form in self._in_addresses
        )

    def _found(self, text: str, near: bool) -> Iterator[Found]:
        """Every word, and every run of pieces of words, that may be a part of the name."""
        # What stands for a name is none, even where the name was "With".
        text = text.replace(WITHHELD, " " * len(WITHHELD))
        found = list(located(text))
        of_words = [self._parts(word.text) for word in found]
        for place, word in enumerate(found):
            parts, whole = of_words[place]
            if len(word.text) < SHORTEST and not text[word.start].isupper():
                # Ли is a name, and ли a common word.
                parts = frozenset()
            if parts or whole:
                yield Found(word.start, word.end, place, place, parts, whole)
            elif abbreviated := self._abbreviation(word, text):
                yield Found(word.start, word.end, place, place, abbreviated)
            # A piece that is a part of the name is found by itself.
            if parts:
                continue
            for run in runs(text, found, place, self._longest, near):
                # Runs grow by one piece each.
                if of_words[run.last][0]:
                    break
                joined, whole = self._parts(run.text)
                if run.spaced and not self._is_spaced_out(run.text, joined):
                    continue
                if joined or whole:
                    yield Found(run.start, run.end, run.first, run.last, joined, whole)

    def _is_spaced_out(self, word: str, parts: frozenset[Part]) -> bool:
        """Whether words with spaces between them are certainly one: exactly, without an ending."""
        return len(word) >= SHORTEST_SPACED and any(
            part in parts for form in readings(word) for part in self._forms.get(form, ())
        )

    def _abbreviation(self, word: Word, text: str) -> frozenset[Part]:
        if not self._abbreviated or not _is_initial(word, text):
            return frozenset()
        return frozenset(
            part for letter in initials(word.text) for part in self._abbreviated.get(letter, ())
        )

    def _parts_of(self, word: str) -> tuple[frozenset[Part], bool]:
        heard = readings(word)
        parts = frozenset(
            part for form, parts in self._forms.items() if is_form(heard, form) for part in parts
        )
        whole = any(
            form in reading
            for reading in heard
            if len(reading) >= self._shortest_joined
            for form in self._joined
        )
        return parts, whole

    def _spells(self, text: str) -> bool:
        """Whether the letters of a text, with nothing else between them, hold the whole name."""
        if not self._letters:
            return False
        row = letters(text.replace(WITHHELD, " 0 "))
        return any(name in row for name in self._letters)

    def _with_initials(self, text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Initials of the person beside the name go with it."""
        if not spans:
            return spans
        found = list(located(text))
        wider = []
        for start, end in spans:
            before = [word for word in found if word.end <= start][-APART:]
            for word in reversed(before):
                if text[word.end : start].strip(". \u00a0") or not self._is_own(word, text):
                    break
                start = word.start
            after = [word for word in found if word.start >= end][:APART]
            for word in after:
                if text[end : word.start].strip(". \u00a0") or not self._is_own(word, text):
                    break
                end = word.end + (text[word.end : word.end + 1] == ".")
            wider.append((start, end))
        return _overlapping(wider)

    def _is_own(self, word: Word, text: str) -> bool:
        return _is_initial(word, text) and not self._initials.isdisjoint(initials(word.text))


def pieces(text: str) -> Iterator[str]:
    """Every word of a text, and every word that was broken by more than spaces."""
    text = text.replace(WITHHELD, " " * len(WITHHELD))
    found = list(located(text))
    for place, word in enumerate(found):
        yield word.text
        yield from (run.text for run in runs(text, found, place, LONGEST, False))


_BETWEEN = " .,-_/|~·\u00a0\u2010\u2011\u2012\u2013\u2014\r\n\t"


def _names_of(spelling: list[str], short: set[str]) -> list[str]:
    """The words of a spelling without initials. short: names of two letters."""
    return [word for word in spelling if len(word) >= SHORTEST or word in short]


def _short_names(text: str) -> Iterator[str]:
    """Names of two letters, such as Ли; Sh. and Ya. are initials."""
    for word in located(text):
        dotted = text[word.end : word.end + 1] == "."
        two = len(word.text) == 2 and word.text.isalpha()
        if two and not dotted and max(map(len, readings(word.text)), default=0) == 2:
            yield word.text


def _joined(spellings: list[list[str]]) -> set[str]:
    """Two or more words of a spelling as one, in every order."""
    return {
        "".join(order)
        for spelling in spellings
        for count in range(2, min(len(spelling), MOST_JOINED) + 1)
        for order in permutations(spelling[:MOST_JOINED], count)
    }


def _is_initial(word: Word, text: str) -> bool:
    """Е. and Sh. are; a single letter without a full stop only as a capital."""
    if not word.text.isalpha() or len(word.text) > 2:
        return False
    dotted = text[word.end : word.end + 1] == "."
    return dotted or (len(word.text) == 1 and text[word.start : word.end].isupper())


def _together(first: Found, second: Found) -> bool:
    """Whether two parts of a text are two different words of one spelling."""
    return any(
        spelling == other and place != another
        for spelling, place in first.parts
        for other, another in second.parts
    )


def _overlapping(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _merged(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Spans with nothing but space, a hyphen, a comma or the like between them as one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and not text[merged[-1][1] : start].strip(_BETWEEN):
            merged[-1] = merged[-1][0], end
        else:
            merged.append((start, end))
    return merged

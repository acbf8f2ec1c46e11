"""How a name can be hidden in a text: broken into pieces, spaced out, encoded."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from anyascii import anyascii

from cases.characters import INVISIBLE
from cases.names import Word, words

# Layers of encoding that are undone: %2525 is three.
MOST_LAYERS = 3

_ENCODED = re.compile(r"[&%\\]|xn--", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_PUNYCODE = re.compile("xn--([a-z0-9-]+)", re.IGNORECASE)

# Between two pieces of a word that was broken: a few signs without a space, signs around a line
# break or a space of which one is a hyphen, or a space of unusual width.
_SIGN = r"(?:[^\s\w]|_)"
_HYPHEN = r"[-\u00ad\u2010-\u2015\u2212_/|~]"
_BROKEN = re.compile(
    rf"{_SIGN}{{1,8}}|(?={_SIGN}*{_HYPHEN})(?:{_SIGN}{{1,8}}\s{{1,8}}){{1,8}}{_SIGN}{{0,8}}"
    rf"|{_SIGN}{{0,8}}\s{{1,8}}{_HYPHEN}{_SIGN}{{0,8}}|[^\S \t\r\n\u00a0\u202f]"
)
_SPACED = re.compile(r"\s{1,3}")


class Run(NamedTuple):
    """Neighbouring pieces of a text read as one word: text[start:end], words first to last.

    spaced: somewhere there is only a space between them.
    """

    text: str
    start: int
    end: int
    first: int
    last: int
    spaced: bool


def runs(text: str, found: Sequence[Word], first: int, longest: int, spaces: bool) -> Iterator[Run]:
    """The words from one on, joined to longer and longer runs as far as signs between them allow.

    longest: letters of a run. spaces: whether plain spaces are such signs. Numbers are no pieces
    of a name.
    """
    joined, spaced, start = found[first].text, False, found[first].start
    for last in range(first + 1, len(found)):
        between = text[found[last - 1].end : found[last].start]
        if between == " " and not spaces:
            return
        if not between.isascii():
            # A mark may also be on a sign or a line break.
            between = "".join(
                sign
                for sign in INVISIBLE.sub("", between)
                if not unicodedata.category(sign).startswith("M")
            )
        if not _BROKEN.fullmatch(between):
            if not (spaces and _SPACED.fullmatch(between)):
                return
            spaced = True
        if joined.isdigit():
            return
        joined += found[last].text
        if len(joined) > longest or found[last].text.isdigit():
            return
        yield Run(joined, start, found[last].end, first, last, spaced)


def plain_layers(text: str) -> list[str]:
    """The text, and what it says when HTML entities, percent signs, escapes of JavaScript and
    Punycode are undone, layer by layer."""
    layers = [text]
    while len(layers) <= MOST_LAYERS and _ENCODED.search(layers[-1]):
        plain = _decoded(layers[-1])
        if plain == layers[-1]:
            break
        layers.append(plain)
    return layers


def _decoded(text: str) -> str:
    text = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), unescape(text))
    if "%" in text:
        plain = unquote(text)
        # Older sites in Russian encode their addresses so.
        text = unquote(text, encoding="cp1251") if "\ufffd" in plain else plain
    return _PUNYCODE.sub(_from_punycode, text)


def _from_punycode(found: re.Match[str]) -> str:
    try:
        return found[1].encode().decode("punycode")
    except UnicodeError:
        return found[0]


def letters(text: str) -> str:
    """The words of a text in Latin letters, with nothing between them."""
    return anyascii("".join(words(text))).lower()


def letters_and_digits(word: str) -> list[str]:
    """A word without its digits: yevgenyluft2025 is a name and a year."""
    return re.findall(r"[^\W\d_]+", word)

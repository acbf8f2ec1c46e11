"""Which encoding the bytes of a CSV file are in.

General detectors choose among a hundred encodings and misread short Cyrillic cells:
charset-normalizer takes cp866 for Korean. Here only the encodings that Russian and Kazakh programs
write are compared, by how likely their letters are in Russian, Ukrainian and Kazakh texts.
"""

import codecs
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from cases.importing.workbook.problems import FileError, shown

# Codec of Python: name for editors, and how rare it is (natural logarithm).
ENCODINGS = {
    "cp1251": ("Windows-1251", 0.0),
    "kz1048": ("KZ-1048", -1.0),
    "cp866": ("DOS (cp866)", -1.5),
    "mac_cyrillic": ("Mac Cyrillic", -1.5),
    "koi8_r": ("KOI8-R", -1.5),
}
MARGIN = math.log(20)  # the best reading must be twenty times as likely as the next one
LEAST = -6.0  # of a letter, on average; what is less likely is no Cyrillic text
SAMPLES = 3

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# How many of a thousand letters.
_OFTEN = {
    letter: often
    for often, letters in (
        *((100, "о"), (80, "еа"), (65, "инт"), (55, "с"), (45, "рвл"), (30, "кмдпу")),
        *((18, "яыьгзбі"), (12, "чйхқ"), (8, "жшюәғңөұү"), (5, "цщэфїєё"), (2, "ўҳ"), (1, "ъґһ")),
    )
    for letter in letters
}
_RARE = math.log(0.0002)
_CAPITAL, _CAPITAL_INSIDE, _MARK, _MARK_INSIDE, _SYMBOL = -0.7, -6.0, -4.5, -9.0, -11.0
_OPENING, _CLOSING, _SINGLE = frozenset("«“„‘"), frozenset("»”’…"), frozenset("№–—°§€\u00a0")
_FOREIGN = re.compile("[^\x00-\x7f]+(?:[ -]+[^\x00-\x7f]+)*")


class Decoded(NamedTuple):
    """encoding: the codec. sample: words with letters that depend on it; "" = there are none."""

    text: str
    encoding: str
    sample: str

    @property
    def name(self) -> str:
        return ENCODINGS[self.encoding][0] if self.encoding in ENCODINGS else "Unicode"


def decoded(content: bytes) -> Decoded:
    """FileError when the bytes are no text, or may be two different ones."""
    for encoding in ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig",):
        try:
            return Decoded(content.decode(encoding), encoding, "")
        except UnicodeDecodeError:
            continue
    best, *others = sorted(_readings(content), key=lambda found: -found[0])
    likelihood, text, encoding = best
    foreign = sum(letter > "\x7f" for letter in text)
    if likelihood < LEAST * foreign:
        raise FileError("its letters can not be read; save it as CSV UTF-8")
    for other, reading, codec in others:
        if reading != text and other > likelihood - MARGIN:
            raise FileError(
                f"its letters may be {ENCODINGS[encoding][0]} (“{_differing(text, reading)}”) or "
                f"{ENCODINGS[codec][0]} (“{_differing(reading, text)}”); save it as CSV UTF-8"
            )
    return Decoded(text, encoding, sample(text))


def sample(text: str) -> str:
    """A few words that show whether the letters were read rightly."""
    found = dict.fromkeys(match[0].strip() for match in _FOREIGN.finditer(text))
    words = sorted(found, key=lambda word: -len(word))[:SAMPLES]
    return "; ".join(shown(word) for word in words)


def _readings(content: bytes) -> Iterator[tuple[float, str, str]]:
    for encoding, (_, rarity) in ENCODINGS.items():
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield rarity + _likelihood(text), text, encoding


def _likelihood(text: str) -> float:
    """Of the letters beyond ASCII, as a natural logarithm."""
    total, before = 0.0, ""
    for letter, after in zip(text, f"{text[1:]} ", strict=True):
        if letter > "\x7f":
            total += _of_letter(letter, before, after)
        before = letter
    return total


def _of_letter(letter: str, before: str, after: str) -> float:
    if letter in _OPENING:
        return _MARK_INSIDE if before.isalpha() else _MARK
    if letter in _CLOSING:
        return _MARK_INSIDE if after.isalpha() else _MARK
    if letter in _SINGLE:
        glued = after.islower() or (before.isalpha() and after.isalpha())
        return _MARK_INSIDE if glued else _MARK
    if not letter.isalpha():
        return _SYMBOL
    often = _OFTEN.get(letter.lower())
    likelihood = math.log(often / 1000) if often else _RARE
    if letter.isupper():
        # Capitals begin words; inside of one they are another encoding's small letters.
        likelihood += _CAPITAL_INSIDE if before.islower() else _CAPITAL
    return likelihood


def _differing(text: str, other: str) -> str:
    """A word that is another one in the other reading."""
    for match in _FOREIGN.finditer(text):
        if other[match.start() : match.end()] != match[0]:
            return shown(match[0])
    return ""

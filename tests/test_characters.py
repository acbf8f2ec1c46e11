"""Which characters nobody sees, and what becomes of them on the way in."""

import sys
import unicodedata

import pytest

from cases.characters import INVISIBLE, clean, flaw, is_invisible

# Format characters that are drawn: signs around Arabic, Syriac and Kaithi numbers.
DRAWN = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Unicode 15, Default_Ignorable_Code_Point.
IGNORABLE = (
    *("AD", "34F", "61C", "115F-1160", "17B4-17B5", "180B-180F", "200B-200F", "202A-202E"),
    *("2060-206F", "3164", "FE00-FE0F", "FEFF", "FFA0", "FFF0-FFF8", "1BCA0-1BCA3"),
    *("1D173-1D17A", "E0000-E0FFF"),
)
SPACES = "\t\n\r\x85"


def ranges(texts):
    for text in texts:
        first, _, last = text.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def test_every_character_that_unicode_calls_ignorable_is_invisible():
    assert [f"{code:X}" for code in ranges(IGNORABLE) if not is_invisible(chr(code))] == []


def test_every_format_and_control_character_is_invisible():
    """Private use and surrogates too; no letter, digit, mark or punctuation is."""
    unseen, seen = {"Cf", "Cc", "Co", "Cs"}, {"Lu", "Ll", "Lt", "Lm", "Nd", "Pd", "Po", "Ps", "Zs"}
    everything = list(map(chr, range(sys.maxunicode + 1)))
    found = set(INVISIBLE.findall("".join(everything)))
    drawn = {*map(chr, DRAWN), *SPACES}
    of_category = dict(zip(everything, map(unicodedata.category, everything), strict=True))
    missed = [each for each, category in of_category.items() if category in unseen]
    assert set(missed) - found == drawn
    assert [each for each in found if of_category[each] in seen] == []


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Synthe\xadtic Per\u200bson", "Synthetic Person"),
        ("\ufeffSynthetic\u2060", "Synthetic"),
        ("\u2068Synthetic\u2069 \u200eTown\u200f", "Synthetic Town"),
        ("Synthetic\u2009Town\u3000KZ", "Synthetic Town KZ"),
        ("one\u2028two", "one\ntwo"),
        ("☎\ufe0f", "☎"),
        # What is meant stays.
        ("5\u00a0лет, ст.\u202f172", "5\u00a0лет, ст.\u202f172"),
        ("one\r\n\ttwo", "one\r\n\ttwo"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("Сергеи\u0306 а\u0301", "Сергеи\u0306 а\u0301"),
        # Between other letters a joiner joins nothing.
        ("Syn\u200cthe\u200dtic", "Synthetic"),
    ],
)
def test_harmless_characters_are_removed_and_meant_ones_stay(text, cleaned):
    assert clean(text) == cleaned
    assert flaw(cleaned) is None
    assert (flaw(text) is None) == (text == cleaned)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Blim\u202epov", "U+202E RIGHT-TO-LEFT OVERRIDE, at position 5"),
        ("\xadBlim\u3164pov", "U+3164 HANGUL FILLER, at position 6"),
        ("Blim\U000e0041pov", "U+E0041 TAG LATIN CAPITAL LETTER A, at position 5"),
        ("Blim\u034fpov", "U+034F COMBINING GRAPHEME JOINER, at position 5"),
        ("Blim\x07pov", "U+0007 CONTROL CHARACTER, at position 5"),
        ("Blim\ue000pov", "U+E000 PRIVATE USE, at position 5"),
        ("Blim\u2800pov", "U+2800 BRAILLE PATTERN BLANK, at position 5"),
    ],
)
def test_characters_that_hide_something_are_refused_with_their_name_and_place(text, message):
    with pytest.raises(ValueError, match="contains an invisible character") as error:
        clean(text)
    assert message in str(error.value)
    assert message in flaw(text.removeprefix("\xad")) or text.startswith("\xad")

"""Personal names as printed: pure functions over their letters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from operator import eq
from typing import NamedTuple

from anyascii import anyascii

from cases.characters import INVISIBLE, is_invisible
from cases.vocabulary import Script

_SCRIPTS = {"LATIN": Script.LATIN, "CYRILLIC": Script.CYRILLIC, "ARABIC": Script.ARABIC}


def script_of(text: str) -> Script | None:
    """The one script that all letters of `text` are in; null when there are several or none."""
    scripts = {
        _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0])
        for letter in text
        # Uzbek oʻ is written with a letter that belongs to no script.
        if letter.isalpha() and unicodedata.category(letter) != "Lm"
    }
    return scripts.pop() if len(scripts) == 1 else None


def stray_letter(text: str, *, whole: bool = False) -> str | None:
    """Which letter of a word is of another script than the rest of it, for a message; None = all
    words are of one script. whole: the text counts as one word, as the name of a person does."""
    if not (_LATIN_LETTER.search(text) and _OTHER_LETTER.search(text)):
        return None
    for word in [text] if whole else _RUN_OF_LETTERS.findall(text):
        of = [(place, letter, _script_name(letter)) for place, letter in enumerate(word, 1)]
        scripts = Counter(script for _, _, script in of if script)
        if len(scripts) < 2:
            continue
        most = scripts.most_common()[0][0]
        # Of as many letters of each, the one that is not Latin was meant to be.
        if most != "Latin" and scripts[most] == scripts["Latin"]:
            most = "Latin"
        place, letter, script = next(one for one in of if one[2] not in ("", most))
        return (
            f"“{word}” mixes scripts: “{letter}” at position {place} is {script} "
            f"(U+{ord(letter):04X}), the other letters are {most}; type it again"
        )
    return None


def _script_name(letter: str) -> str:
    """Latin, Cyrillic and so on; empty for what belongs to no script."""
    if not letter.isalpha() or unicodedata.category(letter) == "Lm":
        return ""
    return unicodedata.name(letter, "").split(" ")[0].capitalize()


_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER_LETTER = re.compile("[\u0370-\u06ff]")
_RUN_OF_LETTERS = re.compile(r"[^\W\d_]+")


# --- Folding: what publishing and asking make of a word, so that its spellings meet

# Longer words are cut, so that no index entry is too long for PostgreSQL.
LONGEST = 40

_APOSTROPHES = "'’‘ʼʻʽ`´′ʹʺˮ″"
# Uzbek oʻ is the Cyrillic ў; other apostrophes only say how a letter sounds.
_UZBEK_O = re.compile(f"o[{_APOSTROPHES}](?=[^\\W\\d_])")
# English possessive, and the article or preposition before a French word.
_ATTACHED = re.compile(r"['’]s(?![\w'’])|\b[dl]['’](?=[aeiouhéèêâ])")
# A character with the marks on it.
_CLUSTER = re.compile(
    "(?s:.)[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]*"
)

# Letters that say more in the alphabets of these names than in anyascii's language-neutral table.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("şșšŝ", "sh"),
        **dict.fromkeys("çčć", "ch"),
        **dict.fromkeys("žżẑҗҷ", "zh"),
        "â": "ia",  # ISO 9
        "û": "iu",
        "ý": "w",  # Kazakh alphabet of 2018
        "ə": "a",
    }
)

# One letter a sound. Where a Latin letter stands for two sounds, both are listed.
_SOUNDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("schtsch", "shch", "szcz", "sch", "shh", "sz"), ("x",)),
    "sh": ("x", "sh"),  # Асхат is Ashat in Kazakh and Uzbek
    **dict.fromkeys(("tsch", "tch", "ch"), ("c",)),
    **dict.fromkeys(("dsch", "dzh", "dj", "zh"), ("j",)),
    "j": ("j", "i"),  # Жанибек is Janibek, Сергей is Sergej
    "x": ("h", "ks"),  # Хасан is Xasan, Максим is Maxim
    "c": ("k", "ts"),  # Виктор is Victor, Цой is Coj
    "cz": ("c", "ts"),  # ч in Polish, ц in GOST 7.79
    "w": ("v", "u"),  # -ow in German, Awezov in Kazakh
    "kh": ("h",),
    "gh": ("g",),
    "ck": ("k",),
    "q": ("k",),
    "tz": ("ts",),
    "ou": ("u",),
    "y": ("i",),
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))

_SMOOTHINGS = [
    (re.compile(pattern), smooth)
    for pattern, smooth in (
        ("^sh", "x"),
        ("ou", "u"),  # these four meet only where a letter between them is missing
        ("zh", "j"),
        ("kh", "h"),
        ("gh", "g"),
        ("ng+", "n"),
        ("i+", "i"),  # -ий, -iy, -ii, -y
        ("iu", "u"),  # Люфт is Lyuft, Liuft and Luft
        ("i[eo]", "e"),  # Ермолов is Yermolov; ё is yo, io and e
        ("([oe])ff?$", r"\1v"),
        ("gu(?=[ei])", "g"),  # French: Sergueï, Lapouchkine
        ("ine$", "in"),
    )
]
_DOUBLES = re.compile(r"([a-z]|ts)\1+")
# A typo between two equal consonants leaves a name too like others: Мирланин, Мирлан.
_DOUBLE_VOWELS = re.compile(r"([aeiou])\1+")


# Cyrillic and Greek letters that look like Latin ones. A word of two scripts is typed so by
# mistake, or so that nobody finds it; it is read in either script.
_LOOKS_LATIN = str.maketrans("авекмнорстухіјѕһԁԛԝαεικνορτυχ", "abekmhopctyxijshdqwaeikvoptux")
_LOOKS_CYRILLIC = str.maketrans("abekmhopctyxijs", "авекмнорстухіјѕ")
_LATIN, _GREEK_OR_CYRILLIC = re.compile("[a-z]"), re.compile("[\u0370-\u052f]")

# Takes the place of what a word is read without, so that places in a text stay the same.
_NOTHING = "\0"
_WORD = re.compile(f"[^\\W_](?:[^\\W_]|{_NOTHING})*")


class _Letters(dict[int, str]):
    """What is read for each character; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _letter(chr(code))
        return self[code]


def _letter(character: str) -> str:
    """The letter that a reader sees: fullwidth and mathematical letters are letters too, accents
    and invisible characters are nothing."""
    if character in _APOSTROPHES or is_invisible(character):
        return _NOTHING
    if unicodedata.category(character).startswith("M"):
        return _NOTHING
    plain = unicodedata.normalize("NFKC", character).casefold()
    return plain if len(plain) == 1 and plain.isalpha() else character


_LETTERS_SEEN = _Letters()


class Word(NamedTuple):
    """A word as `readings` takes it, and where it is in the text: text[start:end]."""

    text: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order, ready for `readings`."""
    return [word.replace(_NOTHING, "") for word in _WORD.findall(_as_read(text)[0])]


def located(text: str) -> Iterator[Word]:
    """The same words with their places. There is no other definition of a word: search indexes
    these, and redaction looks for names among them."""
    read, starts, ends = _as_read(text)
    for found in _WORD.finditer(read):
        word = found[0].replace(_NOTHING, "")
        yield Word(word, starts[found.start()], ends[found.end() - 1])


def _as_read(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text in letters as they are read; and of each of them where it began and ended."""
    lower, starts, ends = _lower(text)
    # Replaced by as many characters as there were.
    lower = _ATTACHED.sub(lambda found: " " * len(found[0]), lower)
    return _UZBEK_O.sub(f"ў{_NOTHING}", lower).translate(_LETTERS_SEEN), starts, ends


def _lower(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text in lower case, composed; and of each character where it began and ended."""
    lower = text.casefold()
    if len(lower) == len(text) and unicodedata.is_normalized("NFC", lower):
        return lower, range(len(text)), range(1, len(text) + 1)
    composed: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        seen = INVISIBLE.sub("", cluster[0]) or _NOTHING
        lower = unicodedata.normalize("NFC", seen.casefold())
        composed.append(lower)
        starts += [cluster.start()] * len(lower)
        ends += [cluster.end()] * len(lower)
    return "".join(composed), starts, ends


@lru_cache(maxsize=50_000)
def readings(word: str) -> frozenset[str]:
    """The folded forms of a word. Spellings of one name have at least one in common.

    Several, where a letter can be read in two ways; a word reads each letter the same throughout.
    """
    if word.isascii():
        return _read(word)
    return frozenset().union(*map(_read, _looks(word)))


def _looks(word: str) -> set[str]:
    """The word, and if its letters are of two scripts, as it looks in either."""
    if not (_LATIN.search(word) and _GREEK_OR_CYRILLIC.search(word)):
        return {word}
    latin, cyrillic = word.translate(_LOOKS_LATIN), word.translate(_LOOKS_CYRILLIC)
    looks = {word}
    if not _GREEK_OR_CYRILLIC.search(latin):
        looks.add(latin)
    if not _LATIN.search(cyrillic):
        looks.add(cyrillic)
    return looks


def _read(word: str) -> frozenset[str]:
    plain = word if word.isascii() else anyascii(word.translate(_LETTERS)).lower()
    plain = re.sub("[^a-z0-9]", "", plain)[:LONGEST]
    doubtful = sorted({sound[0] for sound in _SOUND.findall(plain) if len(_SOUNDS[sound]) > 1})
    return frozenset(
        folded
        for chosen in product((0, 1), repeat=len(doubtful))
        if (folded := _smooth(plain, dict(zip(doubtful, chosen, strict=True))))
    )


def _smooth(plain: str, chosen: dict[str, int]) -> str:
    return _smoothed(_SOUND.sub(lambda found: _heard(found[0], chosen), plain))


def _smoothed(folded: str, doubles: re.Pattern[str] = _DOUBLES) -> str:
    for pattern, smooth in _SMOOTHINGS:
        folded = pattern.sub(smooth, folded)
    return doubles.sub(r"\1", folded)


def _heard(sound: str, chosen: dict[str, int]) -> str:
    heard = _SOUNDS[sound]
    return heard[chosen.get(sound[0], 0) if len(heard) > 1 else 0]


def initials(word: str) -> frozenset[str]:
    """The letters that may stand for a name: Sh. for Шамиль, Е. and Y. for Евгений."""
    if word in ("y", "j"):
        return frozenset("ieuj")
    return frozenset(reading[0] for reading in readings(word))


# --- One edit apart

# Shorter words are too like each other.
SHORTEST_FUZZY = 4
# Nobody has a longer name, and each letter more makes ten more forms to look up.
LONGEST_SLIPPED = 24

# Ukrainian г is h in passports; ч and ш change places between languages, and in French.
_BLUR = str.maketrans("hc", "gx")

_VOWELS = frozenset("aeiouyаеёиіїоөуұүўыэюяәє")
_BEFORE_H = "szkc"


def slips(word: str) -> frozenset[str]:
    """Folded forms of a word in which one letter too many was typed, or two in the wrong order.

    Undone before folding, which makes more of such a slip than one letter: ei is not ie.
    """
    if not (SHORTEST_FUZZY <= len(word) <= LONGEST_SLIPPED and word.isalpha()):
        return frozenset()
    return frozenset().union(*map(readings, _meant(word)))


def _meant(word: str) -> Iterator[str]:
    for place in range(len(word)):
        before, after = word[:place], word[place:]
        last, following = before[-1:], after[1:2]
        # A letter between two equal consonants is hardly one too many: Есенин is not Есен.
        if last != following or last in _VOWELS:
            yield before + after[1:]
        yield before + after[1::-1] + after[2:]
        # Folding makes one sound of i and a vowel, and of h and some consonants.
        if not {last, following}.isdisjoint(_VOWELS):
            yield f"{before}i{after[1:]}"
        if last and last in _BEFORE_H:
            yield f"{before}h{after[1:]}"
            yield f"{before}h{after}"
        for first in _BEFORE_H:
            if after[0] == "h":
                yield f"{before}{first}{after}"
            if following == "h":
                yield f"{before}{first}{after[1:]}"


def without_one(folded: str) -> list[str]:
    """What is left of a folded word when no letter or any one is left out, folded anew.

    Two words that are one edit apart have one of these in common. Too short a word, or one with
    digits, has none: there a typo cannot be told from another word.
    """
    if len(folded) < SHORTEST_FUZZY or not folded.isalpha():
        return []
    return sorted({alike(folded), *_cuts(folded)})


def alike(folded: str) -> str:
    """Equal for folded words that languages spell with other letters, but nobody confuses."""
    return folded.translate(_BLUR)


@lru_cache(maxsize=10_000)  # 7 MB
def _cuts(folded: str) -> tuple[str, ...]:
    """A folded word without its first letter, its second, and so on."""
    left = (folded[:place] + folded[place + 1 :] for place in range(len(folded)))
    return tuple(alike(_smoothed(each, _DOUBLE_VOWELS)) for each in left)


def one_edit(first: str, second: str) -> bool:
    """Whether at most one letter of a folded word is added, missing, wrong or changed places."""
    one, other = _cuts(first), _cuts(second)
    first, second = alike(first), alike(second)
    if first == second or first in other or second in one:
        return True
    # A wrong letter stands at the same place, counted from either end.
    if any(map(eq, one, other)) or any(map(eq, reversed(one), reversed(other))):
        return True
    return any(
        first == second[:place] + second[place : place + 2][::-1] + second[place + 2 :]
        for place in range(len(second))
    )

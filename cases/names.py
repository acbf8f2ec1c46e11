"""Personal names as printed: pure functions over their letters."""

import re
import unicodedata
from functools import lru_cache
from itertools import product

from anyascii import anyascii

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


# --- Folding: what publishing and asking make of a word, so that its spellings meet

# Longer words are cut, so that no index entry is too long for PostgreSQL.
LONGEST = 40

_APOSTROPHES = "'’‘ʼʻʽ`´′ʹʺˮ″"
# Uzbek oʻ is the Cyrillic ў; other apostrophes only say how a letter sounds.
_UZBEK_O = re.compile(f"o[{_APOSTROPHES}](?=[^\\W\\d_])")
# English possessive, and the article or preposition before a French word.
_ATTACHED = re.compile(r"['’]s(?![\w'’])|\b[dl]['’](?=[aeiouhéèêâ])")
_DROP_APOSTROPHES = str.maketrans("", "", _APOSTROPHES)

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
        ("ng+", "n"),
        ("i+", "i"),  # -ий, -iy, -ii, -y
        ("iu", "u"),  # Люфт is Lyuft, Liuft and Luft
        ("i[eo]", "e"),  # Ермолов is Yermolov; ё is yo, io and e
        ("([oe])ff?$", r"\1v"),
        ("([a-z])\\1+", r"\1"),
    )
]


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order, ready for `readings`."""
    text = unicodedata.normalize("NFC", text.casefold())
    text = _UZBEK_O.sub("ў", _ATTACHED.sub(" ", text)).translate(_DROP_APOSTROPHES)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", text)


@lru_cache(maxsize=50_000)
def readings(word: str) -> frozenset[str]:
    """The folded forms of a word. Spellings of one name have at least one in common.

    Several, where a letter can be read in two ways; a word reads each letter the same throughout.
    """
    plain = re.sub("[^a-z0-9]", "", anyascii(word.translate(_LETTERS)).lower())[:LONGEST]
    doubtful = sorted({sound[0] for sound in _SOUND.findall(plain) if len(_SOUNDS[sound]) > 1})
    return frozenset(
        folded
        for chosen in product((0, 1), repeat=len(doubtful))
        if (folded := _smooth(plain, dict(zip(doubtful, chosen, strict=True))))
    )


def _smooth(plain: str, chosen: dict[str, int]) -> str:
    folded = _SOUND.sub(lambda found: _heard(found[0], chosen), plain)
    for pattern, smooth in _SMOOTHINGS:
        folded = pattern.sub(smooth, folded)
    return folded


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

# Ukrainian г is h in passports; ч and ш change places between languages, and in French.
_BLUR = str.maketrans("hc", "gx")


def slips(word: str) -> frozenset[str]:
    """Folded forms of a word in which one letter too many was typed, or two in the wrong order.

    Undone before folding, which makes more of such a slip than one letter: ei is not ie.
    """
    if len(word) < SHORTEST_FUZZY or not word.isalpha():
        return frozenset()
    cuts = [(word[:place], word[place:]) for place in range(len(word))]
    meant = {before + after[1:] for before, after in cuts}
    meant |= {before + after[1::-1] + after[2:] for before, after in cuts}
    return frozenset().union(*map(readings, meant))


def without_one(folded: str) -> list[str]:
    """What is left of a folded word when no letter or any one is left out.

    Two words that are one edit apart have one of these in common. Too short a word, or one with
    digits, has none: there a typo cannot be told from another word.
    """
    if len(folded) < SHORTEST_FUZZY or not folded.isalpha():
        return []
    blurred = folded.translate(_BLUR)
    cut = {blurred[:place] + blurred[place + 1 :] for place in range(len(blurred))}
    return sorted(cut | {blurred})


def one_edit(first: str, second: str) -> bool:
    """Whether at most one letter of a folded word is added, missing, wrong or changed places."""
    first, second = first.translate(_BLUR), second.translate(_BLUR)
    while first and second and first[0] == second[0]:
        first, second = first[1:], second[1:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    return max(len(first), len(second)) <= 1 or (len(first) == 2 and first == second[::-1])

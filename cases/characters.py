"""Characters that no reader sees: which of them a text may contain, and how text is cleaned.

A name with such a character inside looks the same to a reader and different to a program, so
search, redaction and the checks of both have to agree on what is invisible: it is defined here.
"""

import re
import unicodedata
from typing import Any

# Unicode's Default_Ignorable_Code_Point, the format characters (Cf) that show nothing, control
# characters, private use, noncharacters and letters that are drawn as blanks.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U0001fffe\U0001ffff\U000e0000-\U0010ffff"
)
INVISIBLE = re.compile(f"[{_INVISIBLE}]")

# Come along with text that is copied from web pages, Word and messengers, and mean nothing in
# plain text: soft hyphens, zero-width spaces, byte order marks, direction marks and isolates,
# and the variation selectors that choose between two pictures of one character.
_HARMLESS = re.compile(
    "[\xad\u061c\u200b\u200e\u200f\u202a-\u202c\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef]"
)
_JOINERS = "\u200c\u200d"
# Joiners shape the letters of these scripts: Arabic, Syriac, Mongolian, the Indic ones. Between
# other letters they are as invisible as the rest.
_JOINED = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdcf\ufe70-\ufefc"
_USELESS_JOINER = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])")
_USEFUL_JOINER = re.compile(f"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])")
# Spaces of other widths. The two that forbid a line break are meant and stay.
_SPACE = re.compile("[\u1680\u2000-\u200a\u205f\u3000]")
_LINE = re.compile("[\x85\u2028\u2029]")


def is_invisible(character: str) -> bool:
    """Whether a reader sees nothing where it is; combining marks are seen."""
    return INVISIBLE.match(character) is not None


def clean(text: str) -> str:
    """The text without invisible characters that mean nothing, and with plain spaces.

    ValueError names the first one that nobody types or copies by accident: it hides something.
    """
    for found in INVISIBLE.finditer(text):
        if not _HARMLESS.match(found[0]) and found[0] not in _JOINERS:
            raise ValueError(f"{_named(text, found.start())}; type the text again without it")
    return _SPACE.sub(" ", _LINE.sub("\n", without_harmless(text)))


def cleaned(value: Any) -> Any:
    """`clean` for every text in a value, whatever holds it; anything else as it is."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(part) for part in value]
    if isinstance(value, dict):
        return {key: cleaned(part) for key, part in value.items()}
    return value


def without_harmless(text: str) -> str:
    """The text without what `clean` removes silently; what it refuses stays."""
    return _USELESS_JOINER.sub("", _HARMLESS.sub("", text))


def flaw(text: str) -> str | None:
    """What `clean` would change or refuse, for a message; None = the text is clean."""
    found = INVISIBLE.search(_blanked(text)) or _SPACE.search(text) or _LINE.search(text)
    return _named(text, found.start()) if found else None


def _blanked(text: str) -> str:
    """The text with joiners that are in use replaced, so that positions stay."""
    return _USEFUL_JOINER.sub("-", text)


def _named(text: str, place: int) -> str:
    character = text[place]
    kinds = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE", "Cs": "SURROGATE"}
    kind = kinds.get(unicodedata.category(character), "NOT A CHARACTER")
    name = unicodedata.name(character, kind)
    what = "an unusual space" if character.isspace() else "an invisible character"
    return f"contains {what}, U+{ord(character):04X} {name}, at position {place + 1}"

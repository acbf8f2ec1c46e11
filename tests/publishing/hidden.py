"""Ways to write a name so that a reader sees it and a simple search does not.

Each takes a first and a last name. The people are invented.
"""

from urllib.parse import quote

from anyascii import anyascii

LOOK = str.maketrans("aeopcxyAEOPCXKMTBH", "аеорсхуАЕОРСХКМТВН")


def inside(hidden):
    """A character in the middle of each word."""

    def form(first, last):
        return " ".join(word[:3] + hidden + word[3:] for word in (first, last))

    return form


def after_each_letter(hidden):
    def form(first, last):
        return " ".join(hidden.join(word) for word in (first, last))

    return form


INVISIBLE = {
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "word joiner": "\u2060",
    "soft hyphen": "\xad",
    "byte order mark": "\ufeff",
    "right-to-left override": "\u202e",
    "grapheme joiner": "\u034f",
    "variation selector": "\ufe0f",
    "variation selector of the supplement": "\U000e0101",
    "tag": "\U000e0041",
    "Hangul filler": "\u3164",
    "halfwidth Hangul filler": "\uffa0",
    "Khmer inherent vowel": "\u17b4",
    "Mongolian separator": "\u180e",
    "control character": "\x07",
    "private use": "\ue000",
    "musical control": "\U0001d173",
}

FORMS = {
    **{name: inside(character) for name, character in INVISIBLE.items()},
    "zero-width spaces everywhere": after_each_letter("\u200b"),
    "combining marks": after_each_letter("\u0336"),
    "an enclosing mark": inside("\u20dd"),
    "hashtag": lambda first, last: f"#{first}{last}",
    "hashtag in other order": lambda first, last: f"#{last}{first}",
    "joined in capitals": lambda first, last: f"{first}{last}".upper(),
    "user name with digits": lambda first, last: f"@{first}{last}1990".lower(),
    "underscore": lambda first, last: f"{first}_{last}",
    "hyphen and a new line": lambda first, last: f"{first}-\n{last}",
    "hyphen": lambda first, last: f"{first[:2]}-{first[2:]} {last[:4]}-{last[4:]}",
    "hyphenation at the end of a line": lambda first, last: f"{first} {last[:3]}-\n{last[3:]}",
    "other hyphens": lambda first, last: (
        f"{first[:3]}\u2011{first[3:]} {last[:3]}\u2010 {last[3:]}"
    ),
    "full stops": after_each_letter("."),
    "middle dots": after_each_letter("·"),
    "hair spaces": after_each_letter("\u200a"),
    "letter-spaced": after_each_letter(" "),
    "broken by spaces": lambda first, last: f"{first[:3]} {first[3:]} {last[:4]} {last[4:]}",
    "reversed": lambda first, last: f"{last} {first}",
    "reversed with a comma": lambda first, last: f"{last}, {first}",
    "in capitals": lambda first, last: f"{last.upper()} {first.upper()}",
    "patronymic between": lambda first, last: f"{first} Synthetovich {last}",
    "possessive": lambda first, last: f"{first} {last}'s",
    "look-alike letters": lambda first, last: (
        f"{first[0]}{first[1:].translate(LOOK)} {last[0]}{last[1:].translate(LOOK)}"
    ),
    "fullwidth letters": lambda first, last: f"{fullwidth(first)} {fullwidth(last)}",
    "mathematical letters": lambda first, last: f"{bold(first)} {bold(last)}",
    "HTML entities": lambda first, last: "".join(f"&#{ord(each)};" for each in f"{first} {last}"),
    "an entity for the space": lambda first, last: f"{first}&nbsp;{last}",
    "an entity inside": inside("&#x200b;"),
    "escapes of JavaScript": lambda first, last: "".join(
        f"\\u{ord(each):04x}" for each in f"{first} {last}"
    ),
    "percent-encoded": lambda first, last: quote(f"{first} {last}"),
    "percent-encoded twice": lambda first, last: quote(quote(f"{first} {last}")),
    "percent-encoded for Windows": lambda first, last: quote(
        f"{first} {last}", encoding="cp1251", errors="ignore"
    ),
    "slug in an address": lambda first, last: (
        f"https://synthetic.example/2024/{latin(first)}-{latin(last)}-sentenced.html"
    ),
    "slug run together": lambda first, last: (
        f"https://synthetic.example/{latin(first)}{latin(last)}2024.html"
    ),
    "encoded address": lambda first, last: (
        f"https://synthetic.example/{quote(last)}?q={quote(first)}"
    ),
}


def fullwidth(word):
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in word)


def bold(word):
    """In mathematical letters; other scripts have none."""
    return "".join(
        chr(0x1D400 + ord(each) - ord("A"))
        if "A" <= each <= "Z"
        else chr(0x1D41A + ord(each) - ord("a"))
        if "a" <= each <= "z"
        else each
        for each in word
    )


def latin(word):
    return anyascii(word).lower()

"""Personal names as printed: pure functions over their letters."""

import unicodedata

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

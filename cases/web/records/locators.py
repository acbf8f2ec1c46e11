"""The place in a source, in the reader's language.

Locators are stored as paragraph numbers and a few English phrases. What is none of them, such as a
heading that the source prints, stays as it is.
"""

import re

from django.utils.translation import gettext

SEPARATOR = re.compile(r"(, |; | and )")
NUMBER = re.compile(r"¶?[\d:.–-]+")
NUMBERED = re.compile(r"([a-z]+\.?) (\d[\d–-]*)")


def phrases() -> dict[str, str]:
    """Each phrase in the active language."""
    return {
        "opening": gettext("opening"),
        "deck": gettext("deck"),
        "title": gettext("title of the page"),
        "page date": gettext("date of the page"),
        "first sentence": gettext("first sentence"),
        "first item": gettext("first item"),
        "first section": gettext("first section"),
        "second section": gettext("second section"),
        "last section": gettext("last section"),
        "last part": gettext("last part"),
        "last ¶": gettext("last ¶"),
        "legal section": gettext("legal section"),
        "first answer": gettext("first answer"),
        "third answer": gettext("third answer"),
    }


def numbered() -> dict[str, str]:
    """What is counted in a source, with the place of its number."""
    return {
        "item": gettext("item %(number)s"),
        "lines": gettext("lines %(number)s"),
        "p.": gettext("p. %(number)s"),
        "table": gettext("table %(number)s"),
        "chart": gettext("chart %(number)s"),
    }


def in_words(locator: str) -> str:
    """`¶1 and first section, ¶2` → `¶1 и первый раздел, ¶2`."""
    return "".join(known(part) or part for part in SEPARATOR.split(locator))


def known(part: str) -> str | None:
    """A phrase, number or separator in the active language; None = it is neither."""
    if part in (", ", "; ") or NUMBER.fullmatch(part):
        return part
    if part == " and ":
        return gettext(" and ")
    if found := NUMBERED.fullmatch(part):
        form = numbered().get(found[1])
        return form and form % {"number": found[2]}
    return phrases().get(part)

"""The languages of the pages, and which of them a reader wants."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation.trans_real import parse_accept_lang_header

# As their speakers call them.
LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
DEFAULT = "en"
# Where a text is not there in the reader's language: what they most likely read.
FALLBACKS = {"en": ("ru", "kk"), "ru": ("en", "kk"), "kk": ("ru", "en")}


class LanguageConverter:
    """The first part of the address of every page."""

    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def of_path(path: str) -> str | None:
    """The language that a page's address begins with; null = it is no page's."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in LANGUAGES else None


def accepted(header: str) -> str:
    """The best language for an Accept-Language header."""
    for name, _ in parse_accept_lang_header(header):
        if (language := name.split("-")[0]) in LANGUAGES:
            return language
    return DEFAULT


def choose(texts: Mapping[str, Any], language: str) -> tuple[Any, str] | None:
    """A text and its language: the reader's, else what they most likely read; null = no text."""
    for candidate in (language, *FALLBACKS[language]):
        if text := texts.get(candidate):
            return text, candidate
    return None

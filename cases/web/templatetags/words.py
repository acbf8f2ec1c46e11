"""Words of the data in templates: in the reader's language, else marked as being in another."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from cases.web import vocabularies, words
from cases.web.languages import choose
from cases.web.layout import address_of

register = template.Library()

register.filter("number", words.number)
register.filter("day", words.day_of)
register.filter("term", words.term)
register.filter("country", words.country_name)
register.filter("language_name", words.language_name)


@register.filter
def local(texts: Mapping[str, str | None] | None) -> SafeString | str:
    """A text of the data: plain in the reader's language, marked and tagged in any other."""
    found = choose(_by_language(texts), get_language() or "en")
    return in_language(*found) if found else ""


def localized(lists: Mapping[str, list[str] | None] | list[str]) -> list[SafeString | str]:
    """The same for a list of texts in several languages."""
    found = choose(_by_language(lists), get_language() or "en")
    return [in_language(text, found[1]) for text in found[0]] if found else []


def _by_language(texts: Any) -> Mapping[str, Any]:
    """A text of a record by its language. Versions that were published before such texts had
    languages hold it in English alone."""
    return texts if isinstance(texts, Mapping) else {"en": texts}


@register.filter
def plain(texts: Mapping[str, str | None] | None) -> str:
    """The same without markup, for titles and attributes."""
    found = choose(_by_language(texts), get_language() or "en")
    return found[0] if found else ""


def marked(text: str, language: str) -> SafeString:
    """A text in a language that is not the reader's."""
    title = gettext("in %(language)s") % {"language": words.language_name(language)}
    return format_html(
        '<span lang="{}">{}</span> <abbr class="language" title="{}">{}</abbr>',
        *(language, text, title, language),
    )


@register.simple_tag
def in_language(text: str, language: str) -> SafeString | str:
    """A text whose language is known, such as a title or a name as printed."""
    return text if language == get_language() else marked(text, language)


@register.simple_tag
def reason(note: str) -> SafeString | str:
    """Why something was published. A note is kept in the language in which an editor wrote it,
    which its letters tell."""
    if re.search("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]", note):
        return in_language(note, "kk")
    return in_language(note, "ru" if re.search("[А-Яа-яЁё]", note) else "en")


@register.filter
def date(value: str | Mapping[str, Any] | None) -> SafeString | str:
    """An EDTF date, or `{"value", "earliest", "latest"}`."""
    if not value:
        return ""
    edtf = value if isinstance(value, str) else value["value"]
    # HTML knows years, months and days, and nothing uncertain.
    exact = edtf if not set(edtf) & set("/?~X") else ""
    text = words.partial_date(edtf)
    return format_html('<time datetime="{}">{}</time>', exact, text) if exact else text


@register.filter
def word(code: str | None, vocabulary: str) -> str:
    """The label of a code: `{{ verdict.outcome|word:"Outcome" }}`."""
    return vocabularies.label(vocabulary, code) if code else ""


@register.simple_tag
def figure(value: float | None, pointer: str = "") -> SafeString | str:
    """A number of the API. pointer: where it stands there, a JSON pointer into the answer that the
    page names as its alternative, or a path below /api/v1/ and then `#` and the pointer."""
    if value is None:
        return ""
    return format_html(
        '<data value="{}" data-at="{}">{}</data>', value, pointer, words.number(value)
    )


@register.simple_tag
def page(name: str, *named: str) -> str:
    """The address of a page in the reader's language, at the state that is read."""
    return address_of(name, *named)


@register.filter
def at(address: str, pointer: str) -> str:
    """Where a number stands: the address of an answer and a JSON pointer into it."""
    return f"{address}#{pointer}"

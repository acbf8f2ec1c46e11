"""How a value of the API is written on a page, by what kind of value it is.

Each function takes the value and where it stands in the answer, a JSON pointer.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cases.web import vocabularies, words
from cases.web.layout import address_of
from cases.web.templatetags.words import date, figure, in_language, local, localized

Json = dict[str, Any]
SEPARATOR = " · "
Shown = Callable[[Any, str], str]
# A field of an object: its name in the API, what it is called on pages, and how it is written.
Field = tuple[str, str | Promise, Shown]


def text(value: Json, pointer: str) -> str:
    return local(value)


def texts(value: Json, pointer: str) -> str:
    """A list of texts in the reader's language, else in the one that is read most likely."""
    return listed(localized(value))


def printed(value: str, pointer: str) -> str:
    """A word out of a source, in whatever language it was written down."""
    return value


def day(value: Json, pointer: str) -> str:
    return date(value)


def count(value: float, pointer: str) -> str:
    return figure(value, pointer)


def months(value: int, pointer: str) -> str:
    """6 years, with the months of the API as its value."""
    return format_html('<data value="{}" data-at="{}">{}</data>', value, pointer, words.term(value))


def yes_no(value: bool, pointer: str) -> str:
    return gettext("yes") if value else gettext("no")


def country(value: str, pointer: str) -> str:
    return link("region", value, words.country_name(value))


def countries(value: list[str], pointer: str) -> str:
    return listed(country(code, pointer) for code in value)


def printed_list(value: list[str], pointer: str) -> str:
    return listed(value)


def word(vocabulary: str) -> Shown:
    return lambda value, pointer: vocabularies.label(vocabulary, value)


def region(value: Json, pointer: str) -> str:
    return link("region", value["code"], local(value["name"]))


def court(value: Json, pointer: str) -> str:
    return link("court", value["id"], local(value["name"]))


def formation(value: Json, pointer: str) -> str:
    return link("formation", value["id"], local(value["name"]))


def publisher(value: Json, pointer: str) -> str:
    return link("publisher", value["id"], local(value["name"]))


def source(value: str, pointer: str) -> str:
    return link("source", value, value)


def language(value: str, pointer: str) -> str:
    return words.language_name(value)


def moment(value: str, pointer: str) -> str:
    return words.day_of(value)


def address(value: str, pointer: str) -> str:
    """A link out, if it is one that a browser may follow."""
    if not value.startswith(("https://", "http://")):
        return value
    return format_html('<a rel="external noopener" href="{}">{}</a>', value, value)


def formations(value: list[Json], pointer: str) -> str:
    return listed(formation(one, pointer) for one in value)


def penalty(value: Json, pointer: str) -> str:
    """Imprisonment from and to; life and death where the law knows them."""
    least, most = value["min_months"], value["max_months"]
    parts: list[str] = []
    if least is not None and most is not None:
        ends = (months(least, f"{pointer}/min_months"), months(most, f"{pointer}/max_months"))
        parts.append(format_html("{} – {}", *ends))
    elif most is not None:
        parts.append(format_html(gettext("up to {}"), months(most, f"{pointer}/max_months")))
    elif least is not None:
        parts.append(format_html(gettext("from {}"), months(least, f"{pointer}/min_months")))
    parts += [gettext("life imprisonment")] if value["life"] else []
    parts += [gettext("death")] if value["death"] else []
    parts += [local(value["other"])] if value["other"] else []
    return listed(parts)


def articles(value: list[Json], pointer: str) -> str:
    return listed(
        format_html("{} {}", link("article", one["code"], one["code"]), local(one["name"]))
        for one in value
    )


def names(value: list[Json], pointer: str) -> str:
    return listed(in_language(one["text"], one["language"]) for one in value)


def payments(value: list[Json], pointer: str) -> str:
    return listed(_payment(one, f"{pointer}/{index}") for index, one in enumerate(value))


def _payment(value: Json, pointer: str) -> SafeString:
    amount = figure(value["amount"], f"{pointer}/amount")
    if value["amount_max"] is not None:
        most = figure(value["amount_max"], f"{pointer}/amount_max")
        amount = format_html("{} – {}", amount, most)
    said = [
        vocabularies.label("PaymentKind", value["kind"]),
        format_html("{} {}", amount, value["currency"] or ""),
        vocabularies.label("PaymentPer", value["per"]) if value["per"] else "",
        local(value["remark"]),
    ]
    return format_html_join(" ", "{}", ((part,) for part in said if part))


def link(page: str, public_id: str, name: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address_of(page, public_id), name)


def listed(values: Iterable[str]) -> SafeString:
    """Several in one line, so that the numbers of their sources follow the last."""
    return format_html_join(SEPARATOR, '<span class="one">{}</span>', ((one,) for one in values))

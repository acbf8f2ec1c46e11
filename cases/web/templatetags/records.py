"""Pieces of the pages of records: the numbers of sources, what to call a case, and figures."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cases.vocabulary import Qualifier
from cases.web import vocabularies
from cases.web.records.people import called_here
from cases.web.templatetags.words import figure, plain

register = template.Library()


@register.simple_tag
def notes(found: Iterable[Any]) -> SafeString:
    """The numbers of sources behind a value, each a link to the source at the end of the page."""
    links = format_html_join(
        "",
        '<a href="#source-{}" title="{}"><span class="sr">{} </span>{}</a>',
        ((one.number, one.said, gettext("Source"), one.number) for one in found),
    )
    return format_html('<sup class="notes">{}</sup>', links) if links else links


@register.filter
def anchor(pointer: str) -> str:
    """An id for the place of a value: `/defendants/0/age` → `defendants-0-age`."""
    return pointer.strip("/").replace("/", "-")


@register.filter
def who(found: Iterable[Any]) -> str:
    """The publishers behind a value, each once."""
    return ", ".join(dict.fromkeys(one.publisher for one in found))


@register.filter
def publishers(sources: Iterable[Mapping[str, Any]]) -> str:
    """Who published the sources that are cited, each once."""
    cited = (plain(source["publisher"]["name"]) for source in sources if source["cited"])
    return ", ".join(dict.fromkeys(cited))


@register.filter
def heading(case: Mapping[str, Any]) -> SafeString:
    """What to call a case: its people, by the names that were published."""
    return format_html_join(", ", "{}", ((called_here(person),) for person in case["defendants"]))


@register.simple_tag
def amount(statistic: Mapping[str, Any]) -> SafeString | str:
    """The value of a published figure with its precision: about 700; 15,000 – 20,000."""
    at = f"{statistic['url']}#"
    ends = [
        figure(statistic[name], f"{at}/{name}")
        for name in ("value", "value_min", "value_max")
        if statistic[name] is not None
    ]
    if not ends:
        return gettext("no number given")
    value = format_html_join(" – ", "{}", ((end,) for end in ends))
    if statistic["qualifier"] in (None, Qualifier.EXACT):
        return value
    return format_html("{} {}", vocabularies.label("Qualifier", statistic["qualifier"]), value)


@register.simple_tag
def spelled(statistic: Mapping[str, Any]) -> str:
    """The same without markup, for titles."""
    return strip_tags(amount(statistic))

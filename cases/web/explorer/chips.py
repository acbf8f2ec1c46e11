"""The chosen filters, each with the query without it."""

from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cases.api.request.filter_types import CodeFilter, MonthsFilter, PartialDateFilter
from cases.web.explorer import labels
from cases.web.explorer.labels import Names
from cases.web.explorer.selection import Selection
from cases.web.words import partial_date


class Chip(NamedTuple):
    """name: of the filter; said: what it asks for, in words; without: the query without it."""

    name: str
    said: SafeString | str
    without: str


def chips(selection: Selection, names: Names) -> list[Chip]:
    owners = selection.filters.owners()
    return [
        Chip(
            labels.name_of(owners.get(name, name)),
            _said(selection, names, name, value),
            selection.without_value(name, value),
        )
        for name, value in selection.filtering()
    ]


def _said(selection: Selection, names: Names, name: str, value: str) -> SafeString | str:
    owner = selection.filters.owners().get(name, name)
    suffix = name.removeprefix(owner)
    filter_ = selection.filters.base_filters.get(owner)
    if suffix == "__isnull":
        return gettext("known") if value == "false" else gettext("unknown")
    if name == "date_mode":
        return gettext(labels.DATE_MODES.get(value, value))
    shown = names.of(filter_.choices, value) if isinstance(filter_, CodeFilter) else value
    if suffix == "__not":
        return format_html(gettext("not {}"), shown)
    if isinstance(filter_, PartialDateFilter):
        shown = _day(value)
    if suffix in ("_after", "_min"):
        return format_html(gettext("from {}"), shown)
    if suffix in ("_before", "_max"):
        return format_html(gettext("up to {}"), shown)
    if (
        value in ("true", "false")
        and not isinstance(filter_, CodeFilter | MonthsFilter)
        and name != "q"
    ):
        return gettext("yes") if value == "true" else gettext("no")
    return shown


def _day(value: str) -> str:
    try:
        return partial_date(value)
    except ValueError:
        return value  # which the API will refuse

"""The charts beside a list: pictures by URL that take the same filters, each with its data."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from cases.publishing.serializers.fields import API
from cases.web.explorer.selection import Selection, joined

# Pixels; as wide as they stand on the page, so that their texts can be read there.
WIDTH = "480"


class Chart(NamedTuple):
    """counts: the list whose filters it takes; by: the facets that hold its numbers."""

    name: str
    title: str
    counts: str
    by: tuple[str, ...] = ()


CHARTS = {
    "cases": [
        Chart("cases-by-month", _("Cases by month of a ruling"), "cases", ("decided_month",)),
        Chart("regions", _("Cases by region"), "cases", ("region",)),
        Chart("formations", _("Cases by armed formation"), "cases", ("formation",)),
        Chart("sentences", _("Prison terms"), "verdicts", ("sentence_months",)),
        Chart("outcomes", _("Outcome and procedure"), "cases", ("outcome,procedure",)),
    ],
    "verdicts": [Chart("sentences", _("Prison terms"), "verdicts", ("sentence_months",))],
    "statistics": [Chart("cases-by-year", _("Published figures by year"), "statistics")],
}


class Shown(NamedTuple):
    """One picture, in the colours of day and night. data: address of its numbers."""

    title: str
    light: str
    dark: str
    data: str


def charts(selection: Selection, language: str, publication: int) -> list[Shown]:
    """The charts of a list, all at the state that the page shows."""
    found = []
    for chart in CHARTS.get(selection.kind, []):
        address = reverse(f"charts:{chart.name}.svg")
        # Ids are of one kind of record, so they mean nothing to the chart of another.
        if chart.counts != selection.kind and "ids" in selection.names():
            continue
        query = [*selection.filtering(), ("as_of", str(publication))]
        picture = [*query, ("lang", language), ("width", WIDTH)]
        facets = [*query, *(("by", by) for by in chart.by)]
        data = f"{API}/{chart.counts}/facets/" if chart.by else f"{API}/{chart.counts}/"
        found.append(
            Shown(
                gettext(chart.title),
                joined(address, urlencode(picture)),
                joined(address, urlencode([*picture, ("theme", "dark")])),
                joined(data, urlencode(facets)),
            )
        )
    return found

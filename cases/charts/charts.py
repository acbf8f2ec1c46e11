"""Every chart by its name, with the filters that it takes: those of the list that it counts."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.api.filters import CaseFilter, StatisticFilter, VerdictFilter
from cases.api.request.filter_types import RecordFilterSet
from cases.charts.asking import Asker, Query
from cases.charts.drawings import formations, months, outcomes, regions, sentences, years
from cases.charts.layout import Drawing
from cases.charts.look import Look


@dataclass(frozen=True)
class Chart:
    """counts: the list of the API whose filters it takes."""

    name: str
    about: str
    counts: str
    filters: type[RecordFilterSet]
    draw: Callable[[Asker, Query, Look], Drawing]


CHARTS = {
    chart.name: chart
    for chart in (
        Chart(
            "cases-by-year",
            "Published figures of a measure by year, rival ones side by side and marked; without "
            "`measure` cases opened and cases registered.",
            "statistics",
            StatisticFilter,
            years.draw,
        ),
        Chart(
            "cases-by-month",
            "Cases by month of a ruling.",
            "cases",
            CaseFilter,
            months.draw_decided,
        ),
        Chart(
            "cases-by-month-opened",
            "Cases by month in which they were opened.",
            "cases",
            CaseFilter,
            months.draw_opened,
        ),
        Chart(
            "outcomes",
            "Cases by outcome of their rulings and by procedure.",
            "cases",
            CaseFilter,
            outcomes.draw,
        ),
        Chart(
            "sentences",
            "Prison terms in force as a distribution; with `article`, its range in the law.",
            "verdicts",
            VerdictFilter,
            sentences.draw,
        ),
        Chart(
            "formations",
            "Cases by armed formation, as a tree.",
            "cases",
            CaseFilter,
            formations.draw,
        ),
        Chart(
            "regions",
            "Cases by region of the court, on a map and by name.",
            "cases",
            CaseFilter,
            regions.draw,
        ),
    )
}

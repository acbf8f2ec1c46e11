"""Cases by the month of a ruling, or of being opened."""

from datetime import UTC, date, datetime

from django.utils.translation import gettext

from cases.charts.asking import Asker, Query
from cases.charts.drawings.plot import not_shown, of_cases, plot
from cases.charts.layout import Drawing
from cases.charts.look import Look

# Months up to which each has a label of its own.
LABELLED = 14


def draw_decided(ask: Asker, query: Query, look: Look) -> Drawing:
    return _draw(ask, query, look, "decided_month", gettext("Cases by month of a ruling"))


def draw_opened(ask: Asker, query: Query, look: Look) -> Drawing:
    return _draw(ask, query, look, "opened_month", gettext("Cases by month of opening"))


def _draw(ask: Asker, query: Query, look: Look, by: str, title: str) -> Drawing:
    facet = ask("cases/facets/", {**query, "by": by, "drill": "down"})["facets"][by]
    rows = [
        {"month": f"{row['value']}-01", "count": row["count"]}
        for row in sorted(facet["values"], key=lambda row: row["value"])
    ]
    if not rows:
        return Drawing(title, None, notes=not_shown(facet["unknown"]))
    first, last = (date.fromisoformat(rows[end]["month"]) for end in (0, -1))
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    # A year at least, so that a single month is no wall.
    end = first.year * 12 + first.month - 1 + max(months, 12)
    domain = [_milliseconds(first), _milliseconds(date(end // 12, end % 12 + 1, 1))]
    most = max(row["count"] for row in rows)
    counts = {"tickCount": min(most, 6), "format": "d", "domain": False, "ticks": False}
    axis = {"format": "%Y-%m", "tickCount": {"interval": "month", "step": 1}}
    if months > LABELLED:
        axis = {"format": "%Y", "tickCount": {"interval": "year", "step": 1}}
    spec = plot(
        look,
        rows,
        height=280,
        mark={"type": "bar", "color": look.series[0]},
        encoding={
            "x": {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "title": None,
                  "scale": {"type": "utc", "domain": domain, "nice": False},
                  "axis": {"grid": False, "labelOverlap": True, **axis}},
            "y": {"field": "count", "type": "quantitative", "title": gettext("cases"),
                  "axis": counts},
        },
    )  # fmt: skip
    numbers = [f"{row['month'][:7]}: {row['count']}" for row in rows]
    several = gettext("A case with rulings in several months counts in each of them.")
    notes = [of_cases(), *([several] if by == "decided_month" else [])]
    return Drawing(title, spec, numbers, [*notes, *not_shown(facet["unknown"])])


def _milliseconds(day: date) -> int:
    """Since 1970, UTC, as Vega counts time."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000

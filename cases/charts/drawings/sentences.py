"""Prison terms as a distribution, with the range of the law where an article is asked for."""

from typing import Any

from django.utils.translation import gettext, ngettext

from cases.charts.asking import Asker, Json, Query
from cases.charts.drawings.plot import Rows, plot
from cases.charts.layout import Drawing, Spec
from cases.charts.look import Look
from cases.charts.words import article

BY = "sentence_months"
# Articles whose ranges are marked.
MOST_RANGES = 3


def draw(ask: Asker, query: Query, look: Look) -> Drawing:
    title = gettext("Prison terms in months")
    answer = ask("verdicts/facets/", {**query, "by": BY, "drill": "down"})
    facet = answer["facets"][BY]
    rows: Rows = sorted(
        ({"months": int(row["value"]), "count": row["count"]} for row in facet["values"]),
        key=lambda row: row["months"],
    )
    without = _without(facet["unknown"])
    if not rows:
        return Drawing(title, None, notes=without)
    ranges = [found for code in _articles(query) if (found := _range(ask, code))]
    n, median = sum(row["count"] for row in rows), _median(rows)
    middle = gettext("%(n)s terms; the dashed line is their median, %(median)s months.") % {
        "n": n,
        "median": f"{median:g}",
    }
    notes = [middle, *without]
    notes += [
        gettext("Range of %(article)s in the law: %(range)s.")
        % {"article": found["article"], "range": _months(found)}
        for found in ranges
    ]
    notes.append(
        gettext("Only imprisonment that no later ruling is known to have quashed or changed.")
    )
    numbers = [f"{row['months']}: {row['count']}" for row in rows]
    return Drawing(title, _spec(rows, ranges, median, look), numbers, notes)


def _articles(query: Query) -> list[str]:
    given = query.get("article", ())
    values = [given] if isinstance(given, str) else given
    codes = [code.strip() for value in values for code in value.split(",")]
    return list(dict.fromkeys(codes))[:MOST_RANGES]


def _range(ask: Asker, code: str) -> dict[str, Any] | None:
    """What the article threatens; null = the reference data does not say."""
    penalty: Json = ask(f"articles/{code}/", {})["penalty"] or {}
    low, high = penalty.get("min_months"), penalty.get("max_months")
    if low is None and high is None:
        return None
    return {"article": article(code), "low": low, "high": high}


def _months(found: dict[str, Any]) -> str:
    if found["low"] is None:
        return gettext("up to %s months") % found["high"]
    if found["high"] is None:
        return gettext("from %s months") % found["low"]
    return gettext("%(low)s to %(high)s months") % found


def _median(rows: Rows) -> float:
    """As PostgreSQL has it: between the two in the middle, if there are two."""
    terms = [row["months"] for row in rows for _ in range(row["count"])]
    half = len(terms) // 2
    return terms[half] if len(terms) % 2 else (terms[half - 1] + terms[half]) / 2


def _without(unknown: int) -> list[str]:
    if not unknown:
        return []
    said = ngettext(
        "%(count)s ruling is not shown: no prison term is known of it.",
        "%(count)s rulings are not shown: no prison term is known of them.",
        unknown,
    )
    return [said % {"count": unknown}]


def _spec(rows: Rows, ranges: list[dict[str, Any]], median: float, look: Look) -> Spec:
    ends = [end for found in ranges for end in (found["low"], found["high"]) if end is not None]
    most = max([row["months"] for row in rows] + ends)
    end = (most // 12 + 1) * 12
    scale = {"domain": [0, end], "nice": False}
    x = {"type": "quantitative", "scale": scale}
    step = 12 if most <= 180 else 24 if most <= 360 else 60
    axis = {"values": list(range(0, most + 13, step)), "format": "d", "grid": False}
    highest = max(row["count"] for row in rows)
    layers: list[dict[str, Any]] = []
    for place, found in enumerate(ranges):
        color = look.series[1 + place]
        band = [{"low": found["low"] or 0, "high": found["high"] or end,
                 "text": found["article"]}]  # fmt: skip
        layers += [
            {
                "data": {"values": band},
                "mark": {"type": "rect", "color": color, "opacity": 0.16},
                "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}},
            },
            {
                "data": {"values": band},
                "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 5,
                         "dy": 4 + 16 * place, "color": look.text, "fontSize": 12},
                "encoding": {"x": x | {"field": "low"}, "y": {"value": 0},
                             "text": {"field": "text"}},
            },
        ]  # fmt: skip
    layers += [
        {
            "mark": {"type": "bar", "width": max(4, round(look.inner / end * 1.6)),
                     "color": look.series[0]},
            "encoding": {
                "x": x | {"field": "months", "title": gettext("months"), "axis": axis},
                "y": {"field": "count", "type": "quantitative", "title": gettext("rulings"),
                      "scale": {"domain": [0, highest * 1.25]},
                      "axis": {"tickMinStep": 1, "format": "d", "domain": False, "ticks": False}},
            },
        },
        {
            "data": {"values": [{"median": median}]},
            "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": look.text},
            "encoding": {"x": x | {"field": "median"}},
        },
    ]  # fmt: skip
    return plot(look, rows, height=280, layer=layers)

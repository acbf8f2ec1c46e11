"""Cases by the outcome of their rulings, and the procedure."""

from django.utils.translation import gettext

from cases.charts.asking import Asker, Query
from cases.charts.drawings.plot import of_cases, plot, shortened
from cases.charts.layout import Drawing
from cases.charts.look import Look
from cases.charts.words import named
from cases.vocabulary import Outcome, Procedure

BY = "outcome,procedure"


def draw(ask: Asker, query: Query, look: Look) -> Drawing:
    title = gettext("Cases by outcome and procedure")
    facet = ask("cases/facets/", {**query, "by": BY, "drill": "down"})["facets"][BY]
    no_ruling = gettext("no ruling known")
    unknown = gettext("procedure not known")
    rows = []
    for found in facet["values"]:
        (outcome, procedure), labels = found["value"], found["label"]
        rows.append(
            {
                "outcome": named(labels[0], outcome, Outcome.__name__) if outcome else no_ruling,
                "procedure": (
                    named(labels[1], procedure, Procedure.__name__) if procedure else unknown
                ),
                "codes": [outcome, procedure],
                "count": found["count"],
            }
        )
    if not rows:
        return Drawing(title, None)
    procedures = list(dict.fromkeys(row["procedure"] for row in rows))
    known = [name for name in procedures if name != unknown]
    colors = [*look.series[: len(known)]] + ([look.muted] if unknown in procedures else [])
    order = known + ([unknown] if unknown in procedures else [])
    for row in rows:
        row["rank"] = order.index(row["procedure"])
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["outcome"]] = totals.get(row["outcome"], 0) + row["count"]
    outcomes = sorted(totals, key=lambda name: (name == no_ruling, -totals[name], name))
    limit = look.inner * 4 // 10
    for row in rows:
        row["outcome"] = shortened(row["outcome"], limit, 12)
    domain = [shortened(name, limit, 12) for name in outcomes]
    # Room for the numbers behind the bars.
    scale = {"domain": [0, max(totals.values()) * (1 + 60 / look.inner)], "nice": False}
    bars = {
        "mark": {"type": "bar"},
        "encoding": {
            "color": {"field": "procedure", "type": "nominal",
                      "scale": {"domain": order, "range": colors},
                      "legend": {"title": None, "orient": "top", "symbolType": "square",
                                 "columns": 1 if look.inner < 600 else 3, "offset": 12}},
            "order": {"field": "rank"},
        },
    }  # fmt: skip
    # What each bar is in all; its parts stand in the description.
    texts = {
        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 13, "fontWeight": "bold",
                 "color": look.text},
        "encoding": {
            "x": {"aggregate": "sum", "field": "count", "type": "quantitative", "scale": scale},
            "text": {"aggregate": "sum", "field": "count"},
        },
    }  # fmt: skip
    axis = {"tickMinStep": 1, "tickCount": 6, "format": "d", "domain": False, "ticks": False}
    spec = plot(
        look,
        rows,
        height=32 * len(domain) + 10,
        encoding={
            "y": {"field": "outcome", "type": "nominal", "sort": domain, "title": None,
                  "scale": {"paddingInner": 0.35},
                  "axis": {"labelLimit": limit + 20, "ticks": False, "domain": False}},
            "x": {"field": "count", "type": "quantitative", "title": gettext("cases"),
                  "stack": "zero", "axis": axis},
        },
        layer=[bars, texts],
    )  # fmt: skip
    numbers = [f"{row['outcome']}, {row['procedure']}: {row['count']}" for row in rows]
    several = gettext("A case with several rulings counts at each of their outcomes.")
    return Drawing(title, spec, numbers, [of_cases(), several])

"""Published figures by year, rival ones side by side."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext, pgettext

from cases.charts.asking import Asker, Json, Query
from cases.charts.drawings.plot import Rows, plot
from cases.charts.layout import Drawing, Spec
from cases.charts.look import Look
from cases.charts.words import article, country, named, number
from cases.vocabulary import Measure

# Two words for one thing, by those who count it.
REGISTERED = [Measure.CASES_OPENED, Measure.CASES_REGISTERED]

# Figures beyond which nobody can tell one from another.
MOST_FIGURES = 60
MOST_NAMED = 4


def draw(ask: Asker, query: Query, look: Look) -> Drawing:
    asked = query if "measure" in query else {**query, "measure": REGISTERED}
    # In the order of their years, so that what does not fit is the oldest.
    page = ask("statistics/", {**asked, "page_size": "200"})
    figures = [*page["results"]]
    known = {figure["id"] for figure in figures}
    rivals = {rival["id"] for figure in figures for rival in figure["contradicts"]} - known
    if rivals:
        ids = ",".join(sorted(rivals)[:200])
        figures += ask("statistics/", {"ids": ids, "page_size": "200"})["results"]
    rows = [row for figure in figures if (row := _row(figure))]
    rows = sorted(rows, key=lambda row: (row["year"], row["id"]))[-MOST_FIGURES:]
    drawn = {row["id"] for row in rows}
    others = [figure for figure in figures if figure["id"] not in drawn]
    return Drawing(
        title=_title(
            # What the drawn figures count, and not what was asked for by default.
            sorted({figure["measure"] for figure in page["results"]})
            if asked is not query
            else _given(query)
        ),
        spec=_spec(rows, look) if rows else None,
        numbers=[_said(row) for row in rows],
        notes=[
            *_disputes(rows, {one["id"]: one["contradicts"] for one in figures}),
            *_notes(rows, others, page["count"] - len(page["results"])),
        ],
    )


def _given(query: Query) -> list[str]:
    values = query["measure"]
    given = [values] if isinstance(values, str) else values
    return [one.strip() for value in given for one in value.split(",")]


def _title(measures: list[str]) -> str:
    if not measures or set(measures) == set(REGISTERED):
        return gettext("Criminal cases opened or registered, by year")
    labels = [pgettext("Measure", str(Measure(one).label)) for one in dict.fromkeys(measures)]
    what = "; ".join(labels[:3]) + ("…" if len(labels) > 3 else "")
    return gettext("%(what)s, by year") % {"what": what[:1].upper() + what[1:]}


def _row(figure: Json) -> dict[str, Any] | None:
    """A figure as a column; null if it belongs to no single year or has no number."""
    period = figure["period"] or {}
    first, last = period.get("earliest"), period.get("latest")
    top = figure["value"] if figure["value"] is not None else figure["value_max"]
    if not first or not last or first[:4] != last[:4] or top is None:
        return None
    whole = first.endswith("-01-01") and last.endswith("-12-31")
    return {
        "id": figure["id"],
        "year": first[:4],
        "value": top,
        "text": number(figure) + ("" if whole else "*"),
        "series": _series(figure),
        "disputed": bool(figure["contradicts"]),
        "period": period["value"],
        "whole": whole,
        "remark": named(figure["remarks"], ""),
    }


def _series(figure: Json) -> str:
    """What is counted and by whom: figures that differ in this are no one series."""
    codes = ", ".join(article(one["code"]) for one in figure["articles"])
    home = figure["country"] and country(figure["country"])
    parts = [codes or home, named(figure["counted_by"], "")]
    if formation := figure["formation"]:
        parts.insert(1, named(formation["name"], formation["id"]))
    return " · ".join(part for part in parts if part)


def _spec(rows: Rows, look: Look) -> Spec:
    years = Counter(row["year"] for row in rows)
    most = max(years.values())
    placed: Counter[str] = Counter()
    step = (look.inner - 60) / len(years)
    # Labels of neighbours that are as high run into each other where there is little room.
    narrow, near = step / most < 40, max(row["value"] for row in rows) * 0.06
    before: dict[str, Any] = {}
    for row in rows:
        # In the middle above their year, however many they are.
        row["offset"] = placed[row["year"]] - (years[row["year"]] - 1) / 2
        placed[row["year"]] += 1
        close = before.get("year") == row["year"] and abs(before["value"] - row["value"]) < near
        row["raised"] = narrow and close and not before["raised"]
        before = row
    series = list(dict.fromkeys(row["series"] for row in rows))
    color = {"field": "series", "type": "nominal", "scale": {"domain": series}}
    legend = {"legend": {"title": None, "orient": "top", "direction": "vertical", "columns": 1,
                        "symbolType": "square", "offset": 14}}  # fmt: skip
    disputed = {"test": "datum.disputed"}
    bars = {
        "mark": {"type": "bar", "strokeWidth": 1.5,
                 "width": max(3, min(70, round(step * 0.8 / most * 0.88)))},
        "encoding": {
            "color": color | legend,
            "stroke": color | {"legend": None},
            "fillOpacity": {"condition": disputed | {"value": 0.25}, "value": 1},
            "strokeDash": {"condition": disputed | {"value": [4, 3]}, "value": [1, 0]},
        },
    }  # fmt: skip
    texts = [
        {
            "transform": [{"filter": f"{'' if raised else '!'}datum.raised"}],
            "mark": {"type": "text", "dy": -21 if raised else -8, "color": look.text,
                     "fontSize": 11 if narrow else 13},
            "encoding": {"text": {"field": "text"}},
        }
        for raised in (False, True)
    ]  # fmt: skip
    return plot(
        look,
        rows,
        height=340,
        encoding={
            "x": {"field": "year", "type": "ordinal", "title": None,
                  "axis": {"labelAngle": 0, "ticks": False, "labelPadding": 8},
                  "scale": {"paddingInner": 0.2}},
            "xOffset": {"field": "offset", "type": "quantitative",
                        "scale": {"domain": [-most / 2, most / 2], "nice": False}},
            "y": {"field": "value", "type": "quantitative", "title": None,
                  "axis": {"tickCount": 5, "domain": False, "ticks": False}},
        },
        layer=[bars, *texts],
    )  # fmt: skip


def _said(row: dict[str, Any]) -> str:
    return f"{row['period']}: {row['text'].rstrip('*')} ({row['series']})"


def _disputes(rows: Rows, contradicted: dict[str, list[Json]]) -> list[str]:
    """Which of the figures of a year contradict each other, and which one of another period."""
    notes = []
    if any(row["disputed"] for row in rows):
        notes.append(
            gettext(
                "Dashed: disputed, another published figure says something else. "
                "≈ about, ≥ at least, ≤ at most."
            )
        )
    left = []
    for year in dict.fromkeys(row["year"] for row in rows if row["disputed"]):
        drawn = [row for row in rows if row["disputed"] and row["year"] == year]
        ids = {row["id"] for row in drawn}
        rivals = [row for row in drawn if ids & {other["id"] for other in contradicted[row["id"]]}]
        left += [row for row in drawn if row not in rivals]
        if rivals:
            said = "; ".join(f"{row['text']} ({row['series']})" for row in rivals)
            notes.append(
                gettext("Disputed for %(year)s: %(figures)s.") % {"year": year, "figures": said}
            )
    if left:
        said = "; ".join(f"{row['text']} ({row['year']}, {row['series']})" for row in left)
        notes.append(gettext("Disputed by a figure for another period: %s.") % said)
    return notes


def _notes(rows: Rows, others: list[Json], unread: int) -> list[str]:
    notes = []
    parts = [f"{row['text']} {row['period']}" for row in rows if not row["whole"]]
    if parts:
        notes.append(gettext("* Only a part of the year: %s.") % "; ".join(parts))
    # Without them a reader takes all bars for the same.
    remarks = dict.fromkeys(row["remark"] for row in rows if row["remark"])
    for remark in list(remarks)[-MOST_NAMED:]:
        about = ", ".join(row["text"].rstrip("*") for row in rows if row["remark"] == remark)
        notes.append(f"{about}: {remark}")
    numbers = [figure for figure in others if figure["value"] is not None]
    if numbers:
        said = "; ".join(
            f"{number(one)} ({one['period']['value'] if one['period'] else '…'}, {_series(one)})"
            for one in numbers[:MOST_NAMED]
        )
        notes.append(gettext("Not drawn, as they are not of one year: %s.") % said)
    left = unread + len(others) - min(len(numbers), MOST_NAMED)
    if left:
        notes.append(gettext("Further figures that are not drawn: %s.") % left)
    return notes

"""What the charts have in common."""

from typing import Any

from django.utils.translation import gettext, ngettext

from cases.charts.layout import Spec, extent
from cases.charts.look import Look

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

Rows = list[dict[str, Any]]


def plot(look: Look, rows: Rows, height: int, **parts: Any) -> Spec:
    """A drawing over the whole width."""
    return {
        "$schema": SCHEMA,
        "width": look.inner,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 0,
        "config": look.config,
        "data": {"values": rows},
        **parts,
    }


def ranked(look: Look, rows: Rows, width: int, text_width: int) -> Spec:
    """Bars below each other with `label` and `count`, indented by `depth`; no axes, so it is
    exactly as wide as asked."""
    size, step, indent = 13, 24, 18
    room = width - text_width - 52
    most = max(row["count"] for row in rows)
    for place, row in enumerate(rows):
        row |= {
            "place": place,
            "left": row.get("depth", 0) * indent,
            "begin": text_width,
            "end": text_width + max(2, round(room * row["count"] / most)),
            "text": shortened(row["label"], text_width - row.get("depth", 0) * indent - 10, size),
        }
    y = {"field": "place", "type": "ordinal", "axis": None}
    end = {"field": "end", "type": "quantitative", "scale": None, "axis": None}
    begin = {"field": "begin", "type": "quantitative", "scale": None, "axis": None}
    left = {"field": "left", "type": "quantitative", "scale": None, "axis": None}
    layers = [
        {
            "mark": {"type": "text", "align": "left", "fontSize": size, "color": look.text},
            "encoding": {"x": left, "text": {"field": "text"}},
        },
        {
            "mark": {"type": "bar", "height": 14, "color": look.series[0]},
            "encoding": {"x": begin, "x2": {"field": "end"}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": size,
                     "fontWeight": "bold", "color": look.text},
            "encoding": {"x": end, "text": {"field": "count"}},
        },
    ]  # fmt: skip
    return {
        "width": width,
        "height": step * len(rows),
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": layers,
    }


def shortened(text: str, width: int, size: int) -> str:
    if extent(text, size) <= width:
        return text
    while text and extent(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def text_width(look: Look, rows: Rows) -> int:
    """Room for the longest label, within limits."""
    longest = max(extent(row["label"], 13) + 18 * row.get("depth", 0) for row in rows)
    return min(int(longest) + 12, look.inner * 6 // 10)


def not_shown(count: int) -> list[str]:
    """A note on cases that have no place in the drawing."""
    if not count:
        return []
    said = ngettext(
        "%(count)s case is not shown, as this is not known of it.",
        "%(count)s cases are not shown, as this is not known of them.",
        count,
    )
    return [said % {"count": count}]


def of_cases() -> str:
    """What counts of cases are counts of."""
    return gettext("Counts the cases in this dataset, which are not all that there are.")

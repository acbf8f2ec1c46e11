"""Cases by region: circles on a map of countries, and the regions by name below it.

No free geometry of the regions of today is at hand (Kazakhstan made three new ones in 2022), so
the map has the outlines of the countries, and a circle at the centre of each region.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext, ngettext

from cases.charts.asking import Asker, Query
from cases.charts.drawings.plot import SCHEMA, Rows, not_shown, of_cases, ranked, text_width
from cases.charts.layout import Drawing, Spec
from cases.charts.look import Look
from cases.charts.words import named

MOST_ROWS = 40

# Natural Earth, 1:50 million, in the public domain; two decimals of a degree, about a kilometre.
OUTLINES = Path(__file__).parents[1] / "outlines.json"


def draw(ask: Asker, query: Query, look: Look) -> Drawing:
    title = gettext("Cases by region of the court")
    facet = ask("cases/facets/", {**query, "by": "region", "drill": "down"})["facets"]["region"]
    if not facet["values"]:
        return Drawing(title, None, notes=not_shown(facet["unknown"]))
    centres = {one["code"]: one["centroid"] for one in ask("regions/", {})["results"]}
    rows: Rows = [
        {"code": row["value"], "label": named(row["label"], row["value"]), "count": row["count"]}
        for row in facet["values"]
    ]
    placed = [row | centres[row["code"]] for row in rows if centres.get(row["code"])]
    notes = [of_cases(), *not_shown(facet["unknown"])]
    if missing := len(rows) - len(placed):
        said = ngettext(
            "%(count)s region has no known centre and is in the list only.",
            "%(count)s regions have no known centre and are in the list only.",
            missing,
        )
        notes.append(said % {"count": missing})
    if len(rows) > MOST_ROWS:
        notes.append(gettext("Regions that are not in the list: %s.") % (len(rows) - MOST_ROWS))
    notes.append(gettext("A circle stands at the centre of its region. Outlines: Natural Earth."))
    rows = rows[:MOST_ROWS]
    views = [ranked(look, rows, look.inner, text_width(look, rows))]
    if placed:
        views.insert(0, _map(placed, look))
    spec = {
        "$schema": SCHEMA,
        "config": look.config,
        "padding": 0,
        "spacing": 20,
        "vconcat": views,
    }
    return Drawing(title, spec, [f"{row['label']}: {row['count']}" for row in rows], notes)


def _map(placed: Rows, look: Look) -> Spec:
    countries = {row["code"].partition("-")[0] for row in placed}
    outlines = [shape for shape in _outlines() if shape["id"] in countries]
    around = [shape for shape in _outlines() if shape["id"] not in countries]
    # The map shows what is asked about, and of its neighbours what comes into view.
    fit = outlines or around
    most = max(row["count"] for row in placed)
    room = look.inner / 34
    height = round(look.inner * _proportion(fit))
    projection = {"type": "mercator", "fit": {"type": "FeatureCollection", "features": fit},
                  "size": [look.inner, height]}  # fmt: skip
    place = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
    land = {"type": "geoshape", "fill": look.grid, "stroke": look.muted, "strokeWidth": 0.8}
    # Areas are in proportion to the counts.
    size = {"field": "count", "type": "quantitative", "legend": None,
            "scale": {"domain": [0, most], "range": [0, 3.14 * max(room, 14) ** 2]}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"data": {"values": fit}, "mark": land},
        {
            "data": {"values": placed},
            "mark": {"type": "circle", "color": look.series[0], "opacity": 0.75,
                     "stroke": look.background, "strokeWidth": 1.5},
            "encoding": {**place, "size": size, "order": {"field": "count", "sort": "descending"}},
        },
        {
            "data": {"values": placed},
            "mark": {"type": "text", "fontSize": 12, "fontWeight": "bold",
                     "color": look.background},
            "encoding": {**place, "text": {"field": "count"}},
        },
    ]  # fmt: skip
    return {"width": look.inner, "height": height, "projection": projection, "layer": layers}


def _proportion(shapes: list[dict[str, Any]]) -> float:
    """Height of the shapes by their width on a map, within limits."""
    points = [
        point
        for shape in shapes
        for polygon in shape["geometry"]["coordinates"]
        for ring in polygon
        for point in ring
    ]
    west, east = (end(point[0] for point in points) for end in (min, max))
    south, north = (end(point[1] for point in points) for end in (min, max))
    # At 45 degrees a degree of longitude is 0.7 of one of latitude.
    return min(max((north - south) / (east - west) / 0.7, 0.4), 0.8)


@cache
def _outlines() -> list[dict[str, Any]]:
    """GeoJSON features of countries, by `id`."""
    features: list[dict[str, Any]] = orjson.loads(OUTLINES.read_bytes())["features"]
    return features

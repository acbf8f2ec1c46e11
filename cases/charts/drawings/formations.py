"""Armed formations as a tree, each with the cases of those that served in it or below it."""

from collections.abc import Iterator

from django.utils.translation import gettext

from cases.charts.asking import Asker, Json, Query
from cases.charts.drawings.plot import SCHEMA, not_shown, of_cases, ranked, text_width
from cases.charts.layout import Drawing
from cases.charts.look import Look
from cases.charts.words import named

MOST_ROWS = 40


def draw(ask: Asker, query: Query, look: Look) -> Drawing:
    title = gettext("Cases by armed formation")
    answer = ask("cases/facets/", {**query, "by": "formation", "drill": "down"})
    facet = answer["facets"]["formation"]
    counted = {row["value"]: row for row in facet["values"]}
    if not counted:
        return Drawing(title, None, notes=not_shown(facet["unknown"]))
    within = {one["id"]: one["within"] for one in ask("formations/", {})["results"]}
    rows = [
        {"code": code, "label": named(counted[code]["label"], code), "depth": depth,
         "count": counted[code]["count"]}
        for code, depth in _walk(counted, within)
    ]  # fmt: skip
    notes = [
        of_cases(),
        gettext("A formation includes all that stands under it; a case may be in several."),
        *not_shown(facet["unknown"]),
    ]
    if len(rows) > MOST_ROWS:
        notes.append(gettext("Formations that are not drawn: %s.") % (len(rows) - MOST_ROWS))
    rows = rows[:MOST_ROWS]
    numbers = [f"{row['label']}: {row['count']}" for row in rows]
    drawn = ranked(look, rows, look.inner, text_width(look, rows))
    spec = {"$schema": SCHEMA, "config": look.config, "padding": 0, **drawn}
    return Drawing(title, spec, numbers, notes)


def _walk(counted: dict[str, Json], within: dict[str, list[str]]) -> Iterator[tuple[str, int]]:
    """Codes with their depth, the largest of each branch first."""

    def above(code: str) -> list[str]:
        return [one for one in within.get(code, []) if one in counted]

    def below(parent: str | None) -> list[str]:
        # Above a formation stand its parent, the parent of that, and so on.
        depth = len(above(parent)) + 1 if parent else 0
        found = [
            code
            for code in counted
            if len(above(code)) == depth and (parent is None or parent in above(code))
        ]
        return sorted(found, key=lambda code: (-counted[code]["count"], code))

    def branch(parent: str | None, depth: int) -> Iterator[tuple[str, int]]:
        for code in below(parent):
            yield code, depth
            yield from branch(code, depth + 1)

    return branch(None, 0)

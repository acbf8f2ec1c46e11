"""The page of one figure: what was counted, by whom, who says so, and who says otherwise."""

from cases.web.answers import Json
from cases.web.pages import Page
from cases.web.records import differences, fields
from cases.web.records.facts import Footnotes, sources
from cases.web.records.history import versions

# The figure itself stands above; these are said there.
IN_THE_HEAD = {"value", "value_min", "value_max", "qualifier", "unit"}


class StatisticPage(Page):
    template = "web/records/statistic.html"

    def show(self) -> Json:
        public_id = self.kwargs["public_id"]
        path = f"statistics/{public_id}/"
        figure = self.answers.record(path)
        notes = Footnotes(figure, self.answers)
        facts = notes.facts(figure, "", fields.STATISTIC)
        by_field = {fact.field: fact for fact in facts}
        stated = next((by_field[name] for name in VALUES if name in by_field), None)
        return {
            "figure": figure,
            "notes": stated.notes if stated else [],
            "facts": [fact for fact in facts if fact.field not in IN_THE_HEAD],
            "rivals": self._rivals(figure),
            "versions": versions(self, path, differences.of_statistics),
            "json": f"/api/v1/{path}",
            "cited_as": public_id,
            "card": public_id,
            **sources(figure),
        }

    def _rivals(self, figure: Json) -> list[Json]:
        """The figures that contradict it, whole: with what they counted, and by whom."""
        ids = [rival["id"] for rival in figure["contradicts"]]
        if not ids:
            return []
        found = self.answers.get("statistics/", {"ids": ids, "page_size": 200, "ordering": "id"})
        rivals: list[Json] = found["results"]
        return rivals


class StatisticList(Page):
    """All figures, by what they measure; rival ones stand beside each other."""

    template = "web/records/statistics.html"

    def show(self) -> Json:
        query = {"page_size": 200, "ordering": "-period"}
        found = self.answers.get("statistics/", query)
        measures: dict[str, list[Json]] = {}
        for figure in found["results"]:
            measures.setdefault(figure["measure"], []).append(figure)
        return {
            "found": found,
            "measures": sorted(measures.items(), key=lambda item: -len(item[1])),
            "json": "/api/v1/statistics/?page_size=200&ordering=-period",
        }


VALUES = ("value", "value_min", "value_max")

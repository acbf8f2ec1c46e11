"""The page of one source: what rests on it, and what it rests on itself."""

from cases.web.answers import Answers, Json
from cases.web.pages import Page
from cases.web.records import differences, fields
from cases.web.records.facts import is_known
from cases.web.records.history import versions

# Steps from a source to what stands behind it; longer chains end in an arrow.
DEEPEST = 6
# Records of each kind that are named; the rest is counted, and behind a link.
MOST = 100


class SourcePage(Page):
    template = "web/records/source.html"

    def show(self) -> Json:
        public_id = self.kwargs["public_id"]
        path = f"sources/{public_id}/"
        source = self.answers.record(path)
        publisher = self.answers.get(f"publishers/{source['publisher']['id']}/")
        citing = chain(self.answers, [public_id], "cites")
        through = [one["id"] for step in citing for one in step]
        return {
            "source": source,
            "publisher": publisher,
            "behind": chain(self.answers, source["cites"], "ids"),
            "facts": [
                (label, shown(source[name], f"/{name}"))
                for name, label, shown in fields.SOURCE
                if is_known(source[name])
            ],
            "citing": citing,
            "direct": resting(self.answers, [public_id]),
            "through": resting(self.answers, through) if through else None,
            "versions": versions(self, path, differences.of_sources),
            "json": f"/api/v1/{path}",
            "cited_as": public_id,
            "card": public_id,
        }


def chain(answers: Answers, ids: list[str], parameter: str) -> list[list[Json]]:
    """Sources step by step away from one, each once. parameter: `ids` follows what they cite,
    `cites` who cites them."""
    steps: list[list[Json]] = []
    seen: set[str] = set()
    asked = ids
    while asked and len(steps) < DEEPEST:
        query = {parameter: asked, "page_size": 200, "ordering": "id", "count": "false"}
        found = answers.get("sources/", query)["results"]
        step = [source for source in found if source["id"] not in seen]
        seen |= {source["id"] for source in step}
        steps += [step] if step else []
        if parameter == "ids":
            asked = sorted({one for source in step for one in source["cites"]} - seen)
        else:
            asked = sorted(source["id"] for source in step)
    return steps


def resting(answers: Answers, sources: list[str]) -> Json:
    """Cases and figures that cite any of the sources themselves."""
    asked = {"source": sources, "page_size": MOST, "ordering": "id"}
    return {"cases": answers.get("cases/", asked), "statistics": answers.get("statistics/", asked)}

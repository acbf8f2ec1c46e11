"""Published counts of criminal cases by country and year, with the rival ones beside each other.

No figure is chosen and none is added up: whoever counted stands beside each.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from cases.web.answers import Answers, Json

# One year, not a part of one and not several.
YEAR = 4
MEASURES = ("cases_opened", "cases_registered")


@dataclass(frozen=True)
class Bar:
    """figure: the document of the statistic. width: percent of the longest bar in its country."""

    figure: Json
    width: float


@dataclass(frozen=True)
class Country:
    """years: newest first, each with its figures, the highest first. remarks: what one must know to
    read them, each once, with the figures that it belongs to. others: figures for a year that are
    about other articles or about none, newest first."""

    code: str
    years: list[tuple[str, list[Bar]]]
    remarks: list[tuple[Json, list[Json]]]
    others: list[Json]


def countries(answers: Answers) -> list[Country]:
    """Those with a figure for a year, the one with the highest figure first."""
    asked = {"measure": MEASURES, "page_size": 200, "ordering": "-period"}
    by_country: dict[str, list[Json]] = defaultdict(list)
    for figure in answers.get("statistics/", asked)["results"]:
        period = (figure["period"] or {"value": ""})["value"]
        if figure["country"] and len(period) == YEAR and figure["value"] is not None:
            by_country[figure["country"]].append(figure)
    found = [
        (max(figure["value"] for figure in figures), _country(code, figures))
        for code, figures in by_country.items()
    ]
    return [country for _, country in sorted(found, key=lambda pair: -pair[0])]


def _comparable(figures: list[Json]) -> list[Json]:
    """Those of the article that most are about, and those that contradict them."""
    articles = Counter(one["code"] for figure in figures for one in figure["articles"])
    if not articles:
        return figures
    common, _ = articles.most_common(1)[0]
    about = [figure for figure in figures if common in _codes(figure)]
    rivals = {rival["id"] for figure in about for rival in figure["contradicts"]}
    return [one for one in figures if one in about or one["id"] in rivals]


def _codes(figure: Json) -> list[str]:
    return [one["code"] for one in figure["articles"]]


def _country(code: str, figures: list[Json]) -> Country:
    drawn = _comparable(figures)
    longest = max(figure["value"] for figure in drawn) or 1
    years: dict[str, list[Bar]] = defaultdict(list)
    for figure in sorted(drawn, key=lambda one: -one["value"]):
        bar = Bar(figure, round(100 * figure["value"] / longest, 1))
        years[figure["period"]["value"]].append(bar)
    others = [one for one in figures if one not in drawn]
    return Country(code, sorted(years.items(), reverse=True), _remarks(drawn), others)


def _remarks(figures: list[Json]) -> list[tuple[Json, list[Json]]]:
    found: list[tuple[Json, list[Json]]] = []
    for figure in sorted(figures, key=lambda one: one["period"]["value"], reverse=True):
        if figure["remarks"] is None:
            continue
        same = next((about for text, about in found if text == figure["remarks"]), None)
        if same is None:
            found.append((figure["remarks"], [figure]))
        else:
            same.append(figure)
    return found

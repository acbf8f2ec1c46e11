"""The numbers of a chart are those of the API at the same filters, read back from its Vega-Lite."""

from statistics import median

import pytest

from tests import real_data
from tests.api.reading import read

FILTERS = ["", "country=KZ", "country=UZ&decided_after=2025", "formation=ru-mod&outcome=convicted"]


def chart(client, name, query=""):
    return read(client, f"/charts/{name}.json?{query}")


def facet(client, path, by, query):
    return read(client, f"{path}/facets/?by={by}&drill=down&{query}")["facets"][by]


def drawn(said):
    """The rows of a chart that is one plot."""
    return said["vega_lite"]["data"]["values"]


@pytest.mark.parametrize("query", FILTERS)
def test_months_regions_and_formations_are_those_of_the_facets(dataset, client, query):
    months = drawn(chart(client, "cases-by-month", query))
    told = facet(client, "cases", "decided_month", query)
    assert {row["month"][:7]: row["count"] for row in months} == counts(told)

    formations = drawn(chart(client, "formations", query))
    assert {row["code"]: row["count"] for row in formations} == counts(
        facet(client, "cases", "formation", query)
    )

    regions = chart(client, "regions", query)["vega_lite"]["vconcat"]
    told = counts(facet(client, "cases", "region", query))
    assert {row["code"]: row["count"] for row in regions[-1]["data"]["values"]} == told
    on_map = regions[0]["layer"][1]["data"]["values"]
    assert {row["code"]: row["count"] for row in on_map}.items() <= told.items()
    centres = {one["code"]: one["centroid"] for one in read(client, "regions/")["results"]}
    assert on_map
    for row in on_map:
        assert {key: row[key] for key in ("latitude", "longitude")} == centres[row["code"]]


def counts(told):
    assert told["values"]
    return {row["value"]: row["count"] for row in told["values"]}


@pytest.mark.parametrize("query", FILTERS)
def test_outcomes_are_those_of_the_cross_table(dataset, client, query):
    rows = drawn(chart(client, "outcomes", query))
    told = facet(client, "cases", "outcome,procedure", query)["values"]
    assert [(row["codes"], row["count"]) for row in rows] == [
        (row["value"], row["count"]) for row in told
    ]


@pytest.mark.parametrize("query", ["article=KZ-172", "article=UZ-154", "country=UZ"])
def test_terms_and_their_median_are_those_of_the_facets(dataset, client, query):
    said = chart(client, "sentences", query)
    rows = drawn(said)
    told = facet(client, "verdicts", "sentence_months", query)
    assert {str(row["months"]): row["count"] for row in rows} == counts(told)
    terms = [row["months"] for row in rows for _ in range(row["count"])]
    by = "article" if "article" in query else "country"
    lengths = read(client, f"verdicts/facets/?by={by}&measure=sentence_months&{query}")
    [whole] = [
        row["sentence_months"]
        for row in lengths["facets"][by]["values"]
        if row["value"] == query.partition("=")[2]
    ]
    assert (len(terms), median(terms)) == (whole["n"], whole["median"])
    assert said["vega_lite"]["layer"][-1]["data"]["values"] == [{"median": whole["median"]}]
    without = [note for note in said["notes"] if "no prison term is known" in note]
    assert [int(note.split()[0]) for note in without] == [told["unknown"]] * bool(told["unknown"])


def test_the_range_of_an_article_is_marked_where_the_law_is_known(dataset, client):
    penalty = read(client, "articles/KZ-172/")["penalty"]
    band = chart(client, "sentences", "article=KZ-172")["vega_lite"]["layer"][0]
    assert band["data"]["values"] == [
        {"low": penalty["min_months"], "high": penalty["max_months"], "text": "article 172 (KZ)"}
    ]
    # Nothing is marked where nothing is asked for, or where the reference data has no range.
    for query in ("", "article=UZ-25"):
        penalty = read(client, "articles/UZ-25/")["penalty"]
        assert penalty["min_months"] is None
        assert penalty["max_months"] is None
        said = chart(client, "sentences", query)
        assert not [
            layer for layer in said["vega_lite"]["layer"] if layer["mark"]["type"] == "rect"
        ]
        assert not [note for note in said["notes"] if note.startswith("Range")]


def test_rival_figures_stand_side_by_side_and_are_marked(dataset, client):
    said = chart(client, "cases-by-year", "article=KZ-172")
    rows = {row["id"]: row for row in drawn(said)}
    figures = read(client, "statistics/?article=KZ-172&measure=cases_opened,cases_registered")
    for figure in figures["results"]:
        if figure["period"]["value"] in ("2023", "2024", "2025"):
            row = rows.pop(figure["id"])
            assert row["value"] == figure["value"]
            assert row["disputed"] == bool(figure["contradicts"])
    # A headline that rounds the figure is no dispute, and names no article.
    assert rows == {}
    [note] = [note for note in said["notes"] if note.startswith("Disputed for 2025")]
    for number in ("709 (article 172 (KZ) · Mediazona", "141 (article 172"):
        assert number in note
    [left] = [note for note in said["notes"] if note.startswith("Not drawn")]
    assert "97 (2022/2025-08" in left


def test_figures_of_different_counters_are_no_one_series(dataset, client):
    series = {row["series"] for row in drawn(chart(client, "cases-by-year", "country=KZ"))}
    assert len(series) == 4


def test_every_figure_is_drawn_named_or_counted(dataset, client):
    for query in ("", "measure=killed", "measure=names_in_list,suspects", "country=KZ"):
        said = chart(client, "cases-by-year", query)
        asked = query if "measure" in query else f"measure=cases_opened,cases_registered&{query}"
        told = read(client, f"statistics/?page_size=200&{asked}")
        figures = {one["id"]: one for one in told["results"]}
        rivals = {rival["id"] for one in told["results"] for rival in one["contradicts"]}
        if rivals:
            more = read(client, "statistics/", ids=",".join(rivals))["results"]
            figures |= {one["id"]: one for one in more}
        shown = {row["id"] for row in drawn(said)} if said["vega_lite"] else set()
        left = [one for public_id, one in figures.items() if public_id not in shown]
        [named] = [note for note in said["notes"] if note.startswith("Not drawn")]
        numbered = [one for one in left if one["value"] is not None]
        for one in numbered[:4]:
            assert one["period"]["value"] in named, query
        further = [note for note in said["notes"] if note.startswith("Further figures")]
        rest = int(further[0].rpartition(" ")[2].rstrip(".")) if further else 0
        assert rest == len(left) - min(len(numbered), 4), query


def test_what_is_unknown_is_told(dataset, client):
    unknown = facet(client, "cases", "formation", "")["unknown"]
    assert f"{unknown} cases are not shown" in " ".join(chart(client, "formations")["notes"])
    nothing = chart(client, "cases-by-month-opened")
    assert nothing["vega_lite"] is None
    count = real_data.sizes()["cases"]
    assert nothing["notes"] == [f"{count} cases are not shown, as this is not known of them."]


def test_formations_are_indented_below_what_they_belong_to(dataset, client):
    rows = drawn(chart(client, "formations"))
    within = {one["id"]: one["within"] for one in read(client, "formations/")["results"]}
    above: list[str] = []
    for row in rows:
        above = above[: row["depth"]]
        assert set(above) <= set(within[row["code"]])
        assert row["depth"] == len(above)
        above.append(row["code"])
    assert max(row["depth"] for row in rows) == 2

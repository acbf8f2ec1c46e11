"""Facets: every count is that of an actual query, and with the unknown they add up."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.api.urls import FILTERS
from cases.api.views.facets import fields
from tests import real_data
from tests.api import published
from tests.api.random_history import History
from tests.api.reading import mistakes, read

# Fields of which a record has one value or none.
SINGLE = ["region", "kind", "status", "procedure", "conflict", "country", "disputed"]

CHOSEN = [
    {},
    {"region": "KZ-59"},
    {"country": "KZ"},
    {"outcome": "convicted", "procedure__isnull": "true"},
    {"formation": "ru-mod", "status__not": "final"},
    {"decided_after": "2024-06", "decided_before": "2025", "date_mode": "certain"},
]


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 2**32),
    kind=st.sampled_from(["cases", "defendants", "verdicts"]),
    chosen=st.sampled_from(CHOSEN),
)
def test_every_count_is_that_of_a_query_and_they_add_up(empty, client, seed, kind, chosen):
    published.forget_everything()
    History(Random(seed), size=12).go_on(6)
    dated = ("_year", "_month", "sentence_months")
    by = [name for name in fields(FILTERS[kind]) if not name.endswith(dated)]
    for start in range(0, len(by), 10):
        facets = read(client, f"{kind}/facets/", **chosen, by=by[start : start + 10])["facets"]
        for name, facet in facets.items():
            others = {key: value for key, value in chosen.items() if not _is_of(key, name)}
            total = read(client, f"{kind}/", **others)["count"]
            for row in facet["values"]:
                found = read(client, f"{kind}/", **others, **{name: row["value"]})["count"]
                assert found == row["count"], (name, row)
            if name in SINGLE:
                assert sum(row["count"] for row in facet["values"]) + facet["unknown"] == total


def _is_of(parameter, field):
    return parameter.partition("__")[0] == field


def test_a_year_counts_what_lies_in_it_for_certain(empty, client):
    History(Random(7), size=15)
    facet = read(client, "verdicts/facets/", by="decided_year")["facets"]["decided_year"]
    for row in facet["values"]:
        year = {"decided_after": row["value"], "decided_before": row["value"]}
        assert read(client, "verdicts/", **year, date_mode="certain")["count"] == row["count"]
    assert facet["unknown"] == read(client, "verdicts/", decided__isnull="true")["count"]


def test_a_month_counts_what_lies_in_it_for_certain(dataset, client):
    facet = read(client, "verdicts/facets/", by="decided_month")["facets"]["decided_month"]
    assert facet["values"]
    for row in facet["values"]:
        month = {"decided_after": row["value"], "decided_before": row["value"]}
        assert read(client, "verdicts/", **month, date_mode="certain")["count"] == row["count"]
    total = read(client, "verdicts/")["count"]
    assert sum(row["count"] for row in facet["values"]) + facet["unknown"] == total
    # Of some rulings only the year is known.
    assert facet["unknown"] > read(client, "verdicts/", decided__isnull="true")["count"]


def test_facets_of_one_column_asked_for_together_count_as_they_do_alone(dataset, client):
    by = ["decided_year", "decided_month", "outcome,procedure", "procedure,outcome"]
    for chosen in ({}, {"status": "final"}):
        together = read(client, "cases/facets/", by=by, **chosen)["facets"]
        for name in by:
            alone = read(client, "cases/facets/", by=name, **chosen)["facets"]
            assert together[name] == alone[name]


def test_a_length_counts_the_terms_of_just_that_length(dataset, client):
    facet = read(client, "verdicts/facets/", by="sentence_months")["facets"]["sentence_months"]
    for row in facet["values"]:
        length = {"sentence_months_min": row["value"], "sentence_months_max": row["value"]}
        assert read(client, "verdicts/", **length)["count"] == row["count"]
    assert facet["unknown"] == read(client, "verdicts/", sentence_months__isnull="true")["count"]


def test_a_facet_that_drills_down_keeps_its_own_filter(empty, client):
    History(Random(3), size=15)
    query = {"region": "KZ-59", "by": ["region", "region,status"], "drill": "down"}
    answer = read(client, "cases/facets/", **query)
    rows = answer["facets"]["region"]["values"]
    assert [(row["value"], row["count"]) for row in rows] == [("KZ-59", answer["count"])]
    crossed = answer["facets"]["region,status"]["values"]
    assert {row["value"][0] for row in crossed} == {"KZ-59"}


def test_a_cross_table_counts_pairs_and_the_unknown_among_them(empty, client):
    History(Random(3), size=15)
    table = read(client, "cases/facets/", by="region,status")["facets"]["region,status"]["values"]
    assert sum(row["count"] for row in table) == 15
    for row in table:
        region, status = row["value"]
        place = {"region__isnull": "true"} if region is None else {"region": region}
        assert read(client, "cases/", **place, status=status)["count"] == row["count"]


def test_a_facet_leaves_its_own_filter_out_and_keeps_the_others(empty, client):
    History(Random(3), size=15)
    query = {"region": "KZ-59", "country": "KZ"}
    answer = read(client, "cases/facets/", **query, by=["region", "status"])
    assert answer["count"] == read(client, "cases/", **query)["count"]
    regions = {row["value"] for row in answer["facets"]["region"]["values"]}
    assert regions == {"KZ-59", "KZ-75"}
    statuses = answer["facets"]["status"]["values"]
    assert sum(row["count"] for row in statuses) == answer["count"]


def test_the_newsrooms_terms_are_found_as_far_as_our_cases_go(dataset, client):
    answer = read(client, "verdicts/facets/", by="article", measure="sentence_months", country="KZ")
    found = {row["value"]: row for row in answer["facets"]["article"]["values"]}
    terms = found["KZ-172"]["sentence_months"]
    assert (terms["n"], terms["min"], terms["median"]) == (6, 54, 60)
    assert found["KZ-170"]["sentence_months"]["median"] == 80
    assert found["KZ-172"]["label"]["ru"] == "Участие в иностранных вооруженных конфликтах"


def test_a_quashed_term_is_in_no_average(dataset, client):
    answer = read(client, "verdicts/facets/", by="country", measure="sentence_months")
    found = {row["value"]: row["sentence_months"] for row in answer["facets"]["country"]["values"]}
    quashed = read(client, "verdicts/KG-0002-V1/")
    assert (quashed["sentence_months"], quashed["standing"]) == (120, "annulled")
    assert found["KG"]["max"] == 60


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({}, "by"),
        ({"by": ""}, "by"),
        ({"by": "regoin"}, "by"),
        ({"by": "region,status,kind"}, "by"),
        ({"by": "region,region"}, "by"),
        ({"by": "region", "measure": "age"}, "measure"),
        ({"by": "region", "drill": "up"}, "drill"),
        ({"by": "region", "page_size": "5"}, "page_size"),
        ({"by": "region", "status": "guilty"}, "status"),
    ],
)
def test_a_wrong_facet_is_refused(dataset, client, query, param):
    assert [error["param"] for error in mistakes(client, "cases/facets/", **query)] == [param]


def test_too_many_facets_are_refused(dataset, client):
    by = sorted(fields(FILTERS["cases"]))[:11]
    [error] = mistakes(client, "cases/facets/", by=by)
    assert (error["param"], error["allowed"]) == ("by", "up to 10")


def test_sources_and_statistics_have_facets_too(dataset, client):
    years = read(client, "sources/facets/", by="published_year")["facets"]["published_year"]
    assert (
        sum(row["count"] for row in years["values"]) + years["unknown"]
        == real_data.sizes()["sources"]
    )
    measures = read(client, "statistics/facets/", by="measure")["facets"]["measure"]
    assert sum(row["count"] for row in measures["values"]) == real_data.sizes()["statistics"]
    [error] = mistakes(client, "sources/facets/", by="kind", measure="sentence_months")
    assert error["param"] == "measure"


def test_each_facet_costs_one_query(dataset, client, django_assert_max_num_queries):
    read(client, "cases/facets/", by="status")
    with django_assert_max_num_queries(2 + 3):
        read(client, "cases/facets/", by=["status", "kind", "outcome"])


def test_facets_of_statistics_are_filtered_by_what_was_measured(dataset, client):
    deaths = read(client, "statistics/?measure=killed")["count"]
    answer = read(client, "statistics/facets/", by="country", measure="killed")
    assert 0 < deaths < real_data.sizes()["statistics"]
    assert answer["count"] == deaths


def test_a_facet_of_places_is_a_map_with_the_same_counts(dataset, client):
    plain = read(client, "cases/facets/", by="region", measure="sentence_months")
    answer = client.get(
        "/api/v1/cases/facets/",
        {"by": "region", "measure": "sentence_months", "format": "geojson"},
    )
    assert answer["Content-Type"] == "application/geo+json"
    collection = answer.json()
    *known, unknown = collection["features"]
    facet = plain["facets"]["region"]
    assert [
        {key: value for key, value in point["properties"].items() if key != "precision"}
        for point in known
    ] == facet["values"]
    centroids = {
        region["code"]: region["centroid"] for region in read(client, "regions/")["results"]
    }
    for point in known:
        centre = centroids[point["properties"]["value"]]
        if centre is None:
            assert (point["geometry"], point["properties"]["precision"]) == (None, None)
            continue
        coordinates = [centre["longitude"], centre["latitude"]]
        assert point["geometry"] == {"type": "Point", "coordinates": coordinates}
        assert point["properties"]["precision"] == "region_centroid"
    assert any(point["geometry"] for point in known)
    assert unknown == {
        "type": "Feature",
        "geometry": None,
        "properties": {
            "value": None,
            "label": None,
            "count": facet["unknown"],
            "sentence_months": facet["unknown_sentence_months"],
            "precision": None,
        },
    }
    assert (collection["count"], collection["publication"]) == (
        plain["count"],
        real_data.publications(),
    )
    assert client.get(collection["permalink"]).json() == collection


def test_a_map_can_be_asked_for_by_accept_and_its_permalink_is_still_a_map(dataset, client):
    accept = {"Accept": "application/geo+json"}
    collection = client.get("/api/v1/cases/facets/?by=country", headers=accept).json()
    assert "format=geojson" in collection["permalink"]
    assert client.get(collection["permalink"]).json() == collection


@pytest.mark.parametrize("by", ["status", "region,status", ["region", "country"]])
def test_what_is_no_place_is_no_map(dataset, client, by):
    [error] = mistakes(client, "cases/facets/", by=by, format="geojson")
    assert error["param"] == "by"
    assert error["allowed"] == ["citizenship", "country", "region", "residence"]


def test_lists_without_places_have_no_map(dataset, client):
    [error] = mistakes(client, "sources/facets/", by="kind", format="geojson")
    assert (error["param"], error["allowed"]) == ("format", ["csv", "json"])

"""What a page costs, weighs and promises to caches; words, and that every label is there."""

import re

import pytest
from django.core.cache import cache

from cases.api.urls import FILTERS
from cases.edge.cache.wsgi import VARY_HEADERS
from cases.publishing.presumption import GUILT
from cases.web.explorer import labels, pages
from cases.web.explorer.columns import COLUMNS
from cases.web.explorer.controls import Value, nested
from cases.web.explorer.groups import BESIDE, MOST_FACETS
from cases.web.languages import LANGUAGES
from tests import real_data
from tests.api.test_queries import Queries

pytestmark = pytest.mark.usefixtures("dataset")

FOLDERS = {kind: kind for kind in FILTERS} | {"statistics": "statistics/explore"}
MOST_BYTES = 100_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FILTERS)
def test_a_page_weighs_less_than_100_kilobytes(client, language, kind):
    for page in ("", "?view=cards", "filters/"):
        assert len(client.get(f"/{language}/{FOLDERS[kind]}/{page}").content) < MOST_BYTES


# The list with its count, the facets, the four tables that name their values; and for each question
# the state, which a server remembers.
@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/en/cases/", 9),
        ("/en/cases/?formation=wagner", 10),
        ("/en/cases/?formation=wagner&region=KZ-10&q=war&page_size=200", 20),
        ("/en/cases/?formation=wagner&region=KZ-59", 16),
        ("/en/statistics/explore/", 9),
        ("/en/cases/filters/", 14),
    ],
)
def test_a_page_has_a_budget_of_queries(client, address, most):
    client.get("/en/")  # counts of the dataset are kept from here on
    client.get("/en/cases/filters/")  # and the tables that name codes
    with Queries() as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= most, [query["sql"][:120] for query in queries.captured_queries]


def test_a_list_of_many_records_costs_no_facets(client, monkeypatch):
    monkeypatch.setattr(pages, "COUNTED_AT_ONCE", 10)
    client.get("/en/")
    with Queries() as queries:
        client.get("/en/cases/?page_size=100")
    assert len(queries) <= 3  # the state twice, and the list with its count
    cache.clear()


@pytest.mark.parametrize(
    "address", ["/en/cases/", "/ru/cases/filters/", "/kk/cases/facets/?country=KZ"]
)
def test_a_page_can_be_kept_and_does_not_depend_on_who_asks(client, address):
    plain = client.get(address)
    assert plain["Cache-Control"].startswith("public, max-age=")
    assert {name.strip().lower() for name in plain["Vary"].split(",")} <= VARY_HEADERS
    assert not plain.cookies
    asked = {"HX-Request": "true", "HX-Target": "results", "Accept-Language": "kk", "Cookie": "a=b"}
    assert client.get(address, headers=asked).content == plain.content
    known = client.get(address, headers={"If-None-Match": plain["ETag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_every_filter_has_a_name_a_column_a_place_and_every_ordering_words():
    for kind, filters in FILTERS.items():
        for name in (*filters.base_filters, *filters.names() - set(filters.owners())):
            assert labels.name_of(name)
            assert labels.help_of(kind, name)
        for name in filters.orderings:
            assert labels.ordering(name) != labels.ordering(f"-{name}")
        assert COLUMNS[kind]
        assert set(BESIDE[kind]) <= set(filters.base_filters)
        assert len(BESIDE[kind]) <= MOST_FACETS  # one question to the API


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["cases", "defendants", "verdicts"])
def test_no_page_calls_anybody_guilty_and_no_name_stands_without_its_legal_status(
    client, language, kind
):
    for page in ("", "filters/", "?view=cards"):
        text = client.get(f"/{language}/{kind}/{page}").text
        words = re.sub("<[^>]+>", " ", text[text.index("<main") : text.index("</main>")])
        assert not GUILT.search(words), GUILT.search(words)
    table = client.get(f"/{language}/{kind}/").text
    names = re.findall(r"<div><b>.*?</b></div><div><small>(.*?)</small>", table, re.S)
    assert len(names) == table.count("<div><b>") >= 25
    assert all(names)


def test_the_publication_and_its_day_stand_above_the_results(client):
    page = client.get("/en/cases/").text
    number = real_data.publications()
    said = rf'id="found".*?Publication {number}, <time datetime="20\d\d-\d\d-\d\d">'
    assert re.search(said, page, re.S)


def test_a_value_stands_behind_the_nearest_one_above_it_that_is_listed():
    parents = {"platoon": "brigade", "brigade": "army", "army": None, "guard": "army"}
    values = [Value(code, code) for code in ("guard", "army", "platoon", "other")]
    found = [(value.value, value.depth) for value in nested(values, parents)]
    assert found == [("army", 0), ("guard", 1), ("platoon", 1), ("other", 0)]

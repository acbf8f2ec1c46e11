"""What a page costs the database, however much there is to show."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import PUBLISHED
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.reading import read

# A query for the state, and one or two for each answer of the API that the page asks for; four for
# each earlier version, which it compares.
BUDGETS = {
    "": 8,
    "cases/KZ-0009/": 14,
    "cases/KG-0004/": 14,
    "statistics/": 5,
    "statistics/STAT-0001/": 16,
    "sources/SRC-0003/": 40,
    "formations/ru-mod/": 10,
    "courts/kg-supreme-court/": 8,
}


@pytest.mark.parametrize(("path", "most"), BUDGETS.items())
def test_a_page_has_a_budget(dataset, client, path, most):
    client.get(f"/en/{path}")  # counts of the dataset are kept from here on
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(f"/ru/{path}").status_code == 200
    assert len(queries) <= most, "\n".join(query["sql"][:200] for query in queries)


def test_a_page_reads_only_what_is_published(dataset, client):
    read_tables = {model._meta.db_table for model in PUBLISHED.values()}
    allowed = read_tables | {"cases_entry", "cases_publication"}
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/sources/SRC-0003/")
        client.get("/en/")
    tables = {name for query in queries for name in re.findall(r"\bcases_\w+", query["sql"])}
    assert tables
    assert tables <= allowed


def test_a_page_that_is_known_costs_one_query(dataset, client):
    page = client.get("/en/cases/KZ-0009/")
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/en/cases/KZ-0009/", headers={"If-None-Match": page["ETag"]})
    assert again.status_code == 304
    assert len(queries) <= 1


def test_a_long_history_does_not_cost_more_and_more(dataset, client):
    document = read(client, "cases/KZ-0009/")
    for months in range(61, 73):
        document["verdicts"][0]["sentence_months"] = months
        published.publish((RecordKind.CASE, document))
    cache.clear()
    client.get("/en/cases/KZ-0009/")
    with CaptureQueriesContext(connection) as queries:
        text = client.get("/en/cases/KZ-0009/").text
    assert text.count("publication ") > 12
    assert len(queries) <= 26

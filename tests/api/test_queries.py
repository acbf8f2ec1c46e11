"""What an answer costs: a fixed number of queries, and none to the tables that editors write."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.api.views.records import RECORDS
from cases.models import PUBLISHED, Entry, Publication, Word
from tests.api import published
from tests.api.reading import (
    LISTS,
    ORDERINGS,
    REFERENCE_LISTS,
    ids,
    parameters,
    problem,
    read,
    right_value,
)

pytestmark = pytest.mark.usefixtures("world")

READ_MODEL = {Publication, Entry, Word, *PUBLISHED.values()}
WORKING_COPY = {
    model._meta.db_table
    for model in apps.get_app_config("cases").get_models(include_auto_created=True)
    if model not in READ_MODEL
}

each_list = pytest.mark.parametrize("name", LISTS)


class Queries(CaptureQueriesContext):
    """The queries of a block, of which none may touch the working copy."""

    def __init__(self):
        super().__init__(connection)

    def __exit__(self, *failure):
        super().__exit__(*failure)
        for query in self.captured_queries:
            touched = WORKING_COPY & set(re.findall(r"\w+", query["sql"]))
            assert not touched, query["sql"]


def cost(client, address, **query):
    with Queries() as queries:
        read(client, address, **query)
    return len(queries)


def every_filter(client, name):
    """All filters of a list at once; what they find is another matter."""
    lists = {"as_of", "cursor", "count", "ordering", "page_size", "format", "bom", "provenance"}
    lists |= {"delimiter"}
    lists |= {"fields", "omit"}
    query = {
        given: right_value(parameter)
        for given, parameter in parameters(client, f"{name}/").items()
        if given not in lists
    }
    assert len(query) > 10
    return query


def test_the_working_copy_has_the_tables_that_editors_write():
    expected = {"cases_case", "cases_source", "cases_citation", "cases_statistic", "cases_region"}
    assert expected <= WORKING_COPY
    assert not any("published" in table for table in WORKING_COPY)


@each_list
def test_a_list_costs_the_state_and_the_page_with_its_count(client, name):
    assert cost(client, f"{name}/") == 2


@each_list
def test_a_count_is_asked_for_once(client, name):
    def counts(**query):
        with Queries() as queries:
            read(client, f"{name}/", **query)
        assert len(queries) == 2
        return "count(*)" in queries.captured_queries[1]["sql"]

    assert not counts(count="false")
    assert counts()
    assert not counts()
    assert not counts(page_size=1, ordering="id")


@each_list
def test_a_list_costs_the_same_right_after_a_publication(client, name):
    kind = RECORDS[name]
    cost(client, f"{name}/")
    published.publish((kind, {"id": "ZZ-0001"}), *published.reference(region=["ZZ"]))
    assert cost(client, f"{name}/") == 2
    assert cost(client, f"{name}/") == 2


def test_a_code_that_the_process_does_not_know_yet_costs_nothing_more(client):
    cost(client, "cases/", region="KZ")
    published.publish(*published.reference(region=["KG-O"]))
    assert cost(client, "cases/", region="KG-O") == 2


@each_list
def test_every_filter_at_once_costs_no_query_more(client, name):
    query = every_filter(client, name)
    assert cost(client, f"{name}/", **query) == 2 + ("q" in query)


@each_list
def test_each_filter_by_itself_costs_no_query_more(client, name):
    for given, value in every_filter(client, name).items():
        # A search looks its words up in the dictionary first.
        assert cost(client, f"{name}/", **{given: value}) == 2 + (given == "q"), given


@pytest.mark.parametrize(("name", "ordering"), ORDERINGS)
def test_any_ordering_and_page_costs_the_same(client, name, ordering):
    with Queries() as queries:
        page = read(client, f"{name}/", ordering=ordering, page_size=1)
        while page["next"]:
            page = read(client, page["next"])
    assert len(queries) == 2 * page["count"]


@each_list
def test_the_page_size_changes_nothing(client, name):
    costs = {cost(client, f"{name}/", page_size=size, count="false") for size in (1, 2, 200)}
    assert costs == {2}


@each_list
def test_a_past_state_costs_the_same(client, name):
    published.publish(*published.reference(region=["KG-O"]))
    for as_of in (1, 2):
        assert cost(client, f"{name}/", as_of=as_of) == 2


@each_list
def test_a_record_costs_two_queries(client, name):
    [public_id, *_] = ids(read(client, f"{name}/"))
    assert cost(client, f"{name}/{public_id}/") == 2
    assert cost(client, f"{name}/{public_id}/", as_of=1) == 2


@pytest.mark.parametrize("name", REFERENCE_LISTS)
def test_a_reference_list_costs_two_queries(client, name):
    assert cost(client, f"{name}/") == 2


def test_the_front_page_counts_once_a_publication(client):
    assert cost(client, "") == 2
    assert cost(client, "") == 1


def test_a_record_that_is_not_there_costs_three_queries(client):
    with Queries() as queries:
        problem(client, 404, "cases/KZ-9999/")
    assert len(queries) == 3


def test_a_mistake_costs_no_query_for_records(client):
    with Queries() as queries:
        problem(client, 400, "cases/", region="nowhere", page_size=0, nonsense=1)
    assert len(queries) == 1


@each_list
def test_options_reads_the_state_only(client, name):
    with Queries() as queries:
        parameters(client, f"{name}/")
    assert len(queries) == 1


@each_list
def test_documents_are_read_only_of_the_records_on_the_page(client, name):
    """PostgreSQL would read those of all that it sorts, if they were asked for along with that."""
    searched = [{"q": "synthetic"}] if "q" in parameters(client, f"{name}/") else []
    for query in [{"ids": ids(read(client, f"{name}/"))[0]}, *searched]:
        for _ in range(2):  # the second time the count is known
            with Queries() as queries:
                read(client, f"{name}/", **query)
            page, sorting = queries.captured_queries[-1]["sql"].split(" FROM (", 1)
            assert "convert_to(body" in page
            assert "LIMIT 26" in sorting
            assert "convert_to" not in sorting

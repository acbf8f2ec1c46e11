"""Counts that a process brings to the next publication are those that it would count anew."""

from random import Random

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.api.queries import facets as facet_counts
from cases.api.urls import FILTERS
from cases.api.views.facets import MOST_FACETS, fields
from cases.models import PUBLISHED
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.random_history import History, prosecution, redact, reference
from tests.api.reading import LISTS, REFERENCE_LISTS, read

pytestmark = pytest.mark.usefixtures("empty")


def facets(client, kind, **query):
    """All single facets of a list, with the number of its records."""
    names = list(fields(FILTERS[kind]))
    found, counts = {}, set()
    for start in range(0, len(names), MOST_FACETS):
        by = names[start : start + MOST_FACETS]
        answer = read(client, f"{kind}/facets/", by=by, **query)
        found |= answer["facets"]
        counts.add(answer["count"])
    [count] = counts
    return count, found


def anew(client, kind, **query):
    facet_counts.standing_counts.forget()
    return facets(client, kind, **query)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_published_the_counts_are_those_of_a_new_process(client, seed):
    history = History(Random(seed), size=6, redacting=True)
    kinds = ["cases", "defendants", "verdicts"]
    for kind in kinds:
        facets(client, kind)
    for _ in range(8):
        # One publication, or some that nobody has asked for in between.
        history.go_on(history.random.choice([1, 3]))
        brought = {kind: facets(client, kind) for kind in kinds}
        assert brought == {kind: anew(client, kind) for kind in kinds}


def test_the_past_is_counted_as_it_was_and_the_present_is_kept(client):
    history = History(Random(4), size=5)
    first = facets(client, "cases")
    history.go_on(6)
    now = facets(client, "cases")
    assert now != first
    assert facets(client, "cases", as_of=1) == first
    assert queries_for(client) == []
    assert facets(client, "cases") == now


def test_a_value_that_was_redacted_is_not_even_named(client):
    random = Random(8)
    case = prosecution(9001, random)
    case[0][1]["status"] = "appeal"
    published.publish(*reference(), *case)
    assert statuses(client) == {"appeal"}
    redact("KZ-9001-D1", "On request")
    # In the rows that redactions replace, which may change any value in them.
    for row in PUBLISHED[RecordKind.CASE].objects.all():
        row.body = row.body.replace('"appeal"', '"trial"')
        row.save(update_fields=["body"])
    assert statuses(client) == {"trial"}


def test_a_value_that_was_withdrawn_is_not_even_named(client):
    random = Random(5)
    published.publish(*reference(), *prosecution(9001, random), *prosecution(9002, random))
    before = statuses(client)
    row = (RecordKind.CASE, {"id": "KZ-9003", "status": "appeal", "defendants": [], "verdicts": []})
    published.publish(row)
    assert statuses(client) == {*before, "appeal"}
    published.publish(withdrawn=[(RecordKind.CASE, "KZ-9003")])
    assert statuses(client) == before


def statuses(client):
    answer = read(client, "cases/facets/", by="status")
    return {row["value"] for row in answer["facets"]["status"]["values"]}


def queries_for(client, **query):
    """Statements over the cases that a facet takes."""
    with CaptureQueriesContext(connection) as queries:
        read(client, "cases/facets/", by="status", **query)
    return [query["sql"] for query in queries if "cases_publishedcase" in query["sql"]]


def test_only_what_a_publication_changed_is_counted(client):
    history = History(Random(6), size=5)
    [whole] = queries_for(client)
    assert queries_for(client) == []
    history.go_on(1)
    begun, ended = queries_for(client)
    assert '"since_id" > 1' in begun
    assert '"until_id" <= 2' in ended
    assert '"since_id" > ' not in whole
    # Neither does a facet that leaves the only filter out ask for more.
    assert len(queries_for(client, status="trial")) == 1
    assert "count(*)" in queries_for(client, status="trial")[0].lower()


def test_counts_of_another_database_are_not_gone_on_from(client):
    random = Random(7)
    published.publish(*reference(), *prosecution(9001, random))
    facets(client, "cases")
    published.forget()
    published.publish(*reference(), *prosecution(9002, random), *prosecution(9003, random))
    published.publish(*prosecution(9004, random))
    found = facets(client, "cases")
    assert found[0] == 3
    assert found == anew(client, "cases")


def test_the_numbers_of_all_records_are_those_of_the_lists_whatever_came_and_went(client):
    history = History(Random(3), size=5, redacting=True)
    for _ in range(3):
        history.go_on(2)
        for snapshot in ({}, {"as_of": 1}, {"as_of": 3}):
            cache.clear()
            for name in (*LISTS, *REFERENCE_LISTS):
                page = {"page_size": 200} if name in LISTS else {}
                answer = read(client, f"{name}/", **page, **snapshot)
                assert answer["count"] == len(answer["results"])
                assert read(client, "", **snapshot)["counts"][name] == answer["count"]
                # Each of them knows the number from the other, if that was asked before.
                assert read(client, f"{name}/", **snapshot)["count"] == answer["count"]

"""Past states: old values at old publications, new ones at new, in the bytes that were stored."""

from datetime import UTC, datetime

import orjson
import pytest

from cases.api.views.records import RECORDS, REFERENCE
from cases.models import published as rows
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.reading import LISTS, ids, mistakes, problem, read

JANUARY, MARCH, MAY = (datetime(2024, month, 1, 12, tzinfo=UTC) for month in (1, 3, 5))


def statistic(number, value):
    return published.statistic(
        f"STAT-000{number}", value=value, measure="killed", period=None, sources=[], disputed=[]
    )


@pytest.fixture
def history(empty):
    """1: two figures. 2: the first corrected, a third one added. 3: the second withdrawn."""
    published.publish(statistic(1, 10), statistic(2, 20), at=JANUARY)
    published.publish(statistic(1, 11), statistic(3, 30), at=MARCH)
    withdrawn = [(RecordKind.STATISTIC, "STAT-0002")]
    published.publish(withdrawn=withdrawn, note="Counted twice.", at=MAY)


VALUES = {1: [10, 20], 2: [11, 20, 30], 3: [11, 30]}

# How one may ask for a state → the publication that answers.
MOMENTS = {
    "1": 1,
    "2": 2,
    "3": 3,
    "2024-01-01": 1,
    "2024-02-29": 1,
    "2024-03-01": 2,
    "2024-04-30": 2,
    "2024-05-01": 3,
    "2025-01-01": 3,
    "2024-03-01T11:59:59Z": 1,
    "2024-03-01T12:00:00Z": 2,
    "2024-03-01T12:00:00+00:00": 2,
    "2024-03-01T13:59:59+02:00": 1,
    "2024-03-01T14:00:00+02:00": 2,
    "2024-03-01T14:00:00 02:00": 2,  # as a browser sends "+" in an address
}


@pytest.mark.parametrize(("as_of", "publication"), MOMENTS.items())
def test_a_list_answers_as_it_stood_at_a_number_a_day_or_a_moment(
    history, client, as_of, publication
):
    page = read(client, "statistics/", ordering="id", as_of=as_of)
    assert page["publication"] == publication
    assert [figure["value"] for figure in page["results"]] == VALUES[publication]
    assert page["count"] == len(VALUES[publication])


@pytest.mark.parametrize(("as_of", "publication"), MOMENTS.items())
def test_a_record_answers_as_it_stood_then(history, client, as_of, publication):
    figure = read(client, "statistics/STAT-0001/", as_of=as_of)
    assert figure["value"] == VALUES[publication][0]
    assert figure["version"] == (1 if publication == 1 else 2)
    assert figure["publication"] == (1 if publication == 1 else 2)


def test_the_front_page_counts_the_state_that_is_asked_for(history, client):
    for publication, values in VALUES.items():
        page = read(client, "", as_of=publication)
        assert page["counts"]["statistics"] == len(values)
        assert page["publication"] == publication
        assert page["published_at"][:7] == f"2024-0{2 * publication - 1}"


def test_without_as_of_the_newest_state_answers(history, client):
    assert read(client, "statistics/")["publication"] == 3
    assert read(client, "")["publication"] == 3
    assert read(client, "regions/")["publication"] == 3


def test_a_moment_before_the_first_publication_is_refused_with_what_there_is(history, client):
    for as_of in ("2023-12-31", "2024-01-01T11:59:59Z", "0", "4"):
        [error] = mistakes(client, "statistics/", as_of=as_of)
        assert error["param"] == "as_of"
        assert error["allowed"].startswith("1 to 3")


def test_a_record_that_came_later_is_unknown_before(history, client):
    detail = problem(client, 404, "statistics/STAT-0003/", as_of=1)["detail"]
    assert "publication 1" in detail
    assert read(client, "statistics/STAT-0003/", as_of=2)["value"] == 30


def test_reference_lists_travel_too(empty, client):
    published.publish(*published.reference(region=["KZ"]))
    published.publish(*published.reference(region=["UZ"]))
    assert ids(read(client, "regions/", as_of=1)) == ["KZ"]
    assert ids(read(client, "regions/")) == ["KZ", "UZ"]


def plain(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content


PLAIN = (
    *("statistics/", "statistics/?ordering=id&page_size=1", "statistics/?measure=killed"),
    *("statistics/?count=false&ids=STAT-0001,STAT-0002", "sources/", "regions/"),
)


@pytest.mark.parametrize("address", PLAIN)
def test_a_permalink_gives_the_same_bytes_now_and_after_later_publications(
    history, client, address
):
    before = plain(client, f"/api/v1/{address}")
    permalink = orjson.loads(before)["permalink"]
    assert plain(client, permalink) == before
    published.publish(statistic(1, 12), statistic(4, 40), *published.reference(region=["KZ"]))
    published.publish(withdrawn=[(RecordKind.STATISTIC, "STAT-0003")])
    assert plain(client, permalink) == before
    assert plain(client, f"/api/v1/{address}") != before


def test_the_permalink_of_a_later_page_gives_that_page(history, client):
    first = read(client, "statistics/", ordering="id", page_size=1)
    second = plain(client, first["next"])
    assert plain(client, orjson.loads(second)["permalink"]) == second


def test_a_permalink_names_what_was_asked_for_and_the_publication(history, client):
    page = read(client, "statistics/?measure=killed&measure=sentences&as_of=2024-04-01")
    assert page["permalink"] == (
        "http://testserver/api/v1/statistics/?measure=killed&measure=sentences&as_of=2"
    )


def test_a_permalink_works_before_anything_was_published(empty, client):
    before = plain(client, "/api/v1/statistics/")
    assert orjson.loads(before)["results"] == []
    assert plain(client, orjson.loads(before)["permalink"]) == before


def test_a_cursor_outlives_later_publications(history, client):
    first = read(client, "statistics/", ordering="id", page_size=1)
    published.publish(statistic(3, 33), statistic(2, 22))
    second = read(client, first["next"])
    assert [figure["value"] for figure in first["results"] + second["results"]] == [11, 30]
    assert second["publication"] == 3


@pytest.mark.parametrize("name", LISTS)
def test_a_list_carries_the_bytes_that_are_stored(dataset, client, name):
    page = client.get(f"/api/v1/{name}/", {"ordering": "id", "page_size": 200})
    stored = rows(RECORDS[name]).current().order_by("public_id").values_list("body", flat=True)
    results = page.content.partition(b'"results":')[2]
    assert results == f"[{','.join(stored[:200])}]}}".encode()


@pytest.mark.parametrize("name", REFERENCE)
def test_a_reference_list_carries_the_bytes_that_are_stored(dataset, client, name):
    stored = rows(REFERENCE[name]).current().order_by("public_id").values_list("body", flat=True)
    results = client.get(f"/api/v1/{name}/").content.partition(b'"results":')[2]
    assert results == f"[{','.join(stored)}]}}".encode()


@pytest.mark.parametrize("name", LISTS)
def test_a_record_is_the_bytes_that_are_stored(dataset, client, name):
    for row in rows(RECORDS[name]).current()[:20]:
        assert client.get(f"/api/v1/{name}/{row.public_id}/").content == row.body.encode()

"""`since` and `changed_since` take a publication, a day or a time, as `as_of` does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.api import published
from tests.api.reading import ids, mistakes, read
from tests.api.test_time_travel import statistic

JANUARY, MARCH = (datetime(2024, month, 1, 12, tzinfo=UTC) for month in (1, 3))

# How one may ask → the publications that came after.
SINCE = {
    "0": [1, 2],
    "1": [2],
    "2": [],
    "2000-01-01": [1, 2],
    "2024-01-01": [1, 2],  # what was published on the day belongs to it
    "2024-01-02": [2],
    "2024-03-01": [2],
    "2024-03-02": [],
    "2024-01-01T12:00:00Z": [2],
    "2024-01-01T11:59:59Z": [1, 2],
    "2024-03-01T13:59:59+02:00": [2],
    "2024-03-01T14:00:00 02:00": [],  # as a browser sends "+" in an address
    "2024-01-02T04:28:00+16:28": [2],  # an offset that PostgreSQL does not know
}


@pytest.fixture
def history(empty):
    """1: a figure, in January. 2: another one, in March."""
    published.publish(statistic(1, 10), at=JANUARY)
    published.publish(statistic(2, 20), at=MARCH)


@pytest.mark.parametrize(("since", "publications"), SINCE.items())
def test_what_came_after_a_publication_a_day_or_a_time(history, client, since, publications):
    for name, key in (("changes", "publication"), ("publications", "number")):
        rows = read(client, f"{name}/", since=since)["results"]
        assert [row[key] for row in rows] == publications
    found = read(client, "statistics/", changed_since=since, ordering="id")
    assert ids(found) == [f"STAT-000{number}" for number in publications]
    again = read(client, found["permalink"])
    assert again == found


def test_a_day_that_has_begun_anywhere_on_earth_is_no_mistake(history, client):
    first_today = (timezone.now() + timedelta(hours=14)).date()
    last_today = (timezone.now() - timedelta(hours=12)).date()
    for day in (first_today, last_today):
        assert read(client, "statistics/", as_of=str(day))["publication"] == 2
        assert read(client, "changes/", since=str(day))["results"] == []
        assert read(client, "statistics/", changed_since=str(day))["count"] == 0


def test_what_is_no_past_is_refused_by_name(history, client):
    later = timezone.now() + timedelta(minutes=5)
    for value in (str(later.date() + timedelta(days=2)), later.isoformat(), "3", "2025", "soon"):
        [error] = mistakes(client, "changes/", since=value)
        assert (error["param"], error["value"]) == ("since", value.replace("+", " ", 0))
        assert "from 0 to 2" in error["allowed"][0] or "from 0 to 2" in str(error["allowed"])
        [error] = mistakes(client, "statistics/", changed_since=value)
        assert error["param"] == "changed_since"


def test_a_time_costs_one_query_more(history, client, django_assert_num_queries):
    read(client, "statistics/")
    with django_assert_num_queries(3):
        read(client, "statistics/", changed_since="2024-01-02")

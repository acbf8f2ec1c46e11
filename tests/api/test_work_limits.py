"""What one request may make the server work, and that less work gives the same answers."""

import random

import pytest
from django.db import connection

from cases.api.http import errors, limits
from cases.api.queries import facets as facet_counts
from cases.api.queries.facets import summary
from cases.api.request import parameters, search
from cases.api.views import facets
from cases.names import LONGEST_SLIPPED, slips
from casesapi.server import spending

pytestmark = pytest.mark.usefixtures("dataset")
FACETS = "/api/v1/cases/facets/"


def test_more_crossings_than_are_allowed_are_refused_by_name(client):
    crossed = ["region,outcome", "region,plea", "region,kind", "outcome,plea"]
    answer = client.get(FACETS, {"by": crossed})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error == {
        "param": "by",
        "value": " and ".join(crossed),
        "detail": "Crosses fields 4 times.",
        "allowed": "up to 3 crossings",
    }
    assert client.get(FACETS, {"by": [*crossed[:3], "court", "article"]}).status_code == 200
    # Said before it is asked, too.
    about = next(one for one in client.options(FACETS).json()["parameters"] if one["name"] == "by")
    assert f"up to {facets.MAX_CROSSED} times" in about["description"]
    assert f"{facet_counts.MAX_ROWS:,} values" in about["description"]


@pytest.mark.parametrize("more", [{}, {"measure": "sentence_months"}, {"country": "KZ"}])
def test_facets_with_too_many_values_are_refused_and_not_cut(client, monkeypatch, more):
    asked = {"by": ["region,outcome", "court"], **more}
    assert client.get(FACETS, asked).status_code == 200
    monkeypatch.setattr(facet_counts, "MAX_ROWS", 3)
    # Another address, as the first is kept.
    answer = client.get(FACETS, asked | {"drill": "down"})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["param"], error["value"]) == ("by", "region,outcome")
    assert "add filters" in error["allowed"]


def test_lengths_are_summed_up_as_postgresql_does_it(db):
    chance = random.Random(1)
    lists = [[7], [1, 2], [0, 0, 5], [*range(1, 200)]]
    lists += [[chance.choice([12, 60, 61, 72, 1200]) for _ in range(n)] for n in range(1, 60)]
    with connection.cursor() as cursor:
        for terms in lists:
            cursor.execute(
                "SELECT count(t), min(t), percentile_cont(0.5) WITHIN GROUP (ORDER BY t),"
                " round(avg(t), 2)::float, max(t) FROM unnest(%s::int[]) AS t",
                [terms],
            )
            numbers = {term: terms.count(term) for term in terms}
            assert summary(numbers) == cursor.fetchone()
    assert summary({}) == (0, None, None, None, None)


def test_facets_with_lengths_cost_one_query_for_all_fields(client, django_assert_max_num_queries):
    by = ["region,outcome", "region,plea", "decided_month,court", "formation", "article"]
    client.get(FACETS, {"by": by})
    # The state, the facets, and the names of the codes of four kinds.
    with django_assert_max_num_queries(6):
        answer = client.get(FACETS, {"by": by, "measure": "sentence_months"})
    assert answer.status_code == 200


def test_many_mistakes_are_counted_and_few_are_listed_and_compared(client, monkeypatch):
    compared = []
    look = errors.get_close_matches
    monkeypatch.setattr(
        errors,
        "get_close_matches",
        lambda *given, **more: compared.append(1) or look(*given, **more),
    )
    wrong = ",".join(f"KZ-X{number}" for number in range(264))
    answer = client.get(f"/api/v1/cases/?region={wrong}").json()
    assert len(answer["errors"]) == parameters.MAX_ERRORS
    assert [error["value"] for error in answer["errors"]][:2] == ["KZ-X0", "KZ-X1"]
    assert answer["detail"].endswith("region. 244 more mistakes are not listed.")
    assert "Did you mean" in answer["errors"][0]["detail"]
    # Once by Django and once by the answers out of memory, which the client of these tests asks.
    assert len(compared) <= 2 * parameters.MAX_SUGGESTED
    names = "&".join(f"name{number}=1" for number in range(264))
    answer = client.get(f"/api/v1/cases/?{names}").json()
    assert len(answer["errors"]) == parameters.MAX_ERRORS
    assert answer["detail"].endswith("244 more mistakes are not listed.")


def test_a_few_mistakes_are_all_listed(client):
    answer = client.get("/api/v1/cases/?region=KZ-1,KZ-2,KZ-3&regoin=x").json()
    assert len(answer["errors"]) == 4
    assert "not listed" not in answer["detail"]


@pytest.mark.parametrize("query", ["ал", "але", "алек", "сол", "ros", "wag", "уулу аз", "коз бек"])
def test_words_that_begin_so_are_found_in_the_same_order_however_they_are_sought(
    client, monkeypatch, query
):
    def asked():
        from django.core.cache import cache

        cache.clear()
        answer = client.get("/api/v1/cases/", {"q": query, "page_size": 200}).json()
        return answer["count"], [found["id"] for found in answer["results"]]

    found = asked()
    monkeypatch.setattr(search, "FEW_WORDS", -1)
    assert asked() == found
    monkeypatch.setattr(search, "FEW_WORDS", 10_000)
    assert asked() == found


def test_slips_are_tried_in_words_as_long_as_names_are():
    assert slips("а" * 3 + "бвг" * 7)
    assert not slips("абв" * (LONGEST_SLIPPED // 3 + 1))


def test_statements_of_one_answer_may_take_only_so_long_together(client, settings, monkeypatch):
    address = f"{FACETS}?by=region&by=outcome&country=KZ&outcome=convicted"
    assert client.get(address).status_code == 200
    settings.STATEMENT_SECONDS = 0
    answer = client.get(f"{address}&plea=admitted")
    assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
    assert answer["Retry-After"] == "30"
    settings.STATEMENT_SECONDS = 10
    assert client.get(f"{address}&plea=denied").status_code == 200
    # What comes after it is not limited.
    assert spending._spent.limit is None


def test_a_chart_and_what_it_asks_of_the_api_have_one_limit_together(client, monkeypatch):
    address = "/charts/outcomes.json?region=KZ-35"
    assert client.get(address).status_code == 200
    seconds = iter([0])
    monkeypatch.setattr(limits, "milliseconds", lambda form: 10_000)
    # The chart has none left; what it asks would have more.
    monkeypatch.setattr(limits, "seconds_together", lambda form: next(seconds, 10))
    answer = client.get(f"{address}&lang=ru")
    assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
    assert spending._spent.limit is None


def test_work_of_the_database_is_counted(db, monkeypatch):
    monkeypatch.setattr(spending, "QUICK", 10.0)
    before = spending.spent()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")
    assert 0.05 <= spending.spent() - before < 9


def test_a_statement_that_only_waits_is_no_work_where_the_database_can_tell(db, monkeypatch):
    raw = connection.connection
    if not hasattr(raw, spending._PLACE):
        pytest.skip("the database is on another machine")
    monkeypatch.setattr(spending, "QUICK", 0.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        before = spending.spent()
        cursor.execute("SELECT pg_sleep(0.2)")
        waited = spending.spent() - before
        cursor.execute("SELECT count(*) FROM generate_series(1, 300000)")
        worked = spending.spent() - before - waited
    assert waited < 0.1
    assert worked > 0.005

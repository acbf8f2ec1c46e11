"""Coverage: published figures beside what this dataset counts."""

from urllib.parse import urlsplit

from cases.vocabulary import RecordKind
from tests import real_data
from tests.api import published
from tests.api.reading import mistakes, pages, read


def test_each_figure_stands_once_beside_our_own_count(dataset, client):
    rows = [row for page in pages(client, "statistics/coverage/") for row in page["results"]]
    assert len({row["statistic"]["id"] for row in rows}) == real_data.sizes()["statistics"]
    counted = [row for row in rows if row["ours"]]
    assert {row["statistic"]["measure"] for row in counted} == {
        *("cases_opened", "cases_registered", "sentences", "persons_convicted")
    }
    for row in counted:
        assert read(client, row["ours"]["url"])["count"] == row["ours"]["count"]


def test_undated_records_are_told_apart(dataset, client):
    [row] = read(client, "statistics/coverage/", ids="STAT-0001")["results"]
    assert row["statistic"]["value"] == 709
    assert (row["ours"]["count"], row["ours"]["undated"]) == (0, 5)
    query = urlsplit(row["ours"]["url"]).query
    assert "opened_after=2025-01-01&opened_before=2025-12-31" in query


def ours(client, figure):
    [row] = read(client, "statistics/coverage/", ids=figure)["results"]
    return row["ours"]["count"], row["ours"]["undated"]


def test_a_case_that_was_ruled_before_the_period_was_not_opened_in_it(dataset, client):
    count, undated = ours(client, "STAT-0001")
    query = {"country": "KZ", "article": "KZ-172", "opened__isnull": "true"}
    undated_cases = read(client, "cases/", **query)["count"]
    ruled = {"decided_before": "2024-12-31", "date_mode": "certain"}
    assert undated == undated_cases - read(client, "cases/", **query, **ruled)["count"]
    assert count == 0


def test_a_case_about_the_war_since_2022_was_not_opened_before_it(dataset, client):
    query = {"country": "KZ", "article": "KZ-170,KZ-172", "conflict": "2014-2021"}
    assert ours(client, "STAT-0007") == (0, read(client, "cases/", **query)["count"])


def test_a_ruling_of_which_only_the_year_is_known_may_belong_to_half_of_it(dataset, client):
    before = ours(client, "STAT-0095")
    document = read(client, "verdicts/KZ-0009-V1/")
    year = {"value": "2025", "earliest": "2025-01-01", "latest": "2025-12-31"}
    document |= {"date": year, "reported": None}
    published.publish((RecordKind.VERDICT, document))
    assert ours(client, "STAT-0095") == (before[0], before[1] + 1)


def test_what_counts_for_a_figure_without_period_is_counted_once(dataset, client):
    count, undated = ours(client, "STAT-0026")
    assert count > 0
    assert undated == 0


def test_a_measure_that_no_record_stands_for_is_not_counted(dataset, client):
    rows = read(client, "statistics/coverage/", measure="killed", page_size=200)["results"]
    assert rows
    assert all(row["ours"] is None for row in rows)


def test_coverage_is_filtered_and_strict_like_the_figures(dataset, client):
    found = read(client, "statistics/coverage/", country="KG", measure="sentences")["results"]
    counts = {(row["statistic"]["value"], row["ours"]["count"]) for row in found}
    # The second counts one article only.
    assert counts == {(16, 4), (7, 2)}
    [error] = mistakes(client, "statistics/coverage/", countri="KG")
    assert error["param"] == "countri"


def test_a_page_costs_a_fixed_number_of_queries(dataset, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        read(client, "statistics/coverage/", page_size=100)

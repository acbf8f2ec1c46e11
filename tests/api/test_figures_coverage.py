"""Coverage: published figures beside what this dataset counts."""

from urllib.parse import urlsplit

from tests import real_data
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
    assert (row["ours"]["count"], row["ours"]["undated"]) == (0, 7)
    query = urlsplit(row["ours"]["url"]).query
    assert "opened_after=2025-01-01&opened_before=2025-12-31" in query


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

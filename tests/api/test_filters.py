"""What each filter finds, on a small world in which every example differs where it matters."""

import pytest

from cases.api.urls import FILTERS
from tests.api.reading import PROSECUTION, ids, read

CASES = {"KZ-0001", "KZ-0002", "UZ-0001", "UZ-0002", "KG-0001"}
# The same cases by what they are examples of.
FULL, TWICE, RESTRICTED, BARE, ACQUITTED = "KZ-0001", "KZ-0002", "UZ-0001", "UZ-0002", "KG-0001"


# For cases, defendants and verdicts alike: filter → queries with the cases they find.
PROSECUTIONS = {
    "country": [
        ("country=KZ", {FULL, TWICE}),
        ("country=KZ&country=KG", {FULL, TWICE, ACQUITTED}),
        ("country__not=KZ", {RESTRICTED, BARE, ACQUITTED}),
        ("country__isnull=true", set()),
    ],
    "region": [
        ("region=KZ-59", {FULL}),
        ("region=KZ", {FULL, TWICE}),
        ("region=KZ-59,UZ", {FULL, RESTRICTED}),
        ("region__not=KZ", {RESTRICTED, BARE, ACQUITTED}),
        ("region__not=KZ-59,UZ-TK", {TWICE, BARE, ACQUITTED}),
        ("region__isnull=true", {BARE}),
        ("region__isnull=false", CASES - {BARE}),
        ("region__isnull=false&region__not=KZ", {RESTRICTED, ACQUITTED}),
    ],
    "court": [
        ("court=district", {FULL, ACQUITTED}),
        ("court=regional", {TWICE}),
        ("court__not=district", {TWICE, RESTRICTED, BARE}),
        ("court__isnull=true", {BARE}),
    ],
    "formation": [
        ("formation=unit", {FULL}),
        ("formation=army", {FULL}),
        ("formation=ministry", {FULL, RESTRICTED}),
        ("formation=wagner,army", {FULL, TWICE}),
        ("formation__not=ministry", {TWICE, BARE, ACQUITTED}),
        ("formation__isnull=true", {BARE, ACQUITTED}),
    ],
    "article": [
        ("article=KZ-170-3", {FULL}),
        ("article=KZ-170", {FULL}),
        ("article=KZ-170,UZ-154", {FULL, RESTRICTED}),
        ("article__not=KZ-170", {TWICE, RESTRICTED, BARE, ACQUITTED}),
        ("article__isnull=true", {BARE, ACQUITTED}),
    ],
    "kind": [
        ("kind=participation", {FULL, BARE, ACQUITTED}),
        ("kind__not=participation", {TWICE, RESTRICTED}),
        ("kind__isnull=true", set()),
        ("kind__isnull=false", CASES),
    ],
    "conflict": [
        ("conflict=2014-2021", {TWICE}),
        ("conflict__not=2014-2021", CASES - {TWICE}),
        ("conflict__isnull=true", set()),
    ],
    "status": [
        ("status=final", {FULL, ACQUITTED}),
        ("status=final,appeal", {FULL, TWICE, ACQUITTED}),
        ("status__not=final", {TWICE, RESTRICTED, BARE}),
        ("status__isnull=true", set()),
    ],
    "legal_status": [
        ("legal_status=convicted", {FULL}),
        ("legal_status=convicted_not_final", {TWICE, RESTRICTED}),
        ("legal_status__not=convicted_not_final", {FULL, BARE, ACQUITTED}),
        ("legal_status__isnull=true", set()),
    ],
    "outcome": [
        ("outcome=acquitted", {ACQUITTED}),
        ("outcome=changed", {TWICE}),
        ("outcome__not=acquitted", CASES - {ACQUITTED}),
        ("outcome__isnull=true", {BARE}),
    ],
    "procedure": [
        ("procedure=simplified", {FULL}),
        ("procedure__not=simplified", CASES - {FULL}),
        ("procedure__isnull=true", {BARE}),
    ],
    "plea": [
        ("plea=denied", {TWICE, ACQUITTED}),
        ("plea__not=denied", {FULL, RESTRICTED, BARE}),
        ("plea__isnull=true", {BARE}),
    ],
    "citizenship": [
        ("citizenship=UZ", {FULL, RESTRICTED}),
        ("citizenship__not=KZ", {RESTRICTED, BARE, ACQUITTED}),
        ("citizenship__isnull=true", {BARE}),
    ],
    "residence": [
        ("residence=KZ-75", {FULL}),
        ("residence=KZ", {FULL, TWICE}),
        ("residence__not=KZ-75", CASES - {FULL}),
        ("residence__isnull=true", {BARE}),
    ],
    "publisher": [
        ("publisher=daily", {TWICE, RESTRICTED}),
        ("publisher=court", {FULL}),
        ("publisher__not=daily", {FULL, BARE, ACQUITTED}),
        ("publisher__isnull=true", {BARE}),
    ],
    "source": [
        ("source=SRC-0001", {FULL}),
        ("source=SRC-0001,SRC-0003", {FULL, RESTRICTED, ACQUITTED}),
        ("source=SRC-0099", set()),
        ("source__not=SRC-0002", {FULL, BARE, ACQUITTED}),
        ("source__isnull=true", {BARE}),
    ],
    "has_court_document": [
        ("has_court_document=true", {FULL}),
        ("has_court_document=false", CASES - {FULL}),
    ],
    "disputed": [
        ("disputed=true", {FULL}),
        ("disputed=false", CASES - {FULL}),
    ],
    "opened": [
        ("opened_after=2025", {FULL, RESTRICTED}),
        ("opened_after=2025-02-28", {FULL, RESTRICTED}),
        ("opened_after=2025-03", {RESTRICTED}),
        ("opened_before=2024-06", {ACQUITTED}),
        ("opened_before=2020", {ACQUITTED}),
        ("opened_before=2024-11-30", {TWICE, ACQUITTED}),
        ("opened_after=2025-02-10&opened_before=2025-02-11", {FULL, RESTRICTED}),
        ("opened_after=2025-02&opened_before=2025-02&date_mode=certain", {FULL}),
        ("opened_after=2025-02-02&opened_before=2025-02&date_mode=certain", set()),
        ("opened_before=2024-12&date_mode=certain", {TWICE, ACQUITTED}),
        ("opened_after=2000&opened_before=2024-12&date_mode=certain", {TWICE}),
        ("opened_after=2025&date_mode=certain", {FULL, RESTRICTED}),
        ("opened__isnull=true", {BARE}),
    ],
    "decided": [
        # One ruling before the range and one after it are none within it.
        ("decided_after=2025&decided_before=2025", {FULL, RESTRICTED, ACQUITTED}),
        ("decided_after=2026", {TWICE}),
        ("decided_before=2024", {TWICE}),
        ("decided_after=2025-06-10&decided_before=2025-06-10", {FULL, ACQUITTED}),
        # The report stands in for a day that is not printed, and only then.
        ("decided_after=2025-07&decided_before=2025-07", {RESTRICTED, ACQUITTED}),
        ("decided_after=2025-12&decided_before=2025-12", {ACQUITTED}),
        ("decided_after=2025-07&decided_before=2025-07&date_mode=certain", {RESTRICTED}),
        (
            "decided_after=2025&decided_before=2025&date_mode=certain",
            {FULL, RESTRICTED, ACQUITTED},
        ),
        ("decided_after=2025-06&decided_before=2025-12&date_mode=certain", {FULL, RESTRICTED}),
        ("decided__isnull=true", {BARE}),
        ("decided__isnull=false", CASES - {BARE}),
    ],
    "sentence_months": [
        # Neither two rulings on both sides of the range nor 72 months of something else.
        ("sentence_months_min=48&sentence_months_max=96", {FULL}),
        ("sentence_months_min=72&sentence_months_max=72", {FULL}),
        ("sentence_months_min=100", {TWICE}),
        ("sentence_months_max=24", {TWICE}),
        ("sentence_months_max=23", set()),
        ("sentence_months_min=0", {FULL, TWICE}),
        ("sentence_months__isnull=true", {RESTRICTED, BARE, ACQUITTED}),
    ],
    # More in test_search.py.
    "q": [("q=UZ-0001", {RESTRICTED}), ("q=0002", {TWICE, BARE}), ("q=0003", set())],
}

SOURCES = {
    "publisher": [
        ("publisher=court,daily", {1, 2}),
        ("publisher__not=court", {2, 3}),
        ("publisher__isnull=true", set()),
    ],
    "kind": [
        ("kind=news_report", {2, 3}),
        ("kind__not=news_report", {1}),
        ("kind__isnull=true", set()),
    ],
    "language": [
        ("language=kk&language=en", {1, 3}),
        ("language=de", set()),
        ("language__not=ru", {1, 3}),
        ("language__isnull=true", set()),
    ],
    "published": [
        ("published_after=2025-02-14&published_before=2025-02-14", {1, 2}),
        ("published_after=2025-02&published_before=2025-02&date_mode=certain", {1}),
        ("published_after=2025-02-15", {2}),
        ("published_before=2024", set()),
        ("published__isnull=true", {3}),
    ],
    "archived": [("archived=true", {1, 3}), ("archived=false", {2})],
    "cites": [
        ("cites=SRC-0001", {2}),
        ("cites=SRC-0001,SRC-0002", {2, 3}),
        ("cites__not=SRC-0001", {1, 3}),
        ("cites__isnull=true", {1}),
    ],
    "q": [("q=SRC-0001", {1}), ("q=KZ", set())],
}

STATISTICS = {
    "country": [
        ("country=KZ", {1, 2}),
        ("country__not=KZ", {3, 4, 5}),
        ("country__isnull=true", {4}),
    ],
    "measure": [
        ("measure=killed,sentences", {2, 3, 4, 5}),
        ("measure__not=killed", {1, 4, 5}),
        ("measure__isnull=true", set()),
    ],
    "article": [
        ("article=KZ-172", {1}),
        ("article=KZ-170", {2, 4}),
        ("article__not=KZ-170-3", {1, 3, 5}),
        ("article__isnull=true", {3, 5}),
    ],
    "formation": [
        ("formation=army", {2}),
        ("formation=ministry", {2, 4}),
        ("formation__not=ministry", {1, 3, 5}),
        ("formation__isnull=true", {1, 5}),
    ],
    "outcome": [
        ("outcome=convicted", {1}),
        ("outcome__not=convicted", {2, 3, 4, 5}),
        ("outcome__isnull=true", {2, 4, 5}),
    ],
    "procedure": [
        ("procedure=ordinary", {2}),
        ("procedure__not=ordinary", {1, 3, 4, 5}),
        ("procedure__isnull=true", {3, 4, 5}),
    ],
    "publisher": [
        ("publisher=daily", {2}),
        ("publisher__not=daily", {1, 3, 4, 5}),
        ("publisher__isnull=true", {4, 5}),
    ],
    "source": [
        # What stands behind a source that is cited is not cited itself.
        ("source=SRC-0002", {2}),
        ("source=SRC-0001,SRC-0003", {1, 3}),
        ("source__not=SRC-0001", {2, 3, 4, 5}),
        ("source__isnull=true", {4, 5}),
    ],
    # A figure over the turn of a year, or from time unknown, is none for either year.
    "year": [
        ("year=2025", {1}),
        ("year=2024", {3}),
        ("year=2024,2025", {1, 3}),
        ("year=2023", set()),
    ],
    "disputed": [("disputed=true", {1, 2}), ("disputed=false", {3, 4, 5})],
}

TABLES = {name: PROSECUTIONS for name in PROSECUTION} | {
    "sources": {
        field: [(query, {f"SRC-000{number}" for number in found}) for query, found in queries]
        for field, queries in SOURCES.items()
    },
    "statistics": {
        field: [(query, {f"STAT-000{number}" for number in found}) for query, found in queries]
        for field, queries in STATISTICS.items()
    },
}


def found(client, name, query):
    """The records that a query finds; of the parts of a case, their case."""
    page = read(client, f"{name}/?{query}")
    assert page["count"] == len(page["results"])
    if name in PROSECUTION:
        return {public_id[:7] for public_id in ids(page)}
    return set(ids(page))


@pytest.mark.parametrize("name", TABLES)
def test_every_filter_and_each_of_its_parameters_has_an_example(name):
    assert TABLES[name].keys() == FILTERS[name].base_filters.keys()
    used = {
        pair.partition("=")[0]
        for queries in TABLES[name].values()
        for query, _ in queries
        for pair in query.split("&")
    }
    assert FILTERS[name].owners().keys() <= used


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        (name, query, expected)
        for name, table in TABLES.items()
        for queries in table.values()
        for query, expected in queries
    ],
)
def test_a_filter_finds(world, client, name, query, expected):
    # A case without a ruling has no verdict to be found.
    unruled = {BARE} if name == "verdicts" else set()
    assert found(client, name, query) == expected - unruled

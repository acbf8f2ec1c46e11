"""Crawling: each record once, in order, in pages that can be walked both ways."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from cases.api.views.records import RECORDS
from cases.models import published as rows
from tests import real_data
from tests.api.reading import LISTS, ORDERINGS, ids, mistakes, pages, pages_back, read

# Small enough for many pages, large enough for few requests; no list has a multiple of it.
PAGE = {"cases": 8, "defendants": 9, "verdicts": 10, "sources": 40, "statistics": 20}

each_list = pytest.mark.parametrize("name", LISTS)
each_ordering = pytest.mark.parametrize(("name", "ordering"), ORDERINGS)


def verdicts(document):
    return document.get("verdicts", [document])


def ruled(document):
    return [verdict["date"] or verdict["reported"] for verdict in verdicts(document)]


def imprisoned(document):
    return [
        verdict["sentence_months"]
        for verdict in verdicts(document)
        if verdict["sentence_kind"] == "imprisonment"
        and verdict["standing"] not in ("annulled", "changed")
    ]


# What a list is ordered by: all values of a document, unknown ones as null.
VALUES = {
    "id": lambda document: [document["id"]],
    "publication": lambda document: [document["publication"]],
    "opened": lambda document: [document.get("case", document)["opened"]],
    "decided": ruled,
    "sentence_months": imprisoned,
    "published": lambda document: [document["published"]],
    "period": lambda document: [document["period"]],
}


def ends(value, descending):
    """A partial date by its first possible day, or in descending order by its last."""
    if not isinstance(value, dict):
        return value
    first, last = value["earliest"], value["latest"]
    return (last or first) if descending else (first or last)


def in_order(documents, ordering):
    """The ids as they should come: by value, then by id, what is unknown last."""
    name, descending = ordering.removeprefix("-"), ordering.startswith("-")
    choose = max if descending else min
    known, unknown = [], []
    for document in documents:
        values = [ends(value, descending) for value in VALUES[name](document)]
        values = [value for value in values if value is not None]
        if values:
            known.append((choose(values), document["id"]))
        else:
            unknown.append(document["id"])
    known.sort(reverse=descending)
    return [public_id for _, public_id in known] + sorted(unknown, reverse=descending)


@each_ordering
def test_a_crawl_returns_each_record_once_and_in_order(dataset, client, name, ordering):
    crawled = list(pages(client, f"{name}/", ordering=ordering, page_size=PAGE[name]))
    documents = [document for page in crawled for document in page["results"]]
    assert [len(page["results"]) for page in crawled[:-1]] == [PAGE[name]] * (len(crawled) - 1)
    assert {page["count"] for page in crawled} == {len(documents)}
    assert [document["id"] for document in documents] == in_order(documents, ordering)
    assert len({document["id"] for document in documents}) == len(documents)
    assert len(documents) == rows(RECORDS[name]).current().count()


@each_ordering
def test_the_pages_can_be_walked_back(dataset, client, name, ordering):
    there = list(pages(client, f"{name}/", ordering=ordering, page_size=PAGE[name]))
    last = there[-1]
    # A last page that is reached from the front is the last one from behind, too.
    back = list(pages_back(client, last["previous"]))
    # Their own addresses differ, as they say from where one came.
    assert list(map(shown, back)) == list(map(shown, there[-2::-1]))


def shown(page):
    return page["count"], page["results"]


@each_list
def test_a_crawl_of_one_record_a_page_loses_nothing_among_equals(dataset, client, name):
    records = read(client, f"{name}/", page_size=5)["results"]
    query = {"ordering": "publication", "ids": [record["id"] for record in records]}
    crawled = [ids(page) for page in pages(client, f"{name}/", page_size=1, **query)]
    ordered = sorted((record["publication"], record["id"]) for record in records)
    assert crawled == [[public_id] for _, public_id in ordered]


@each_list
def test_the_default_ordering_is_the_newest_first(dataset, client, name):
    newest = {"sources": "-published", "statistics": "-period"}.get(name, "-decided")
    assert ids(read(client, f"{name}/")) == ids(read(client, f"{name}/", ordering=newest))


def test_a_crawl_keeps_its_filters(dataset, client):
    query = {"formation": "ru-mod", "ordering": "id", "page_size": 5}
    found = [public_id for page in pages(client, "defendants/", **query) for public_id in ids(page)]
    assert found == ids(read(client, "defendants/", **(query | {"page_size": 200})))
    assert len(found) > 25


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_behind(dataset, client):
    *_, last = crawled = list(pages(client, "cases/", page_size=20))
    assert crawled[0]["previous"] is None
    assert last["next"] is None
    assert all(page["next"] for page in crawled[:-1])
    assert all(page["previous"] for page in crawled[1:])


def test_the_link_header_says_where_the_pages_around_are(dataset, client):
    first = client.get("/api/v1/cases/", {"page_size": 20})
    second = client.get(first.json()["next"])
    last = client.get(second.json()["next"])
    for response, rels in ((first, ["next"]), (second, ["next", "prev"]), (last, ["prev"])):
        links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', response["Link"]))
        links = {rel: url for url, rel in links.items()}
        assert list(links) == rels
        assert links.get("next") == response.json()["next"]
        assert links.get("prev") == response.json()["previous"]
    assert "Link" not in client.get("/api/v1/cases/?page_size=200")


@each_list
def test_a_page_size_may_be_1_to_200_and_is_25_by_default(dataset, client, name):
    total = read(client, f"{name}/")["count"]
    assert len(read(client, f"{name}/")["results"]) == 25
    assert len(read(client, f"{name}/", page_size=1)["results"]) == 1
    assert len(read(client, f"{name}/", page_size=200)["results"]) == min(total, 200)
    assert mistakes(client, f"{name}/", page_size=0)
    assert mistakes(client, f"{name}/", page_size=201)


def test_the_page_size_may_change_on_the_way(dataset, client):
    first = read(client, "cases/", ordering="id", page_size=10)
    following = read(client, first["next"].replace("page_size=10", "page_size=200"))
    assert ids(first) + ids(following) == ids(read(client, "cases/", ordering="id", page_size=200))


def test_the_count_can_be_left_out(dataset, client):
    counted = read(client, "cases/", count="true")
    uncounted = read(client, "cases/", count="false")
    assert counted["count"] == real_data.sizes()["cases"]
    assert "count" not in uncounted
    assert uncounted["results"] == counted["results"]
    assert "count" not in read(client, uncounted["next"])


def test_a_list_of_nothing_is_one_empty_page(dataset, client):
    page = read(client, "cases/", ids="KZ-9999")
    assert page | {"permalink": ""} == {
        "count": 0,
        "next": None,
        "previous": None,
        "publication": real_data.publications(),
        "permalink": "",
        "results": [],
    }


def cursor_of(address):
    return parse_qs(urlsplit(address).query)["cursor"][0]


REFUSED_CURSORS = {
    "of another list": ("defendants/", {}),
    "of other filters": ("cases/", {"country": "KZ"}),
    "of more values of a filter": ("cases/", {"country": ["UZ", "KZ"]}),
    "of another ordering": ("cases/", {"country": "UZ", "ordering": "id"}),
    "of the opposite ordering": ("cases/", {"country": "UZ", "ordering": "decided"}),
    "of another date mode": ("cases/", {"country": "UZ", "date_mode": "certain"}),
}


@pytest.mark.parametrize(("address", "query"), REFUSED_CURSORS.values(), ids=REFUSED_CURSORS)
def test_a_cursor_serves_only_the_list_it_was_made_for(dataset, client, address, query):
    cursor = cursor_of(read(client, "cases/", country="UZ", page_size=5)["next"])
    [error] = mistakes(client, address, cursor=cursor, page_size=5, **query)
    assert (error["param"], error["value"]) == ("cursor", cursor)


def test_a_cursor_that_was_tampered_with_is_refused(dataset, client):
    cursor = cursor_of(read(client, "cases/", page_size=5)["next"])
    content, signature = cursor.rsplit(":", 1)
    for forged in (
        cursor[:-1],
        cursor + "A",
        content,
        f":{signature}",
        f"{content[:-2]}xx:{signature}",
        cursor.swapcase(),
    ):
        [error] = mistakes(client, "cases/", cursor=forged, page_size=5)
        assert error["param"] == "cursor"


def test_a_cursor_of_ours_for_something_else_is_refused(dataset, client):
    from django.core.signing import Signer

    other = Signer(salt="something else").sign_object({"id": "KZ-0001"})
    assert mistakes(client, "cases/", cursor=other)


def test_what_does_not_select_may_change_between_pages(dataset, client):
    page = read(client, "cases/", page_size=5)
    cursor, now = cursor_of(page["next"]), page["publication"]
    for query in ({"page_size": 3}, {"count": "false"}, {"format": "json"}, {"as_of": now}):
        read(client, "cases/", cursor=cursor, **query)

"""No parameter does nothing: each one of the published schema changes an answer."""

import pytest
from django.http import HttpResponse
from django.urls import resolve

from cases.api.request import negotiation
from cases.api.request.snapshots import Snapshot
from cases.api.schemas.openapi import Generator
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.downloads import read as content
from tests.api.examples import EVERYTHING
from tests.api.test_filters import TABLES

# What every answer says of itself, whatever it was asked for.
FRAME = {"publication", "permalink", "next", "previous", "published_at", "digest"}

NEW = {
    RecordKind.CASE: "KZ-0009",
    RecordKind.DEFENDANT: "KZ-0009-D1",
    RecordKind.VERDICT: "KZ-0009-V1",
    RecordKind.SOURCE: "SRC-0009",
    RecordKind.STATISTIC: "STAT-0009",
}

EXAMPLES = {
    "cases": "KZ-0001",
    "defendants": "KZ-0001-D1",
    "verdicts": "KZ-0001-V1",
    "sources": "SRC-0001",
    "statistics": "STAT-0001",
    "regions": "KZ-59",
    "courts": "district",
    "formations": "army",
    "articles": "KZ-172",
    "publishers": "court",
}

# Pairs of queries that differ in one parameter; one of them must show what it does.
PAIRS = {
    "as_of": [("", "as_of=1")],
    "changed_since": [("", "changed_since=1")],
    "ids": [("", "ids=KZ-0001,KZ-0001-D1"), ("", "ids=KZ-0001-V1"), ("", "ids=SRC-0001,STAT-0001")],
    "fields": [("", "fields=id"), ("", "fields=name"), ("", "fields=statistic.id")],
    "omit": [("", "omit=version"), ("", "omit=ours")],
    "page_size": [("", "page_size=1")],
    "count": [("", "count=false")],
    "codes": [("", "codes=1")],
    "ordering": [("", "ordering=id"), ("", "ordering=-id"), ("", "ordering=decided")],
    "since": [("", "since=1")],
    "record": [("", "record=court")],
    "bom": [
        ("format=csv", "format=csv&bom=true"),
        ("by=disputed&format=csv", "by=disputed&format=csv&bom=true"),
        ("by=archived&format=csv", "by=archived&format=csv&bom=true"),
    ],
    "delimiter": [
        ("format=csv", "format=csv&delimiter=semicolon"),
        ("by=disputed&format=csv", "by=disputed&format=csv&delimiter=semicolon"),
        ("by=archived&format=csv", "by=archived&format=csv&delimiter=semicolon"),
    ],
    "significant": [("", "significant=true"), ("", "significant=false")],
    "changed": [("", "changed=false"), ("since=1", "since=1&changed=false")],
    "provenance": [
        (f"format=csv&ids={public_id}", f"format=csv&ids={public_id}&provenance=inline")
        for public_id in ("KZ-0001", "KZ-0001-D1", "KZ-0001-V1", "STAT-0001")
    ],
    "format": [("", "format=csv"), ("", "format=geojson"), ("", "format=yaml")],
    "by": [("", "by=disputed"), ("", "by=archived")],
    "measure": [("", "measure=sentence_months")],
    "drill": [
        (f"{filter}&drill=sideways", f"{filter}&drill=down")
        for filter in ("kind=participation", "kind=news_report", "measure=cases_opened")
    ],
}


@pytest.fixture
def two_publications(world):
    """The second one brings all anew but the last record of each kind, and one more of each."""
    found = {
        (kind, document.get("id") or document["code"]): document for kind, document in EVERYTHING
    }
    last = {kind: public_id for kind, public_id in found}
    first = {kind: document for (kind, _), document in reversed(found.items())}
    published.publish(
        *(
            (kind, uncited(document))
            for (kind, public_id), document in found.items()
            if public_id != last[kind]
        ),
        *((kind, uncited(first[kind] | {"id": public_id})) for kind, public_id in NEW.items()),
    )


def uncited(part):
    """A document in which every object has its citations, as published ones do."""
    if isinstance(part, list):
        return [uncited(item) for item in part]
    if isinstance(part, dict):
        return {"citations": []} | {key: uncited(value) for key, value in part.items()}
    return part


def test_every_parameter_in_the_schema_changes_an_answer(two_publications, client):
    idle = [
        f"{path} {about['name']}"
        for path, item in Generator(Snapshot()).get_schema()["paths"].items()
        for about in item["get"]["parameters"]
        if about["in"] == "query"
        and not refuses_all_but_one(client, path, about)
        and not changes_an_answer(client, path, about["name"])
    ]
    assert not idle, "\n".join(idle)


def refuses_all_but_one(client, path, about):
    """Whether a parameter has one value, which is as good as none, and takes no other."""
    if about["name"] != "format" or about["schema"]["enum"] != [negotiation.JSON]:
        return False
    return client.get(address(path, "format=csv")).status_code == 400


def changes_an_answer(client, path, name):
    name_of_list = path.split("/")[3]
    filters = [query for table in TABLES.get(name_of_list, {}).values() for query, _ in table]
    pairs = [(without(query, name), query) for query in filters if f"{name}=" in f"&{query}"]
    if name == "cursor":
        following = client.get(address(path, "page_size=1")).json()["next"]
        pairs = [("page_size=1", following.partition("?")[2])]
    return any(
        answer(client, path, plain) != answer(client, path, asked)
        for plain, asked in [*pairs, *PAIRS.get(name, [])]
    )


def without(query, name):
    return "&".join(pair for pair in query.split("&") if not pair.startswith(f"{name}="))


def answer(client, path, query):
    """What an address says, without what it says of itself; null = it refuses."""
    response: HttpResponse = client.get(address(path, query))
    if response.status_code != 200:
        return None
    if response["Content-Type"] != negotiation.MEDIA_TYPES[negotiation.JSON]:
        return content(response)
    return {key: value for key, value in response.json().items() if key not in FRAME}


def address(path, query):
    example = EXAMPLES.get(path.split("/")[3], "")
    if path.endswith("/facets/") and "by=" not in f"&{query}":
        query = f"by={'measure' if 'statistics' in path else 'kind'}&{query}"
    return f"{path.replace('{public_id}', example)}?{query}".rstrip("?&")


def test_the_examples_are_of_addresses_that_there_are():
    for name, public_id in EXAMPLES.items():
        assert resolve(f"/api/v1/{name}/{public_id}/")

"""Asking the API as a reader does."""

from collections.abc import Iterator
from typing import Any

from cases.api.urls import FILTERS
from cases.api.views.records import RECORDS, REFERENCE

Json = dict[str, Any]

BASE = "/api/v1/"
LISTS, REFERENCE_LISTS = tuple(RECORDS), tuple(REFERENCE)
PROSECUTION = ("cases", "defendants", "verdicts")

# Every ordering of every list, ascending and descending.
ORDERINGS = [
    (name, f"{sign}{ordering}")
    for name, filters in FILTERS.items()
    for ordering in filters.orderings
    for sign in ("", "-")
]

# Problems are told as RFC 9457 says, whatever went wrong.
PROBLEM = "application/problem+json"


def read(client, address: str, /, **query: Any) -> Json:
    """The JSON at an address that must answer. A list as value repeats the parameter."""
    response = client.get(_absolute(address), query)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/json"
    return response.json()


def problem(client, status: int, address: str, /, **query: Any) -> Json:
    """The problem details of a request that must fail with this status."""
    return problem_of(client.get(_absolute(address), query), status)


def problem_of(response, status: int) -> Json:
    assert response.status_code == status, response.content.decode()[:1000]
    assert response["Content-Type"] == PROBLEM
    details = response.json()
    assert details["status"] == status
    assert {"type", "title", "code", "detail"} <= details.keys()
    return details


def mistakes(client, address: str, /, **query: Any) -> list[Json]:
    """What a request for an address is refused for, each mistake with param, value, allowed."""
    errors = problem(client, 400, address, **query)["errors"]
    assert all(error.keys() == {"param", "value", "detail", "allowed"} for error in errors)
    return errors


def pages(client, address: str, /, **query: Any) -> Iterator[Json]:
    """The page at an address and all that come behind it."""
    return _walk(client, read(client, address, **query), "next")


def pages_back(client, address: str) -> Iterator[Json]:
    """The page at an address and all that come before it."""
    return _walk(client, read(client, address), "previous")


def _walk(client, page: Json, follow: str) -> Iterator[Json]:
    yield page
    walked: set[str] = set()
    while following := page[follow]:
        assert following not in walked, "the pages go round in a circle"
        walked.add(following)
        page = read(client, following)
        yield page


def ids(listed: Json) -> list[str]:
    return [record.get("id") or record["code"] for record in listed["results"]]


def parameters(client, address: str) -> dict[str, Json]:
    """What OPTIONS says of each query parameter of an address."""
    response = client.options(_absolute(address))
    assert response.status_code == 200
    return {parameter["name"]: parameter for parameter in response.json()["parameters"]}


def right_value(parameter: Json) -> str:
    """A value that OPTIONS allows."""
    return parameter["allowed"][0] if "allowed" in parameter else EXAMPLES[parameter["type"]]


# One right value for each form of value that OPTIONS names.
EXAMPLES = {
    "ids like KZ-0001": "KZ-0001",
    "ids like KZ-0001-D1": "KZ-0001-D1",
    "ids like KZ-0001-V1": "KZ-0001-V1",
    "ids like SRC-0001": "SRC-0001",
    "ids like STAT-0001": "STAT-0001",
    "a date: 2025, 2025-02 or 2025-02-14": "2025-02",
    "whole months from 0 to 1200": "12",
    "years from 1900 to 2100": "2025",
    "a whole number from 1 to 200": "2",
    "a publication number": "0",
    "up to 8 words, 200 characters": "0001",
    "a publication number, date or time": "1",
}


def _absolute(address: str) -> str:
    return address if address.startswith(("/", "http")) else BASE + address

"""Every address with every value of every parameter, on the real data: no answer is a 5xx.

The schema says which parameters an address of the API has, and what each takes; lists of pages,
feeds and charts take those of the list of the API. They are read in the three languages in turn.
"""

import re
from itertools import cycle, islice

import pytest
from django.http import QueryDict
from django.test import Client

from cases.api.request import snapshots
from cases.api.request.filter_types import RecordFilterSet
from cases.api.request.parameters import Parameters
from cases.api.schemas.openapi import Generator
from cases.api.urls import FILTERS
from cases.charts.charts import CHARTS
from cases.models import Entry
from cases.vocabulary import RecordKind
from cases.web.explorer.urls import FOLDERS, PAGES
from cases.web.urls import REFERENCE
from tests.api.downloads import read

LANGUAGES = ("en", "ru", "kk")
MOST_CODES = 3  # of an enumeration that has more: the first ones, and one that is wrong
WRONG = ("", "…", "999999999", "a" * 300)
NOT_RECORDS = ("coverage", "facets", "versions", "no-such-record")


@pytest.fixture
def walk(dataset):
    """Asks for addresses and keeps those that fail."""
    client = Client(raise_request_exception=False)

    def ask(addresses):
        failed = []
        for address in dict.fromkeys(addresses):
            answer = client.get(address)
            if answer.status_code >= 500:
                failed.append(f"{answer.status_code} {address}")
            read(answer)
        return failed

    return ask


@pytest.fixture
def examples(dataset):
    """Some ids of each kind of record, by their list."""
    entries = Entry.objects.order_by("record", "public_id")
    found = {}
    for record, public_id in entries.values_list("record", "public_id"):
        found.setdefault(f"{record}s", []).append(public_id)
    return {name: [*islice(ids, 2), *NOT_RECORDS] for name, ids in found.items()}


def values(about):
    """Values of a parameter: what is allowed, a few of many codes, all formats, and what is not."""
    schema = about["schema"].get("items", about["schema"])
    most = None if about["name"] == "format" else MOST_CODES
    allowed = [str(one) for one in schema.get("enum", [])][:most]
    if schema.get("type") == "boolean":
        allowed = ["true", "false"]
    if schema.get("type") == "integer":
        allowed = ["0", "1", "2"]
    return [*allowed, *map(str, filter(None, [schema.get("example")])), *WRONG]


def quoted(value):
    return "".join(
        letter if letter.isalnum() else f"%{letter.encode().hex('%')}" for letter in value
    )


def parameters(dataset_schema, path):
    """Query strings of an address of the API, one parameter each."""
    for about in dataset_schema["paths"][path]["get"].get("parameters", []):
        if about["in"] == "query":
            for value in [*values(about), str(about.get("example", ""))]:
                yield f"{about['name']}={quoted(value)}"


def short(schema, path):
    """The same, with one record a page: more take longer and fail no other way."""
    names = {about["name"] for about in schema["paths"][path]["get"].get("parameters", [])}
    for query in parameters(schema, path):
        paged = "page_size" in names and not query.startswith(("page_size=", "format="))
        yield f"{query}&page_size=1" if paged else query


@pytest.fixture
def schema(dataset):
    return Generator(snapshots.read(Parameters(QueryDict()))).get_schema()


def filled(path, examples):
    """An address with a placeholder, once for each example."""
    if "{" not in path:
        return [path]
    name = path.split("/")[3]
    return [re.sub(r"{\w+}", public_id, path) for public_id in examples[name]]


def in_turn(addresses):
    """Each with a language, the three in turn."""
    return zip(cycle(LANGUAGES), addresses, strict=False)


def test_the_api_answers_every_parameter(walk, schema, examples):
    failed = walk(
        f"{address}?{query}"
        for path in schema["paths"]
        for number, address in enumerate(filled(path, examples))
        # What is asked of one record is asked of all.
        for query in ["", *([] if number else short(schema, path))]
    )
    assert failed == []


def of_list(schema, name):
    return list(parameters(schema, f"/api/v1/{name}/"))


@pytest.mark.parametrize("name", FILTERS)
def test_feeds_and_files_answer_every_parameter(walk, schema, name):
    queries = of_list(schema, name)
    failed = walk(
        [
            *(
                f"/feeds/{name}.atom?{query}&lang={language}"
                for language, query in in_turn(queries)
            ),
            *(f"/api/v1/{name}/?{query}&format=csv" for query in queries),
            *(f"/feeds/changes.atom?{query}" for query in queries),
        ]
    )
    assert failed == []


@pytest.mark.parametrize("name", FILTERS)
def test_lists_of_pages_answer_every_parameter(walk, schema, name):
    ends = [end for end, _ in PAGES.values()]
    # All pages of a list read the same parameters, so each is asked on one of them.
    asked = zip(cycle(ends), short(schema, f"/api/v1/{name}/"), strict=False)
    pages = [*((end, "") for end in ends), *asked]
    below = [f"{FOLDERS[name]}/{end}?{query}" for end, query in pages]
    assert walk(f"/{language}/{page}" for language, page in in_turn(below)) == []


def test_pages_of_records_answer_for_what_is_no_record_too(walk, examples):
    plurals = sorted({*REFERENCE.values(), "cases", "sources", "statistics"})
    queries = ("", "as_of=1", "as_of=2000", "as_of=…", "page=2")
    below = [
        *(
            f"{name}/{public_id}/?{query}"
            for name in plurals
            for public_id in examples[name]
            for query in queries
        ),
        *(f"{page}?{query}" for page in ("", "statistics/") for query in queries),
    ]
    assert walk(f"/{language}/{page}" for language, page in in_turn(below)) == []


@pytest.mark.parametrize("name", CHARTS)
def test_charts_answer_every_parameter(walk, schema, name):
    """As JSON: the same parameters are read for pictures, which take a process to draw."""
    filters = CHARTS[name].filters
    plural = next(plural for plural, known in FILTERS.items() if known is filters)
    looks = [f"theme={one}" for one in ("dark", "x")] + [f"width={one}" for one in ("400", "x")]
    failed = walk(
        f"/charts/{name}.json?{query}&lang={language}"
        for language, query in in_turn(["", *looks, *of_list(schema, plural)])
    )
    assert failed == []


def test_every_kind_of_record_is_walked(examples):
    assert {f"{kind}s" for kind in RecordKind} == examples.keys()
    assert all(issubclass(filters, RecordFilterSet) for filters in FILTERS.values())

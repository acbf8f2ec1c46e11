"""A client that is generated from the schema reads what later publications bring."""

import orjson
import pytest

from cases.api.request.parameter_docs import collapsed
from cases.publishing.ledger import ledger
from tests import databases, synthetic
from tests.openapi.contract import keeps_to, mistakes, operation, resolved

SCHEMA = "/api/v1/schema/"


def _publish():
    synthetic.everything()
    ledger.publish("First")


one_publication = databases.written_once(_publish)


@pytest.fixture
def published(one_publication, db):
    """One synthetic record of each kind, published."""


def served(client, query=""):
    response = client.get(f"{SCHEMA}{query}")
    assert response.status_code == 200, response.content
    return response


def publish_codes():
    """A publication with a court, articles and a formation that no client has seen. The names of
    the articles are the same to most generators."""
    synthetic.court("synthetic-new-court")
    synthetic.formation("synthetic-new-unit")
    synthetic.article("UZ-154-1")
    synthetic.article("UZ-154.1")
    assert ledger.publish("Second").number == 2


def enums(part):
    """Every closed list in a part of the schema, with the names of its members."""
    if isinstance(part, dict):
        if "enum" in part and part.get("type") == "string":
            yield part["enum"], part.get("x-enum-varnames", part["enum"])
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from enums(item)


def test_a_publication_with_new_codes_leaves_the_schema_as_it_was(published, client):
    before = served(client).content
    publish_codes()
    assert served(client).content == before
    codes = served(client).json()["components"]["schemas"]
    added = {
        "CourtCode": "synthetic-new-court",
        "FormationCode": "synthetic-new-unit",
        "ArticleCode": "UZ-154.1",
        "CountryCode": "UZ",
    }
    for name, code in added.items():
        assert "enum" not in codes[name]
        assert mistakes(served(client).json(), codes[name], code) == []
    listed = served(client, "?codes=1").json()["components"]["schemas"]
    assert all(code in listed[name]["enum"] for name, code in added.items())


@pytest.mark.parametrize("query", ["", "?codes=1"])
def test_members_of_a_closed_list_never_have_one_name(published, client, query):
    publish_codes()
    found = list(enums(served(client, query).json()))
    assert len(found) > 100
    for values, names in found:
        assert len(names) == len(values)
        assert len({collapsed(name) for name in names}) == len(values), names
        assert all(name[:1].isalpha() for name in names), names


def test_nothing_in_the_schema_ends_with_the_newest_publication(published, client):
    parameters = operation(served(client).json(), "/api/v1/cases/")["parameters"]
    ends = {p["name"]: p["schema"] for p in parameters if p["name"] in ("as_of", "changed_since")}
    assert ends["as_of"]["anyOf"][0] == {"type": "integer", "minimum": 1}
    assert ends["changed_since"]["anyOf"][0] == {"type": "integer", "minimum": 0}


def test_a_schema_with_codes_is_asked_for_by_1_or_true(published, client):
    assert served(client, "?codes=true").content == served(client, "?codes=1").content
    assert served(client, "?codes=0").content == served(client).content
    refused = client.get(f"{SCHEMA}?codes=yes")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["param"] == "codes"


@pytest.mark.parametrize(
    "query",
    [
        "fields=citations.source",
        "fields=summary.en,defendants.names.text",
        "fields=sources.title",
        "omit=version,publication,summary,defendants.services.formation,court.name.ru",
    ],
)
def test_answers_with_less_in_them_fit_the_schema(published, client, query):
    schema = served(client).json()
    for address in ("cases/", f"cases/{synthetic.CASE}/"):
        response = client.get(f"/api/v1/{address}?{query}")
        assert response.status_code == 200, response.content
        keeps_to(schema, response)
        content = operation(schema, f"/api/v1/{address}")["responses"]["200"]["content"]
        # It is not taken for a whole document.
        assert mistakes(schema, content["application/json"]["schema"]["anyOf"][0], response.json())


def test_a_map_fits_the_schema(published, client):
    for address in ("cases/?format=geojson", "cases/facets/?by=region&format=geojson"):
        response = client.get(f"/api/v1/{address}")
        content = b"".join(response) if response.streaming else response.content
        schema = served(client).json()
        path = f"/api/v1/{address.partition('?')[0]}"
        part = operation(schema, path)["responses"]["200"]["content"]["application/geo+json"]
        assert mistakes(schema, part["schema"], orjson.loads(content)) == []


def test_every_answer_has_a_schema_that_says_something(published, client):
    schema = served(client).json()
    for item in schema["paths"].values():
        for media_type, content in item["get"]["responses"]["200"]["content"].items():
            part = content["schema"]
            part = resolved(schema, part["anyOf"][0] if "anyOf" in part else part)
            assert part.get("type") in ("object", "string"), media_type


def test_every_reference_has_a_pattern_and_an_example_that_fits(published, client):
    schema = served(client).json()
    for kind in ("region", "court", "formation", "article", "publisher", "country"):
        code = schema["components"]["schemas"][f"{kind.capitalize()}Code"]
        [example] = code["examples"]
        assert mistakes(schema, code, example) == []
        assert mistakes(schema, code, "no code") != []

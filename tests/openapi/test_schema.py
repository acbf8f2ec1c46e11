"""The schema says what the API does: of every document, answer, error and parameter."""

from typing import Any

import orjson
import pytest
import yaml
from django.core.exceptions import FieldDoesNotExist
from django.core.management import call_command
from django.urls import resolve
from openapi_spec_validator import validate
from rest_framework.serializers import ModelSerializer

from cases.api.request.snapshots import Snapshot
from cases.api.urls import EXAMPLES
from cases.api.views.records import RECORDS, REFERENCE
from cases.management.commands.write_openapi import FILE
from cases.models import Entry, Publication, Statistic, published
from cases.publishing.ledger import ledger
from cases.publishing.serializers.documents import DOCUMENTS
from cases.vocabulary import Operation, RecordKind
from tests.openapi.contract import keeps_to, mistakes, operation, resolved, strict

API = "/api/v1/"
LISTS = [*RECORDS, *REFERENCE]


def fits(schema, client, address, status=200, **headers):
    response = client.get(API + address, headers=headers)
    assert response.status_code == status, response.content
    keeps_to(schema, response)
    return response


def test_the_committed_schema_is_the_present_one(tmp_path):
    call_command("write_openapi", tmp_path / "openapi.yaml")
    assert (tmp_path / "openapi.yaml").read_text() == FILE.read_text(), (
        "the API has changed: run manage.py write_openapi, and read what changed"
    )


def test_the_committed_schema_is_the_one_that_is_served(dataset, client):
    assert client.get(f"{API}schema/?format=yaml").content == FILE.read_bytes()


def test_the_served_schema_is_valid_openapi(schema):
    assert schema["openapi"] == "3.1.0"
    validate(schema)


def test_yaml_and_json_say_the_same(schema, client):
    for address, accept in ((f"{API}schema/?format=yaml", "*/*"), (f"{API}schema/", YAML)):
        response = client.get(address, headers={"Accept": accept})
        assert response["Content-Type"] == YAML
        assert yaml.load(response.content, yaml.CSafeLoader) == schema


YAML = "application/yaml"


def test_the_schema_with_codes_lists_every_code_that_can_be_asked_for(dataset, client):
    schema = client.get(f"{API}schema/?codes=1").json()
    for name, kind in REFERENCE.items():
        listed = schema["components"]["schemas"][f"{kind.capitalize()}Code"]["enum"]
        ids = published(kind).current().values_list("public_id", flat=True)
        assert listed == sorted(ids), name


@pytest.mark.parametrize("kind", RecordKind)
def test_every_published_document_fits_its_shape(schema, kind):
    shape = {"$ref": f"#/components/schemas/{kind.capitalize()}"}
    closed = strict(schema)
    bodies = published(kind).values_list("public_id", "body")
    assert bodies
    found = {name: mistakes(closed, shape, orjson.loads(body)) for name, body in bodies}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def shapes(shape=ModelSerializer):
    """All shapes of rows."""
    for child in shape.__subclasses__():
        if child.__module__.startswith("cases.") and hasattr(child, "Meta"):
            yield child
        yield from shapes(child)


@pytest.mark.parametrize("shape", sorted({*shapes()}, key=str))
def test_a_field_is_nullable_as_its_column_is(shape):
    for name, field in shape().fields.items():
        try:
            column = shape.Meta.model._meta.get_field(field.source.removesuffix("_id"))
        except FieldDoesNotExist:
            continue  # derived, or put together from several
        if column.concrete and not column.many_to_many:
            assert field.allow_null == column.null, name


@pytest.mark.parametrize("name", LISTS)
def test_lists_records_and_versions_fit(schema, client, name):
    listed = fits(schema, client, f"{name}/").json()
    row = listed["results"][0]
    public_id = row["id"] if "id" in row else row["code"]
    fits(schema, client, f"{name}/{public_id}/")
    fits(schema, client, f"{name}/{public_id}/versions/")


@pytest.mark.parametrize("name", RECORDS)
def test_the_last_page_and_a_page_without_a_count_fit(schema, client, name):
    fits(schema, client, f"{name}/?page_size=200&count=false")


@pytest.mark.parametrize("address", ["", "changes/", "publications/", "statistics/coverage/"])
def test_what_is_about_the_dataset_fits(schema, client, address):
    fits(schema, client, address)


@pytest.mark.parametrize("name", RECORDS)
def test_facets_fit(schema, client, name):
    by = operation(schema, f"{API}{name}/facets/")
    [by] = [parameter for parameter in by["parameters"] if parameter["name"] == "by"]
    fields = by["schema"]["items"]["pattern"].removeprefix("^(").partition(")")[0].split("|")
    for field in fields:
        fits(schema, client, f"{name}/facets/?by={field}")
    fits(schema, client, f"{name}/facets/?by={fields[0]},{fields[1]}&by={fields[2]}")


@pytest.mark.parametrize("name", ["cases", "defendants", "verdicts"])
def test_sentence_lengths_fit(schema, client, name):
    fits(schema, client, f"{name}/facets/?by=region,plea&by=plea&measure=sentence_months")


@pytest.mark.parametrize("name", LISTS)
def test_unknown_records_and_parameters_are_problems_that_fit(schema, client, name):
    fits(schema, client, f"{name}/none/", 404)
    fits(schema, client, f"{name}/none/versions/", 404)
    fits(schema, client, f"{name}/?colour=red&as_of=never&format=", 400)
    fits(schema, client, f"{name}/{EXAMPLES[name]}/?colour=red", 400)
    fits(schema, client, f"{name}/", 406, Accept="image/png")


def test_what_the_client_has_is_answered_without_a_body(schema, client):
    for address in ("", "cases/", "cases/KZ-0001/", "cases/facets/?by=plea", "schema/"):
        tag = client.get(API + address)["ETag"]
        fits(schema, client, address, 304, **{"If-None-Match": tag})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_problems_that_fit(schema, client, method):
    for address in ("", "cases/", "cases/KZ-0001/", "changes/", "schema/"):
        response = getattr(client, method)(API + address)
        assert response.status_code == 405
        keeps_to(schema, response)


def test_withdrawn_and_merged_records_fit(schema, client):
    Statistic.objects.filter(pk="STAT-0093").delete()
    publication = ledger.publish("A figure was withdrawn.")
    assert publication
    published(RecordKind.SOURCE).filter(public_id="SRC-0001").update(until=publication)
    Entry.objects.create(
        publication=publication,
        operation=Operation.MERGE,
        record=RecordKind.SOURCE,
        public_id="SRC-0001",
        version=1,
        into="SRC-0002",
        digest="0" * 64,
    )
    fits(schema, client, "statistics/STAT-0093/", 410)
    fits(schema, client, "sources/SRC-0001/", 308)
    fits(schema, client, "sources/SRC-0001/versions/")
    operations = {
        row["op"]
        for row in fits(schema, client, f"changes/?since={publication.number - 1}").json()[
            "results"
        ]
    }
    assert operations >= {"withdraw", "merge"}


@pytest.mark.django_db
def test_before_the_first_publication_the_answers_fit(schema, client):
    for kind in DOCUMENTS:
        published(kind).delete()
    Entry.objects.all().delete()
    Publication.objects.all().delete()
    for address in ("", "cases/", "regions/", "changes/", "cases/facets/?by=region"):
        fits(schema, client, address)


def test_the_schema_has_every_parameter_that_is_taken_and_no_other(schema):
    for path, item in schema["paths"].items():
        served: Any = resolve(path.replace("{public_id}", "x")).func
        view = served.cls(**served.initkwargs)
        view.snapshot = Snapshot()
        queried = [p["name"] for p in item["get"]["parameters"] if p["in"] == "query"]
        assert sorted(queried) == sorted(view.names()), path


def test_every_operation_has_a_name_of_its_own(schema):
    names = [item["get"]["operationId"] for item in schema["paths"].values()]
    assert len(set(names)) == len(names) == 4 + 2 + 1 + 5 + 4 * 5 + 2 * 5
    assert {"get_dataset", "list_cases", "get_case", "list_case_versions"} <= set(names)


def test_only_what_has_no_shape_is_any_object(schema):
    for path, item in schema["paths"].items():
        body = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        body = body["anyOf"][0] if "anyOf" in body else body
        assert "properties" in resolved(schema, body) or path == f"{API}schema/"

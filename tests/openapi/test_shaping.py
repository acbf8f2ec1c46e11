"""`fields` and `omit`: the asked-for parts of a document, checked against its shape."""

from urllib.parse import urlsplit

import pytest

from cases.api.request import sparse_fields
from cases.api.request.sparse_fields import paths, tree_of
from cases.api.urls import EXAMPLES
from cases.api.views.records import RECORDS, REFERENCE
from cases.models import published
from cases.publishing.serializers.documents import DOCUMENTS
from cases.vocabulary import RecordKind
from tests.openapi.contract import resolved

pytestmark = pytest.mark.usefixtures("dataset")

API = "/api/v1/"
CASE = f"{API}cases/KZ-0009/"


def read(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 400, response.content
    [error] = response.json()["errors"]
    return error


def test_a_path_passes_through_lists(client):
    assert read(client, CASE, fields="defendants.names.text") == {
        "id": "KZ-0009",
        "defendants": [{"names": [{"text": "Євген Люфт"}, {"text": "Yevgeny Luft"}]}],
    }


def test_fields_are_repeated_or_divided_by_commas(client):
    expected = {"id": "KZ-0009", "country": "KZ", "status": "decided"}
    assert read(client, CASE, fields="country,status") == expected
    assert read(client, CASE, fields=["country", "status"]) == expected


def test_an_object_is_taken_whole_however_it_is_named(client):
    whole = read(client, CASE)["court"]
    for fields in ("court", "court,court.name.en", "court.name.en,court"):
        assert read(client, CASE, fields=fields) == {"id": "KZ-0009", "court": whole}


def test_what_is_null_stays_null(client):
    assert read(client, CASE, fields="opened.value") == {"id": "KZ-0009", "opened": None}


def test_omitted_parts_are_gone_and_all_else_is_there(client):
    whole = read(client, CASE)
    shaped = read(client, CASE, omit="sources,defendants.names.text")
    del whole["sources"]
    for name in whole["defendants"][0]["names"]:
        del name["text"]
    assert shaped == whole


def test_omit_wins_over_fields(client):
    shaped = read(client, CASE, fields="country,court", omit="court.name,court.region")
    assert shaped["court"].keys() == {"id", "level"}
    assert read(client, CASE, fields="country,court", omit="court") == {
        "id": "KZ-0009",
        "country": "KZ",
    }


def test_the_id_or_code_always_stays(client):
    error = refused(client, CASE, omit="id")
    assert "always stays" in error["detail"]
    assert "id" not in error["allowed"]
    refused(client, f"{API}regions/KZ-59/", omit="code")


@pytest.mark.parametrize("name", [*RECORDS, *REFERENCE])
def test_lists_and_records_of_every_kind_are_shaped(client, name):
    version = {"fields": "version"}
    for row in read(client, f"{API}{name}/", **version)["results"]:
        assert row.keys() in ({"id", "version"}, {"code", "version"})
    detail = read(client, f"{API}{name}/{EXAMPLES[name]}/", **version)
    assert EXAMPLES[name] in (detail.get("id"), detail.get("code"))


def test_coverage_is_shaped_too(client):
    rows = read(client, f"{API}statistics/coverage/", fields="statistic.id,ours.count")["results"]
    assert {(*row, *row["statistic"]) for row in rows} == {("statistic", "ours", "id")}


@pytest.mark.parametrize("parameter", ["fields", "omit"])
def test_an_unknown_path_is_refused_with_what_is_allowed_there(client, parameter):
    error = refused(client, CASE, **{parameter: "defendants.names.txt"})
    assert (error["param"], error["value"]) == (parameter, "defendants.names.txt")
    assert "Did you mean defendants.names.text" in error["detail"]
    assert error["allowed"] == [
        f"defendants.names.{name}" for name in ("kind", "language", "script", "text")
    ]


def test_an_unknown_name_is_refused_with_the_names_of_the_document(client):
    error = refused(client, f"{API}cases/", fields="contry")
    assert "Did you mean country" in error["detail"]
    assert error["allowed"] == sorted(tree_of(DOCUMENTS[RecordKind.CASE]))


def test_a_value_has_no_parts(client):
    error = refused(client, CASE, fields="country.name")
    assert "has no parts" in error["detail"]
    assert error["allowed"] == ["country"]


@pytest.mark.parametrize("given", ["", "court,", ".", "court.", "Court"])
def test_a_path_that_is_none_is_refused(client, given):
    refused(client, CASE, fields=given)


def test_the_permalink_and_the_pages_keep_the_shape(client):
    page = read(client, f"{API}cases/", fields="country", omit="country", page_size="2")
    for address in (page["permalink"], page["next"]):
        again = client.get("?".join(urlsplit(address)[2:4])).json()
        assert all(row.keys() == {"id"} for row in again["results"])
    table = read(client, f"{API}regions/", fields="kind")
    assert "fields=kind" in table["permalink"]


def test_a_cursor_holds_while_the_shape_changes(client):
    page = read(client, f"{API}cases/", page_size="2")
    following = read(client, page["next"].replace("http://testserver", "") + "&fields=country")
    assert following["results"][0].keys() == {"id", "country"}


def test_without_a_shape_the_published_bytes_pass_untouched(client, monkeypatch):
    def decoded(body):
        raise AssertionError("a document was decoded")

    monkeypatch.setattr(sparse_fields, "orjson", decoded)
    body = published(RecordKind.CASE).current().get(public_id="KZ-0009").body
    assert client.get(CASE).content.decode() == body
    assert body in client.get(f"{API}cases/?ids=KZ-0009").content.decode()


@pytest.mark.parametrize("kind", RecordKind)
def test_the_paths_are_those_of_the_schema(schema, kind):
    def described(part):
        """What the schema says below a part, null and lists aside."""
        part = resolved(schema, part)
        for option in part.get("oneOf", []):
            part = resolved(schema, option) if option != {"type": "null"} else part
        if "items" in part:
            return described(part["items"])
        return {name: described(below) for name, below in part.get("properties", {}).items()}

    shape = DOCUMENTS[kind]
    assert tree_of(shape) == described({"$ref": f"#/components/schemas/{kind.capitalize()}"})
    listed = schema["components"]["schemas"][f"{kind.capitalize()}Path"]["enum"]
    assert listed == list(paths(tree_of(shape)))

"""`fields` and `omit` in files: documents with less in them, tables with fewer columns."""

import csv
import json

import pytest

from tests.api.downloads import FILES, LISTS, content, fetch, read

pytestmark = pytest.mark.usefixtures("dataset", "db")


def table(client, name, query):
    return list(csv.DictReader(content(client, name, "csv", query).decode().splitlines()))


def test_ndjson_has_the_parts_that_the_json_has(client):
    query = "&fields=status,defendants.names&omit=defendants.names.script"
    lines = content(client, "cases", "ndjson", query).decode().splitlines()
    page = client.get(f"/api/v1/cases/?page_size=200{query}").json()
    assert list(map(json.loads, lines)) == page["results"]
    assert set(page["results"][0]) == {"id", "status", "defendants"}


def test_a_table_keeps_the_columns_whose_path_is_asked_for(client):
    whole, less = table(client, "cases", ""), table(client, "cases", "&fields=region,status")
    paths = {column.name: column.keys for column in LISTS["cases"].columns}
    assert set(less[0]) == {
        name for name, keys in paths.items() if keys[0] in ("id", "region", "status")
    }
    assert less == [{name: row[name] for name in less[0]} for row in whole]


def test_a_part_of_an_object_is_one_column_of_it(client):
    assert list(table(client, "cases", "&fields=region.name.ru")[0]) == ["id", "region_name_ru"]


def test_omitted_parts_have_no_columns(client):
    whole, less = table(client, "verdicts", ""), table(client, "verdicts", "&omit=sentence_months")
    assert set(whole[0]) - set(less[0]) == {"sentence_months"}


def test_the_sources_of_a_column_go_with_it(client):
    row = table(client, "verdicts", "&fields=sentence_months&provenance=inline")[0]
    assert list(row) == ["id", "sentence_months", "sentence_months__sources"]


@pytest.mark.parametrize("form", FILES)
def test_every_format_takes_them(client, form):
    whole, less = content(client, "cases", form), content(client, "cases", form, "&fields=kind")
    assert len(less) < len(whole) / 2


def test_a_wrong_path_is_refused(client):
    answer = client.get("/api/v1/cases/?format=csv&fields=regoin")
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["param"]) == (400, "fields")
    assert "region" in error["detail"]


def test_a_file_is_not_sent_again_to_one_who_has_it(client):
    first = fetch(client, "cases", "csv", **{"Accept-Encoding": "gzip"})
    read(first)
    assert first["ETag"].endswith('-gzip"')
    again = client.get(
        "/api/v1/cases/?format=csv",
        headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]},
    )
    assert (again.status_code, read(again)) == (304, b"")
    other = fetch(client, "cases", "csv", "&omit=status", **{"Accept-Encoding": "gzip"})
    read(other)
    assert other["ETag"] != first["ETag"]

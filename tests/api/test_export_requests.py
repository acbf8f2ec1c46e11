"""How an export is asked for, and what its headers say."""

import base64
import dataclasses
import gc
import gzip
import hashlib
import re
import warnings

import brotli
import pyarrow
import pytest

from cases.exporting.formats import FORMATS
from tests.api.downloads import FILES, MEDIA_TYPES, content, fetch, read

pytestmark = pytest.mark.usefixtures("dataset", "db")


@pytest.mark.parametrize(("form", "media_type"), MEDIA_TYPES.items())
def test_accept_chooses_the_format(client, form, media_type):
    answer = client.get("/api/v1/cases/", headers={"Accept": media_type})
    assert answer["Content-Type"].split(";")[0] == media_type
    assert "Accept" in answer["Vary"]
    read(answer)


ACCEPTED = {
    "*/*": "json",
    "text/*": "csv",
    "text/csv; charset=utf-8": "csv",
    "text/csv;q=0.5, application/x-ndjson;q=0.9": "ndjson",
    "text/html, application/xhtml+xml, */*;q=0.8": "json",
    "application/json;q=0, text/csv": "csv",
    ";;;, ,text/csv": "csv",
}


@pytest.mark.parametrize(("accept", "form"), ACCEPTED.items())
def test_accept_is_read_with_its_qualities(client, accept, form):
    answer = client.get("/api/v1/cases/", headers={"Accept": accept})
    assert answer["Content-Type"].split(";")[0] == MEDIA_TYPES[form]
    read(answer)


def test_format_wins_over_accept(client):
    answer = client.get("/api/v1/cases/?format=json", headers={"Accept": "text/csv"})
    assert answer["Content-Type"] == "application/json"


def test_nothing_acceptable_answers_406_with_what_there_is(client):
    answer = client.get("/api/v1/statistics/", headers={"Accept": "application/geo+json"})
    assert answer.status_code == 406
    assert answer["Content-Type"] == "application/problem+json"
    assert [one["format"] for one in answer.json()["available"]] == [
        *("json", "csv", "ndjson", "xlsx", "parquet")
    ]


REFUSED = {
    "/sources/?format=geojson": ("format", "csv"),
    "/cases/?format=cvs": ("format", "csv"),
    "/cases/?format=csv&page_size=10": ("page_size", "whole selection"),
    "/cases/?format=csv&cursor=abc": ("cursor", "whole selection"),
    "/cases/?format=csv&count=false": ("count", "whole selection"),
    "/cases/?format=xlsx&bom=1": ("bom", "Only CSV"),
    "/cases/?format=csv&bom=yes": ("bom", "not known"),
    "/cases/?format=ndjson&provenance=inline": ("provenance", "carry their citations"),
    "/sources/?format=csv&provenance=inline": ("provenance", "no such parameter"),
    "/cases/?format=csv&provenance=full": ("provenance", "inline"),
    "/cases/?bom=1": ("bom", "Only files"),
    "/statistics/?provenance=inline": ("provenance", "Only files"),
    "/cases/?format=csv&ordering=nonsense": ("ordering", "not known"),
    "/cases/?format=csv&region=KZ-XX": ("region", "not known"),
    "/cases/KZ-0009/?format=csv": ("format", "json"),
}


@pytest.mark.parametrize(("address", "says"), REFUSED.items())
def test_what_does_not_fit_is_refused_with_a_reason(client, address, says):
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["param"] == says[0]
    assert says[1] in str(error)


def test_more_records_than_excel_holds_are_refused(client, monkeypatch):
    form = dataclasses.replace(FORMATS["xlsx"], max_rows=45)
    monkeypatch.setitem(FORMATS, "xlsx", form)
    answer = client.get("/api/v1/cases/?format=xlsx")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert "no more than 45 records" in error["detail"]
    assert error["allowed"] == ["csv", "geojson", "ndjson", "parquet"]


def test_a_cell_that_excel_cannot_hold_is_refused(client, monkeypatch):
    monkeypatch.setattr("cases.exporting.formats.workbook.MAX_TEXT", 100)
    answer = client.get("/api/v1/cases/?format=xlsx")
    assert answer.status_code == 400
    assert "an Excel cell holds 100" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(("form", "media_type"), [(form, MEDIA_TYPES[form]) for form in FILES])
def test_headers_say_what_the_file_is(client, form, media_type):
    answer = fetch(client, "cases", form, "&region=KZ")
    data = read(answer)
    number = client.get("/api/v1/").json()["publication"]
    assert answer["Content-Disposition"] == f'attachment; filename="cases-p{number}.{form}"'
    assert answer["Content-Type"].split(";")[0] == media_type
    assert answer["Dataset-Publication"] == str(number)
    assert answer["Dataset-Count"] == "9"
    assert int(answer["Content-Length"]) == len(data)
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert answer["Repr-Digest"] == f"sha-256=:{digest}:"
    permalink = f"http://testserver/api/v1/cases/?region=KZ&as_of={number}&format={form}"
    assert f'<{permalink}>; rel="bookmark"' in answer["Link"]
    assert 'rel="license"' in answer["Link"]


@pytest.mark.parametrize("form", FILES)
def test_the_permalink_gives_the_same_bytes(client, form):
    answer = fetch(client, "cases", form, "&region=KZ")
    permalink = re.findall("<(.*?)>", answer["Link"])[0]
    again = client.get(permalink)
    assert read(again) == read(answer)


def unzstd(data):
    return pyarrow.input_stream(pyarrow.py_buffer(data), compression="zstd").read()


DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": unzstd}


@pytest.mark.parametrize("coding", DECODERS)
@pytest.mark.parametrize("form", ["csv", "ndjson", "geojson"])
def test_a_file_comes_compressed_if_the_client_accepts_it(client, form, coding):
    answer = fetch(client, "cases", form, **{"Accept-Encoding": coding})
    data = read(answer)
    assert answer["Content-Encoding"] == coding
    assert "Accept-Encoding" in answer["Vary"]
    assert int(answer["Content-Length"]) == len(data)
    assert DECODERS[coding](data) == content(client, "cases", form)


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_what_is_packed_already_is_not_compressed_again(client, form):
    answer = fetch(client, "cases", form, **{"Accept-Encoding": "gzip, br, zstd"})
    assert "Content-Encoding" not in answer
    read(answer)


@pytest.mark.parametrize("coding", DECODERS)
def test_a_page_of_json_comes_compressed_too(client, coding):
    plain = client.get("/api/v1/cases/")
    answer = client.get("/api/v1/cases/", headers={"Accept-Encoding": coding})
    assert answer["Content-Encoding"] == coding
    assert DECODERS[coding](answer.content) == plain.content
    assert "accept-encoding" in plain["Vary"].lower()
    assert "X-Noise" not in answer


def test_rows_come_from_a_cursor_of_the_server(client, django_assert_num_queries):
    """The state, and one cursor, never all rows at once; at the end, whether a redaction overtook
    the file."""
    with django_assert_num_queries(5) as queries:
        content(client, "cases", "csv")
    statements = [query["sql"] for query in queries.captured_queries]
    assert "SAVEPOINT" in statements[1]
    assert statements[2].startswith("DECLARE")
    assert "redact" in statements[-1]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_file_that_is_not_sent_after_all_is_closed(client, form):
    gc.collect()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        response = client.get(f"/api/v1/cases/?format={form}", HTTP_IF_NONE_MATCH="*")
        assert response.status_code == 304
        del response
        gc.collect()
    assert [warning for warning in heard if warning.category is ResourceWarning] == []

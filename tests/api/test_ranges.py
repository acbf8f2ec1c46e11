"""Parts of files: what a client that resumes, or reads by URL, is answered."""

import time
from pathlib import Path

import pytest
from django.test import Client

from cases.api.exports import response
from cases.api.exports.files import FinishedFiles
from cases.publishing.ledger import ledger
from cases.publishing.redaction import redacting
from tests import databases, synthetic
from tests.api.checked import Told
from tests.api.downloads import FILES, read


def _publish():
    for number in (1, 2):
        synthetic.case(f"KZ-900{number}", defendant={"names": [("Zarzuk Blimpov", "full")]})
    ledger.publish("synthetic")


two_people = databases.written_once(_publish)


@pytest.fixture
def client(two_people, db):
    # Files are in no response cache to compare with.
    return Client()


def ask(client, form="csv", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return finished(client.get(f"/api/v1/defendants/?format={form}&as_of=1", headers=headers))


def finished(answer):
    """The answer with its `data`, and its file closed; `close` would end the transaction."""
    answer.data = read(answer)
    for close in answer._resource_closers:
        close()
    return answer


@pytest.mark.parametrize("form", FILES)
def test_parts_of_a_file_are_the_same_bytes(client, form):
    whole = ask(client, form)
    data, size = whole.data, int(whole["Content-Length"])
    assert (whole["Accept-Ranges"], len(data)) == ("bytes", size)
    for given, first, last in (
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, size - 1),
        ("bytes=-7", size - 7, size - 1),
        (f"bytes=-{size + 5}", 0, size - 1),
        (f"bytes=5-{size + 5}", 5, size - 1),
        ("BYTES = 3-3 ", 3, 3),
    ):
        part = ask(client, form, Range=given)
        assert part.status_code == 206, given
        assert part.data == data[first : last + 1]
        assert part["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert part["Content-Length"] == str(last + 1 - first)
        for name in ("ETag", "Content-Type", "Repr-Digest", "Last-Modified", "Cache-Control"):
            assert part[name] == whole[name], name


@pytest.mark.parametrize("form", FILES)
def test_a_file_that_is_written_again_another_day_has_the_same_bytes(client, form, monkeypatch):
    monkeypatch.setattr(response, "finished", FinishedFiles(Path(), 0, Told(None)))
    now = time.time
    for coding in ("identity", "gzip", "br", "zstd"):
        first = ask(client, form, Accept_Encoding=coding)
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda: now() + 100_000)
            again = ask(client, form, Accept_Encoding=coding)
        assert (again.data, again["ETag"]) == (first.data, first["ETag"])


@pytest.mark.parametrize("given", ["bytes={size}-", "bytes={size}-{size}", "bytes=-0"])
def test_a_range_without_a_byte_of_the_file_is_refused_with_its_size(client, given):
    size = len(ask(client).data)
    refused = ask(client, Range=given.format(size=size))
    assert refused.status_code == 416
    assert refused["Content-Range"] == f"bytes */{size}"
    assert refused.json()["code"] == "range_not_satisfiable"


@pytest.mark.parametrize(
    "given",
    [
        *("bytes=0-1,4-5", "bytes=5-2", "bytes=-", "bytes=", "bytes", "items=0-1", "0-1"),
        *("bytes=a-b", "bytes=1-2-3", "bytes=+1-2", f"bytes={'9' * 5000}-", "bytes=٣-٤"),
    ],
)
def test_what_is_no_single_range_is_answered_with_the_whole_file(client, given):
    whole = ask(client, Range=given)
    assert whole.status_code == 200
    assert "Content-Range" not in whole
    assert len(whole.data) == int(whole["Content-Length"])


def test_a_range_holds_only_for_the_bytes_that_the_client_has(client):
    tag = ask(client)["ETag"]
    assert ask(client, Range="bytes=3-", If_Range=tag).status_code == 206
    date = ask(client)["Last-Modified"]
    for other in ('"1.other"', f"W/{tag}", date, "", "*"):
        assert ask(client, Range="bytes=3-", If_Range=other).status_code == 200, other
    assert ask(client, Range="bytes=3-", If_Match='"1.other"').status_code == 412
    assert ask(client, Range="bytes=3-", If_None_Match=tag).status_code == 304


def test_parts_of_a_compressed_file_have_a_tag_of_their_own(client):
    plain = ask(client)
    packed = ask(client, Accept_Encoding="gzip")
    data = packed.data
    assert packed["ETag"] != plain["ETag"]
    part = ask(client, Accept_Encoding="gzip", Range="bytes=4-", If_Range=packed["ETag"])
    assert (part.status_code, part["Content-Encoding"]) == (206, "gzip")
    assert part.data == data[4:]
    other = ask(client, Accept_Encoding="gzip", Range="bytes=4-", If_Range=plain["ETag"])
    assert (other.status_code, other.data) == (200, data)


def test_a_redaction_between_two_parts_answers_with_the_whole_new_file(client):
    first = ask(client, Range="bytes=0-99")
    assert first.status_code == 206
    target = redacting.find("KZ-9001-D1", same=["KZ-9002-D1"])
    assert redacting.redact(target, "On request")
    rest = ask(client, Range="bytes=100-", If_Range=first["ETag"])
    assert rest.status_code == 200
    assert rest["ETag"] != first["ETag"]
    assert b"Blimpov" not in rest.data


def test_a_head_request_tells_the_size_and_that_parts_can_be_asked_for(client):
    address = "/api/v1/defendants/?format=parquet&as_of=1"
    answer = finished(client.head(address, headers={"Range": "bytes=0-1"}))
    assert answer.status_code == 200
    assert answer["Accept-Ranges"] == "bytes"
    assert int(answer["Content-Length"]) == len(ask(client, "parquet").data)


def test_pages_of_json_have_no_parts(client):
    answer = client.get("/api/v1/cases/", headers={"Range": "bytes=0-1"})
    assert (answer.status_code, "Accept-Ranges" in answer) == (200, False)


def test_another_site_may_ask_for_a_part(client):
    asked = client.options(
        "/api/v1/cases/?format=csv",
        headers={
            "Origin": "https://synthetic.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "range,if-range",
        },
    )
    assert {"range", "if-range"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    headers = {"Origin": "https://synthetic.example", "Range": "bytes=0-1"}
    answer = finished(client.get("/api/v1/cases/?format=csv", headers=headers))
    assert {"Content-Range", "Accept-Ranges"} <= set(
        answer["Access-Control-Expose-Headers"].split(", ")
    )

"""Nothing private and no redacted person is in any answer, of any address, format and time.

What must not be there is in `tests/planted.py`.
"""

import io
import re
import zipfile

import pytest
from django.db import connection

from cases.api.urls import urlpatterns
from cases.models import PUBLISHED, Entry, Publication, Verdict
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from tests.api.reading import parameters
from tests.planted import CANARY, IDS, NAME, SECRETS

FORMATS = ("csv", "ndjson", "xlsx", "parquet", "geojson", "json")


def addresses():
    """Every address of the API, with and without what it can be asked."""
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        for public_id in IDS if "public_id>" in route else [""]:
            address = "/api/v1/" + re.sub("<.*>", public_id, route)
            assert "<" not in address
            yield address


def answers(client):
    """Address and text of every answer. Files are unpacked, errors count too."""
    publications = range(1, Publication.objects.count() + 1)
    for address in addresses():
        asked = [{}] + [{"as_of": number} for number in publications]
        known = parameters(client, address) if client.get(address).status_code == 200 else {}
        if "q" in known:
            asked += [{"q": word} for word in (*NAME, CANARY)]
            asked += [{"q": word, "as_of": 1} for word in NAME]
            asked += [{"by": known["by"]["allowed"][0]}] if "by" in known else []
        if "format" in known:
            asked += [{"format": one} for one in FORMATS]
            asked += [{"format": one, "as_of": 1, "provenance": "inline"} for one in FORMATS[:4]]
        asked.append({"nonsense": "1"})
        for query in asked:
            answer = client.get(address, query)
            content = b"".join(answer) if answer.streaming else answer.content
            headers = "\n".join(f"{key}: {value}" for key, value in answer.headers.items())
            # What was asked is said back in permalinks and errors, which is no leak.
            said = text(content) + headers
            yield f"{address} {query}", without_query(said, query.get("q"))


def text(content):
    if content[:2] == b"PK":
        files = zipfile.ZipFile(io.BytesIO(content))
        return "".join(files.read(name).decode(errors="replace") for name in files.namelist())
    if content[:4] == b"PAR1":
        import pyarrow.parquet as parquet

        return str(parquet.read_table(io.BytesIO(content)).to_pylist())
    return content.decode(errors="replace")


def without_query(said, query):
    from urllib.parse import quote_plus

    for form in (query and quote_plus(query), query):
        if form:
            said = said.replace(f"q={form}", "q=")
    return said


def hits(client, words):
    return [(where, word) for where, said in answers(client) for word in words if word in said]


def tables():
    """The text of every row that the API may read."""
    read = {model._meta.db_table for model in (*PUBLISHED.values(), Entry, Publication)}
    with connection.cursor() as cursor:
        for table in (*sorted(read), "cases_word"):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            for (row,) in cursor.fetchall():
                yield table, row


def test_nothing_private_is_in_any_answer(planted, client):
    found = hits(client, (*SECRETS, *NAME))
    assert [(place, word) for place, word in found if word in SECRETS] == []
    # The name is everywhere before its redaction, so the walk really reads what is served.
    where = {place.split()[0] for place, _ in found}
    assert {"/api/v1/cases/", "/api/v1/defendants/KZ-9001-D1/", "/api/v1/changes/"} <= where
    assert {"/api/v1/sources/SRC-9001/", "/api/v1/cases/KZ-9001/versions/"} <= where


def test_nothing_private_is_in_the_tables_that_are_read(planted):
    found = [(table, word) for table, row in tables() for word in SECRETS if word in row]
    assert found == []


def test_a_redacted_person_is_in_no_answer_of_any_time(planted, client):
    list(answers(client))  # whatever is cached is cached now
    actions.redact(redacting.find("KZ-9001-D1"), "On request", planted)
    assert hits(client, (*NAME, *SECRETS)) == []
    assert [(t, word) for t, row in tables() for word in NAME if word in row] == []
    assert list(differences()) == []


def test_nobody_finds_a_redacted_person_by_search(planted, client):
    for at in ("", "&as_of=1"):
        assert client.get(f"/api/v1/defendants/?q=Blimpov{at}").json()["count"] == 2
    actions.redact(redacting.find("KZ-9001-D1"), "On request", None)
    for word in ("Blimpov", "Блимпов", "Zarzuk"):
        for at in ("", "&as_of=1", "&as_of=2"):
            assert client.get(f"/api/v1/defendants/?q={word}{at}").json()["count"] == 0


@pytest.mark.parametrize("address", ["cases/?as_of=1", "defendants/KZ-9001-D1/?as_of=1", "cases/"])
def test_a_cached_answer_is_not_valid_after_a_redaction(planted, client, address):
    before = client.get(f"/api/v1/{address}")
    actions.redact(redacting.find("KZ-9001-D1"), "On request", None)
    for header in ({"If-None-Match": before["ETag"]},):
        after = client.get(f"/api/v1/{address}", headers=header)
        assert after.status_code == 200
        assert after["ETag"] != before["ETag"]
        assert after.content != before.content


def test_the_date_of_an_answer_is_not_older_than_the_redaction(planted, client):
    Publication.objects.update(published_at="2026-01-01T00:00:00Z")
    before = client.get("/api/v1/cases/?as_of=1")
    actions.redact(redacting.find("KZ-9001-D1"), "On request", None)
    header = {"If-Modified-Since": before["Last-Modified"]}
    assert client.get("/api/v1/cases/?as_of=1", headers=header).status_code == 200


def test_the_history_says_that_something_was_redacted_and_not_what(planted, client):
    actions.redact(redacting.find("KZ-9001-D1"), "On request", None)
    rows = client.get("/api/v1/defendants/KZ-9001-D1/versions/").json()["results"]
    assert [row["op"] for row in rows] == ["publish", "correct", "redact"]
    assert rows[2]["note"] == "On request"
    assert rows[2]["url"] == "/api/v1/defendants/KZ-9001-D1/?as_of=3"
    assert [one["version"] for one in rows[2]["replaced"] if "version" in one] == [1, 2]
    assert rows[0]["redacted"] == {
        "publication": 3,
        "body_sha256": rows[2]["replaced"][0]["now"],
    }
    assert rows[2]["redacted"] is None
    told = client.get("/api/v1/changes/?since=2").json()["results"]
    assert {row["op"] for row in told} == {"redact"}


def test_the_verdict_of_a_redacted_person_stays(planted, client):
    actions.redact(redacting.find("KZ-9001-D1"), "On request", None)
    body = client.get("/api/v1/verdicts/KZ-9001-V1/").json()
    assert body["sentence_months"] == 72
    assert body["defendant"]["names"] == []
    assert Verdict.objects.get(pk="KZ-9001-V1").sentence_months == 72

"""Changes and facets as CSV, and what files say of themselves."""

import base64
import csv
import gzip
import hashlib
import io
import re

import pytest

from tests.api.downloads import FILES, content, fetch, read
from tests.api.reading import mistakes
from tests.api.reading import read as json

pytestmark = pytest.mark.usefixtures("dataset", "db")


def table(data, delimiter=","):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def test_changes_come_as_csv(client):
    newest = json(client, "")["publication"]
    found = table(content(client, "changes", "csv", "&since=1&record=case&significant=true"))
    rows = json(client, "changes/", since=1, record="case", significant="true", page_size=1000)
    assert len(found) == rows["count"] > 10
    for row, told in zip(found, rows["results"], strict=True):
        assert row["dataset_publication"] == str(newest)
        assert row["change_publication"] == str(told["publication"])
        assert (row["id"], row["op"], row["significant"]) == (told["id"], told["op"], "TRUE")
        paths = [fact["path"] for fact in told["changed"] or []]
        assert row["changed_paths"] == "; ".join(paths)
    assert any(row["changed_from"] for row in found)


def test_a_file_of_changes_is_whole(client):
    answer = fetch(client, "changes", "csv")
    assert answer["Dataset-Count"] == str(json(client, "changes/")["count"])
    assert "changes-p" in answer["Content-Disposition"]
    assert len(table(read(answer))) == int(answer["Dataset-Count"])
    for name, value in (("page_size", "5"), ("cursor", "x")):
        errors = mistakes(client, "changes/", format="csv", **{name: value})
        assert [error["param"] for error in errors] == [name]
    assert [error["param"] for error in mistakes(client, "changes/", bom="true")] == ["bom"]
    assert mistakes(client, "publications/", format="csv")[0]["param"] == "format"


def test_facets_come_as_csv(client):
    query = {"by": ["region", "region,outcome"], "measure": "sentence_months", "country": "KZ"}
    told = json(client, "verdicts/facets/", **query)["facets"]
    asked = "&by=region&by=region,outcome&measure=sentence_months&country=KZ"
    found = table(content(client, "verdicts/facets", "csv", asked))
    simple = [row for row in found if row["facet"] == "region"]
    assert [(row["value"], row["label_ru"], int(row["count"])) for row in simple] == [
        *(
            (row["value"], row["label"]["ru"] or "", row["count"])
            for row in told["region"]["values"]
        ),
        ("", "", told["region"]["unknown"]),
    ]
    crossed = [row for row in found if row["facet"] == "region,outcome"]
    assert [[row["value"], row["crossed_value"]] for row in crossed] == [
        [code or "" for code in row["value"]] for row in told["region,outcome"]["values"]
    ]
    assert [row["sentence_months_median"] for row in crossed] == [
        "" if row["sentence_months"]["median"] is None else str(row["sentence_months"]["median"])
        for row in told["region,outcome"]["values"]
    ]
    assert mistakes(client, "verdicts/facets/", by="region", bom="true")[0]["param"] == "bom"
    assert mistakes(client, "verdicts/facets/", by="regoin", format="csv")[0]["param"] == "by"


def test_semicolons_divide_when_asked(client):
    plain = table(content(client, "cases", "csv"))
    divided = content(client, "cases", "csv", "&delimiter=semicolon&bom=true")
    assert divided.startswith(b"\xef\xbb\xbfid;version;")
    assert table(divided, ";") == plain
    [error] = mistakes(client, "cases/", format="xlsx", delimiter="semicolon")
    assert error["param"] == "delimiter"


def test_each_row_says_which_publication_the_file_is_of(client):
    for row in table(content(client, "cases", "csv", "&as_of=2")):
        assert row["dataset_publication"] == "2"
        assert int(row["version_publication"]) <= 2
        assert "publication" not in row


@pytest.mark.parametrize("form", FILES)
def test_a_client_that_decompresses_can_check_the_digest(client, form):
    plain = fetch(client, "cases", form)
    data = read(plain)
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"
    assert plain["Unencoded-Digest"] == plain["Repr-Digest"] == digest
    packed = fetch(client, "cases", form, **{"Accept-Encoding": "gzip"})
    sent = read(packed)
    if packed.headers.get("Content-Encoding") == "gzip":
        assert packed["Repr-Digest"] != digest
        sent = gzip.decompress(sent)
    assert packed["Unencoded-Digest"] == digest
    assert sent == data


def test_pages_of_json_have_it_too(client):
    plain = client.get("/api/v1/cases/")
    packed = client.get("/api/v1/cases/", headers={"Accept-Encoding": "gzip"})
    digest = base64.b64encode(hashlib.sha256(plain.content).digest()).decode()
    assert packed["Content-Encoding"] == "gzip"
    assert plain["Unencoded-Digest"] == packed["Unencoded-Digest"] == f"sha-256=:{digest}:"


def test_footnotes_say_in_words_who_says_so(client):
    query = "&ids=KZ-0009-V1&provenance=footnote&fields=sentence_months"
    [row] = table(content(client, "verdicts", "csv", query))
    assert list(row) == ["id", "sentence_months", "sentence_months__footnotes"]
    document = json(client, "verdicts/KZ-0009-V1/")
    [first, *_] = [
        citation for citation in document["citations"] if "sentence_months" in citation["fields"]
    ]
    source = next(one for one in document["sources"] if one["id"] == first["source"])
    note = row["sentence_months__footnotes"]
    for part in (source["publisher"]["name"]["en"], source["url"], source["published"]["value"]):
        assert part in note
    assert "¶" not in note
    assert "paragraphs 1–6" in note
    [error] = mistakes(client, "verdicts/", format="csv", provenance="footnotes")
    assert set(error["allowed"]) == {"inline", "footnote"}


def test_links_on_pages_to_csv_carry_the_mark_that_excel_needs(client):
    for page in ("/en/", "/ru/cases/"):
        text = client.get(page).content.decode()
        links = re.findall('(?:href|value)="([^"]*format=csv[^"]*)"', text)
        assert links
        assert all("bom=true" in link for link in links), links

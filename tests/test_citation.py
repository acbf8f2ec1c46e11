"""Whoever uses the data finds how to cite it and under which licence it is, wherever it is."""

import io
import json
import subprocess
import sys
from urllib.parse import urlsplit

import openpyxl
import pyarrow.parquet
import pytest
import yaml

from casesapi.postgres.state_dir import CHECKOUT

pytestmark = pytest.mark.django_db

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def published(db):
    from cases.publishing.ledger import ledger
    from tests import synthetic

    synthetic.everything()
    return ledger.publish()


def test_the_citation_file_keeps_to_its_schema():
    checker = [sys.executable, "-m", "check_jsonschema"]
    schema = ["--builtin-schema", "vendor.citation-file-format"]
    run = subprocess.run(
        [*checker, *schema, CHECKOUT / "CITATION.cff"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_all_places_name_one_title_and_one_licence(client, published):
    from cases.exporting.export import PUBLISHER, TITLE

    stated = yaml.safe_load((CHECKOUT / "CITATION.cff").read_text())
    root = client.get("/api/v1/").json()
    assert stated["title"] == TITLE == root["citation"]["title"]
    assert stated["authors"] == [{"name": PUBLISHER}]
    assert stated["license"] == "CC-BY-4.0"
    assert root["licence"]["data"]["url"] == LICENCE
    assert LICENCE in (CHECKOUT / "LICENSE-DATA.md").read_text()


def test_the_front_page_says_how_to_cite(client, published):
    cited = client.get("/api/v1/").json()["citation"]
    day = published.published_at.date().isoformat()
    permalink = "http://testserver/api/v1/?as_of=1"
    assert cited == {
        "title": cited["title"],
        "publisher": "Cases API",
        "publication": 1,
        "permalink": permalink,
        "text": (f"{cited['title']}. Cases API, publication 1, {day}. {permalink}. CC BY 4.0."),
    }


def test_the_permalink_of_the_citation_answers_with_the_same_bytes(client, published):
    from cases.publishing.ledger import ledger
    from tests import synthetic

    address = client.get("/api/v1/").json()["citation"]["permalink"]
    place = f"{urlsplit(address).path}?{urlsplit(address).query}"
    before = client.get(place).content
    synthetic.source("SRC-9002")
    ledger.publish()
    assert client.get(place).content == before
    assert client.get("/api/v1/").json()["citation"]["publication"] == 2


def test_before_the_first_publication_there_is_nothing_but_a_number_to_cite(client):
    assert "publication 0. http" in client.get("/api/v1/").json()["citation"]["text"]


def fetched(client, form):
    answer = client.get(f"/api/v1/cases/?country=KZ&format={form}")
    content = b"".join(answer)
    answer.close()
    return answer, content


def of_xlsx(content):
    rows = openpyxl.load_workbook(io.BytesIO(content))["about"].iter_rows(values_only=True)
    return dict(rows)["Cite as"]


def of_parquet(content):
    return pyarrow.parquet.read_schema(io.BytesIO(content)).metadata[b"citation"].decode()


def of_geojson(content):
    return json.loads(content)["citation"]


@pytest.mark.parametrize(
    ("form", "citation_of"),
    [("xlsx", of_xlsx), ("parquet", of_parquet), ("geojson", of_geojson)],
)
def test_a_file_with_a_place_for_it_says_how_to_cite_this_selection(
    client, published, form, citation_of
):
    _, content = fetched(client, form)
    cited = citation_of(content)
    assert "publication 1, " in cited
    assert f"http://testserver/api/v1/cases/?country=KZ&as_of=1&format={form}. CC BY" in cited


@pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx", "parquet", "geojson"])
def test_every_file_links_to_what_to_cite_and_to_its_licence(client, published, form):
    answer, _ = fetched(client, form)
    permalink = f"http://testserver/api/v1/cases/?country=KZ&as_of=1&format={form}"
    assert f'<{permalink}>; rel="cite-as"' in answer["Link"]
    assert f'<{LICENCE}>; rel="license"' in answer["Link"]

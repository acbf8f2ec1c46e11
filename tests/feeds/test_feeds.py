"""Feeds as readers of feeds see them: by feedparser, and held against RFC 4287."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from urllib.parse import urlsplit

import feedparser
import pytest

from cases.api.urls import FILTERS
from cases.charts.words import LANGUAGES
from cases.models import Case, Publication
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.vocabulary import RecordKind
from tests import synthetic
from tests.api import published
from tests.api.reading import mistakes, parameters, problem, read
from tests.planted import NAME, SECRETS

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["changes", *FILTERS]


def feed(client, name, **query):
    """A feed that must be well-formed, and have what RFC 4287 demands."""
    response = client.get(f"/feeds/{name}.atom", query)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for needed in ("id", "title", "updated"):
            [one] = element.findall(f"{ATOM}{needed}")
            assert one.text
        # As RFC 3339 writes times: with an offset.
        assert datetime.fromisoformat(element.find(f"{ATOM}updated").text).utcoffset() is not None
        links = [link.get("href") for link in element.findall(f"{ATOM}link")]
        assert links
        assert all(urlsplit(link).netloc for link in links)
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Cases API"
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    read_by_others = feedparser.parse(response.content)
    assert not read_by_others.bozo
    assert read_by_others.version == "atom10"
    return read_by_others


def titles(parsed):
    return [entry.title for entry in parsed.entries]


def records(parsed):
    """Ids of records in the order of the entries: of a page, or of a place on that of a case."""
    links = [urlsplit(entry.link) for entry in parsed.entries]
    return [link.fragment or link.path.rstrip("/").rpartition("/")[2] for link in links]


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_feed_is_valid_in_every_language(dataset, client, name, language):
    parsed = feed(client, name, lang=language)
    assert parsed.feed.language == language
    assert 0 < len(parsed.entries) <= 50
    assert all(entry.summary for entry in parsed.entries)
    [rights] = {parsed.feed.rights}
    assert "CC BY 4.0" in rights


@pytest.mark.parametrize("name", FILTERS)
def test_a_feed_takes_every_filter_of_its_list(dataset, client, name):
    own = {"lang", "as_of", "cursor", "significant"}
    assert set(parameters(client, f"/feeds/{name}.atom")) == FILTERS[name].names() | own


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("cases", {"region": "KZ"}),
        ("cases", {"q": "Lyuft"}),
        ("verdicts", {"outcome": "convicted", "country": "KG"}),
        ("statistics", {"article": "KZ-172", "year": "2025"}),
        ("sources", {"publisher": "mediazona"}),
        ("defendants", {"formation": "wagner"}),
    ],
)
def test_the_entries_are_those_of_the_list_newest_first(dataset, client, name, query):
    told = read(client, f"{name}/", ordering="-publication", page_size=50, **query)["results"]
    assert told
    assert records(feed(client, name, **query)) == [one["id"] for one in told]


def test_the_title_says_what_is_selected(dataset, client):
    assert feed(client, "cases", region="KZ-35").feed.title == (
        "Cases API: Cases · Region: Karaganda Region"
    )
    russian = feed(client, "cases", region="KZ-35", lang="ru").feed.title
    assert russian == "Cases API: Дела · Регион: Карагандинская область"
    assert feed(client, "changes", lang="kk").feed.title == "Cases API: өзгерістер"


def test_ids_stay_and_only_what_is_corrected_gets_a_new_one(db, client):
    synthetic.case()
    synthetic.case("KZ-9002", defendant={"names": [("S. P.", "initials")]})
    ledger.publish("")
    before = feed(client, "cases")
    synthetic.change(Case.objects.get(pk="KZ-9002"), court_case_number="1-9002")
    ledger.publish("A number corrected")
    after = feed(client, "cases")
    assert records(after) == ["KZ-9002", "KZ-9001"]
    assert after.entries[1].id in {entry.id for entry in before.entries}
    assert after.entries[0].id not in {entry.id for entry in before.entries}
    assert after.entries[0].title.endswith("(corrected)")
    assert after.entries[0].tags[0].term == "correct"
    moments = [
        str(one)
        for one in Publication.objects.order_by("number").values_list("published_at", flat=True)
    ]
    assert [datetime.fromisoformat(entry.updated) for entry in after.entries] == [
        datetime.fromisoformat(one) for one in reversed(moments)
    ]
    elsewhere = client.get("/feeds/cases.atom", headers={"Host": "127.0.0.1"})
    again = feedparser.parse(elsewhere.content)
    assert [one.id for one in again.entries] == [one.id for one in after.entries]
    assert again.feed.id == after.feed.id
    assert feed(client, "cases", region="KZ-99").feed.id != after.feed.id
    # What was, can be read as it was.
    assert [entry.id for entry in feed(client, "cases", as_of=1).entries] == [
        entry.id for entry in before.entries
    ]


def test_withdrawals_are_said_without_their_note_and_nothing_else(planted, client):
    actions.withdraw(RecordRef(RecordKind.CASE, "KZ-9001"), "Not what it seemed", planted)
    assert records(feed(client, "cases")) == ["KZ-9002"]
    told = feed(client, "changes", record="case")
    entry = told.entries[0]
    assert entry.title == "case KZ-9001: withdrawn"
    parts = ["defendant, withdrawn: 1", "verdict, withdrawn: 1", "Publication 3, "]
    for said, part in zip(entry.summary.split("<br />"), parts, strict=True):
        assert said.startswith(part)
    assert "Not what it seemed" not in str(told)
    assert entry.tags[0].term == "withdraw"
    page = client.get(urlsplit(entry.link).path)
    assert page.status_code == 410
    assert "This record was withdrawn" in page.content.decode()
    for word in (*SECRETS, "served"):
        assert word not in str(told)


def test_a_merge_leads_to_the_record_that_survived(planted, client):
    published.publish(merged={("case", "KZ-9001"): "KZ-9002"}, note="One and the same")
    entry = feed(client, "changes").entries[0]
    assert entry.title == "case KZ-9001: merged into another record → KZ-9002"
    assert entry.link.endswith("/cases/KZ-9002/")


def test_nothing_private_and_no_name_is_in_any_feed_of_records(planted, client):
    # The note of the first publication names the person, in the API and in no feed.
    assert NAME[0] in client.get("/api/v1/changes/").content.decode()
    for name in FEEDS:
        for query in ({}, {"as_of": 1}, {"lang": "ru"}):
            text = str(feed(client, name, **query))
            found = [word for word in (*SECRETS, *NAME) if word in text]
            assert found == [], name


def test_a_redacted_person_is_in_no_feed_of_any_time(planted, client):
    addresses = [f"/feeds/{name}.atom?{at}" for name in FEEDS for at in ("", "as_of=1")]
    before = {address: client.get(address) for address in addresses}
    assert len(feed(client, "defendants", q="Blimpov").entries) == 2
    actions.redact(redacting.find("KZ-9001-D1"), "On request", planted)
    for address in addresses:
        header = {"If-None-Match": before[address]["ETag"]}
        after = client.get(address, headers=header)
        assert after.status_code == 200
        text = after.content.decode()
        assert [word for word in (*SECRETS, *NAME) if word in text] == [], address
    assert feed(client, "defendants", q="Blimpov").entries == []
    told = {entry.title: entry for entry in feed(client, "changes", record="defendant").entries}
    assert "On request" not in told["defendant KZ-9001-D1: redacted"].summary
    # Readers that hold an entry are told that it is another one now.
    now = {entry.link[-10:]: entry for entry in feed(client, "defendants").entries}
    old = feedparser.parse(before["/feeds/defendants.atom?"].content)
    held = {entry.link[-10:]: entry for entry in old.entries}
    assert now["KZ-9001-D1"].updated > held["KZ-9001-D1"].updated
    assert now["KZ-9001-D1"].id == held["KZ-9001-D1"].id


def test_no_note_of_the_editors_is_in_a_feed(db, client):
    synthetic.case()
    ledger.publish("Synthetic Person <script>alert(1)</script> was added")
    assert "Synthetic Person" in client.get("/api/v1/changes/").content.decode()
    for name in FEEDS:
        text = client.get(f"/feeds/{name}.atom").content.decode()
        assert "script" not in text, name
        assert "was added" not in text, name


def test_only_so_many_entries_and_a_constant_number_of_queries(
    dataset, client, django_assert_max_num_queries
):
    assert len(feed(client, "sources").entries) == 50
    assert read(client, "sources/")["count"] > 50
    with django_assert_max_num_queries(5):
        client.get("/feeds/sources.atom")
    with django_assert_max_num_queries(5):
        client.get("/feeds/changes.atom")


@pytest.mark.parametrize("name", FEEDS)
def test_readers_may_ask_again_and_again(dataset, client, name):
    response = client.get(f"/feeds/{name}.atom", headers={"Origin": "https://reader.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == client.get("/api/v1/cases/")["Cache-Control"]
    assert not response.cookies
    for header in (
        {"If-None-Match": response["ETag"]},
        {"If-Modified-Since": response["Last-Modified"]},
    ):
        again = client.get(f"/feeds/{name}.atom", headers=header)
        assert (again.status_code, again.content) == (304, b"")
    packed = client.get(f"/feeds/{name}.atom", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] != response["ETag"]


@pytest.mark.parametrize(
    ("address", "query", "param"),
    [
        ("cases", {"regoin": "KZ"}, "regoin"),
        ("cases", {"region": "KZ-99999"}, "region"),
        ("cases", {"page_size": "5"}, "page_size"),
        ("cases", {"format": "json"}, "format"),
        ("statistics", {"year": "soon"}, "year"),
        ("changes", {"record": "person"}, "record"),
        ("changes", {"lang": "de"}, "lang"),
        ("changes", {"as_of": "99"}, "as_of"),
    ],
)
def test_what_cannot_be_used_is_named(dataset, client, address, query, param):
    [error] = mistakes(client, f"/feeds/{address}.atom", **query)
    assert error["param"] == param
    assert error["allowed"]


def test_there_is_no_feed_of_anything_else(dataset, client):
    problem(client, 404, "/feeds/regions.atom")


def test_before_anything_is_published_the_feeds_are_valid_and_empty(empty, client):
    for name in FEEDS:
        parsed = feed(client, name)
        assert parsed.entries == []
        assert datetime.fromisoformat(parsed.feed.updated) == datetime(1970, 1, 1, tzinfo=UTC)


def test_feeds_say_number_and_digest_of_the_publication(dataset, client):
    """Copies in the hands of readers show later whether the ledger was computed anew."""
    newest = Publication.objects.order_by("number").last()
    changes = feed(client, "changes")
    assert changes.feed.subtitle.startswith(f"Publication {newest.number}, ")
    assert changes.feed.subtitle.endswith(newest.digest)
    digests = {str(one.number): one.digest for one in Publication.objects.all()}
    for entry in changes.entries:
        number = re.search(r"Publication (\d+), ", entry.summary)[1]
        assert digests[number] in entry.summary
    assert feed(client, "cases").feed.subtitle == changes.feed.subtitle

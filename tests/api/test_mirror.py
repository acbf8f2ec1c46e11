"""A mirror: whoever follows the feed has everything, and can prove it."""

import hashlib
from random import Random

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Entry, Publication
from cases.models import published as rows
from cases.publishing.ledger import ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.random_history import History, redact

ONCE = settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Mirror:
    """Knows nothing but the addresses of the API."""

    def __init__(self, client):
        self.client = client
        self.since = 0
        self.records = {}
        self.digests = []

    def follow(self):
        """Fetches everything that happened since the last time."""
        address = f"/api/v1/changes/?since={self.since}&page_size=7"
        entries = {}
        # What the ledger says of the publications, which the mirror does not believe by itself.
        stated = f"/api/v1/publications/?since={self.since}&page_size=1000"
        heads = {row["number"]: row for row in self.client.get(stated).json()["results"]}
        while address:
            page = self.client.get(address).json()
            for change in page["results"]:
                self._apply(change)
                entries.setdefault(change["publication"], []).append(self._digest(change))
            address = page["next"]
        for number in sorted(entries):
            previous = self.digests[-1] if self.digests else ""
            self.digests.append(publication_digest(heads[number], previous, entries[number]))
            assert number == len(self.digests)
        self.since = len(self.digests)

    def _apply(self, change):
        key = change["record"], change["id"]
        if change["url"] is None:
            # What was withdrawn before may still be redacted.
            self.records.pop(key, None)
            return
        body = self.client.get(change["url"]).content
        salt = (change["salt"] or "").encode()
        assert sha256(salt + body) == (change["redacted"] or change)["body_sha256"]
        self.records[key] = body

    def _digest(self, change):
        stated = ["op", "record", "id", "version", "into", "body_sha256", "note_sha256"]
        if change["replaced"] is not None:
            stated.append("replaced")
        if change["digest_version"] > 1:
            stated.append("digest_version")
        canonical = orjson.dumps({key: change[key] for key in stated}, option=orjson.OPT_SORT_KEYS)
        assert sha256(canonical) == change["digest"]
        return change["digest"]


def publication_digest(head, previous, entries):
    if head["digest_version"] == 1:
        return sha256("".join([previous, *sorted(entries)]).encode())
    stated = [str(head["digest_version"]), str(head["number"]), head["published_at"], previous]
    return sha256("\n".join([*stated, *sorted(entries)]).encode())


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def live():
    return {
        (kind, row.public_id): row.body.encode()
        for kind in RecordKind
        for row in rows(kind).current()
    }


@ONCE
@given(seed=st.integers(0, 2**32))
def test_a_mirror_equals_the_live_state_after_any_history(empty, client, seed):
    published.forget_everything()
    history = History(Random(seed), size=5, redacting=True)
    mirror = Mirror(client)
    for _ in range(4):
        history.go_on(8)
        mirror.follow()
        assert mirror.records == live()
    ledger = Publication.objects.order_by("number").values_list("digest", flat=True)
    assert mirror.digests == list(ledger)
    assert list(differences()) == []
    # Whoever begins only now gets the same, and proves it as well.
    late = Mirror(client)
    late.follow()
    assert (late.records, late.digests) == (mirror.records, mirror.digests)


@pytest.fixture
def earlier_program(monkeypatch):
    """Publishes and redacts with digests of version 1, until the test upgrades it."""
    with monkeypatch.context() as patched:
        for module in (ledger, published):
            patched.setattr(module, "DIGEST_VERSION", 1)
        for module in (ledger, redacting):
            patched.setattr(module, "new_salt", lambda: "")
        yield patched.undo


def test_mirrors_follow_across_a_change_of_the_digests(empty, client, earlier_program):
    published.forget_everything()
    history = History(Random(7), size=4, redacting=True)
    history.go_on(6)
    redact("KZ-9002-D1", "On request")
    early = Mirror(client)
    early.follow()
    earlier_program()
    for _ in range(2):
        history.go_on(3)
        early.follow()
        assert early.records == live()
    redact("KZ-9003-D1", "On request")
    early.follow()
    late = Mirror(client)
    late.follow()
    assert (late.records, late.digests) == (early.records, early.digests)
    assert late.records == live()
    versions = Publication.objects.order_by("number").values_list("digest_version", flat=True)
    assert sorted(versions) == list(versions)
    assert set(versions) == {1, 2}
    assert late.digests == list(
        Publication.objects.order_by("number").values_list("digest", flat=True)
    )
    assert list(differences()) == []


def test_a_mirror_keeps_a_document_that_it_can_still_prove_after_a_redaction(empty, client):
    """The salt was public with the document, so a copy of both proves what was published then."""
    published.publish((RecordKind.CASE, {"id": "KZ-9001", "status": "trial"}))
    [change] = client.get("/api/v1/changes/").json()["results"]
    body = client.get(change["url"]).content
    assert len(change["salt"]) == 64
    assert sha256(change["salt"].encode() + body) == change["body_sha256"]


def test_a_page_of_changes_costs_the_same_whatever_is_on_it(
    empty, client, django_assert_num_queries
):
    published.forget_everything()
    History(Random(1), size=3)
    for size in (1, 7, 100):
        # State, page, count, and one for the salts of all kinds.
        with django_assert_num_queries(4):
            client.get(f"/api/v1/changes/?page_size={size}")


def test_a_mirror_that_followed_learns_of_a_redaction(empty, client):
    History(Random(1), size=2)
    mirror = Mirror(client)
    mirror.follow()
    before = dict(mirror.records)
    redact("KZ-9002-D1", "On request")
    mirror.follow()
    assert mirror.records == live()
    changed = {key for key, body in mirror.records.items() if body != before[key]}
    assert ("defendant", "KZ-9002-D1") in changed
    assert ("case", "KZ-9002") in changed
    assert ("case", "KZ-9003") not in changed


def test_the_feed_tells_each_change_once_in_order_with_its_note(empty, client):
    History(Random(1), size=3).go_on(10)
    told, address = [], "/api/v1/changes/?page_size=5"
    while address:
        page = client.get(address).json()
        told += page["results"]
        address = page["next"]
    entries = Entry.objects.order_by("publication", "pk").select_related("publication")
    assert [(row["publication"], row["id"], row["note"]) for row in told] == [
        (entry.publication_id, entry.public_id, entry.note) for entry in entries
    ]
    assert page["count"] == len(told)


def test_the_feed_of_one_kind_leaves_the_others_out(empty, client):
    History(Random(1), size=3)
    told = client.get("/api/v1/changes/?record=verdict,case").json()["results"]
    assert {row["record"] for row in told} == {"case", "verdict"}
    assert len(told) == 9


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("since", "-1"), ("since", "99"), ("since", ""), ("page_size", "1001"), ("record", "person")],
)
def test_a_wrong_parameter_of_the_feed_is_refused(empty, client, parameter, value):
    History(Random(1), size=1)
    answer = client.get(f"/api/v1/changes/?{parameter}={value}")
    assert answer.status_code == 400
    assert [error["param"] for error in answer.json()["errors"]] == [parameter]


def test_publications_are_listed_with_their_digests(empty, client):
    History(Random(1), size=1).go_on(2)
    page = client.get("/api/v1/publications/").json()
    assert [row["number"] for row in page["results"]] == [1, 2, 3]
    assert page["results"][2]["note"] == "Synthetic edit 1"
    assert page["results"][2]["url"] == "/api/v1/changes/?since=2&as_of=3"
    assert client.get("/api/v1/publications/?since=2").json()["count"] == 1
    assert client.get("/api/v1/publications/?as_of=2").json()["count"] == 2


def test_versions_tell_the_history_of_one_record(empty, client):
    case = (RecordKind.CASE, "KZ-9001")
    published.publish((RecordKind.CASE, {"id": "KZ-9001", "status": "trial"}), note="first")
    published.publish((RecordKind.CASE, {"id": "KZ-9001", "status": "final"}), note="second")
    published.publish(withdrawn=[case], note="third")
    page = client.get("/api/v1/cases/KZ-9001/versions/").json()
    told = [(row["op"], row["version"], row["note"], row["url"]) for row in page["results"]]
    assert told == [
        ("publish", 1, "first", "/api/v1/cases/KZ-9001/?as_of=1"),
        ("correct", 2, "second", "/api/v1/cases/KZ-9001/?as_of=2"),
        ("withdraw", 2, "third", None),
    ]
    assert client.get(told[0][3]).json()["status"] == "trial"
    assert client.get("/api/v1/cases/KZ-9001/versions/?as_of=1").json()["count"] == 1
    assert client.get("/api/v1/cases/KZ-9002/versions/").status_code == 404


def test_versions_of_an_id_that_cannot_be_answer_404(empty, client):
    assert client.get("/api/v1/cases/%00/versions/").status_code == 404


def test_the_permalink_of_a_reference_table_keeps_its_parameters(empty, client):
    permalink = client.get("/api/v1/regions/?format=json").json()["permalink"]
    assert permalink.endswith("/api/v1/regions/?format=json&as_of=0")


def test_the_last_month_there_is_has_a_last_day(empty, client):
    assert client.get("/api/v1/cases/?opened_before=9999-12").status_code == 200


def test_reference_entries_have_addresses_and_versions_too(empty, client):
    published.publish(*published.reference(region=["KZ-59"]))
    assert client.get("/api/v1/regions/KZ-59/").json()["code"] == "KZ-59"
    assert client.get("/api/v1/regions/KZ-59/versions/").json()["count"] == 1
    assert client.get("/api/v1/regions/KZ-00/").status_code == 404

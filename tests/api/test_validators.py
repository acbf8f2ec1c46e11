"""Validators, caching and what browsers of other sites may see."""

import base64
import hashlib
import re

import pytest

from cases.api.views.snapshot_view import CACHE_CONTROL
from cases.edge.latest import LEASE
from cases.vocabulary import RecordKind
from tests.api import published

ADDRESSES = [
    "/api/v1/",
    "/api/v1/cases/",
    "/api/v1/cases/KZ-9001/",
    "/api/v1/cases/KZ-9001/versions/",
    "/api/v1/cases/facets/?by=status",
    "/api/v1/changes/",
    "/api/v1/publications/",
    "/api/v1/regions/",
    "/api/v1/regions/KZ/",
]


@pytest.fixture
def one_case(empty):
    case = {"id": "KZ-9001", "country": "KZ", "status": "trial"}
    published.publish((RecordKind.CASE, case), *published.reference(region=["KZ"]))


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_carries_its_validators(one_case, client, address):
    answer = client.get(address)
    assert answer["Dataset-Publication"] == "1"
    assert answer["ETag"].startswith('"1.')
    assert answer["Last-Modified"].endswith("GMT")
    assert answer["Cache-Control"] == "public, max-age=30, stale-while-revalidate=20"


def test_what_is_redacted_is_gone_from_every_cache_within_a_minute():
    """Ours, as long as nobody says that the head moved; then those that HTTP tells to keep it."""
    seconds = [int(number) for number in re.findall("[0-9]+", CACHE_CONTROL)]
    assert len(seconds) == 2
    assert LEASE + sum(seconds) < 60


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_client_has_already_is_not_sent_again(
    one_case, client, address, django_assert_num_queries
):
    tag = client.get(address)["ETag"]
    with django_assert_num_queries(1):
        answer = client.get(address, headers={"If-None-Match": f'"other", {tag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == tag
    assert answer["Dataset-Publication"] == "1"


def test_a_weak_tag_from_a_compressing_proxy_still_fits(one_case, client):
    tag = client.get("/api/v1/cases/")["ETag"]
    answer = client.get("/api/v1/cases/", headers={"If-None-Match": f"W/{tag}"})
    assert answer.status_code == 304


def test_a_date_of_the_last_answer_is_enough(one_case, client):
    modified = client.get("/api/v1/cases/")["Last-Modified"]
    answer = client.get("/api/v1/cases/", headers={"If-Modified-Since": modified})
    assert answer.status_code == 304


def test_a_new_publication_changes_every_tag(one_case, client):
    tags = [client.get(address)["ETag"] for address in ADDRESSES]
    published.publish((RecordKind.CASE, {"id": "KZ-9002", "country": "KZ"}))
    for address, tag in zip(ADDRESSES, tags, strict=True):
        answer = client.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert answer["ETag"] != tag


def test_tags_of_different_answers_differ(one_case, client):
    tags = {client.get(address)["ETag"] for address in ADDRESSES}
    assert len(tags) == len(ADDRESSES)


@pytest.mark.parametrize("address", ["/api/v1/cases/?regoin=KZ", "/api/v1/cases/KZ-9009/"])
def test_an_error_has_no_validator(one_case, client, address):
    answer = client.get(address, headers={"If-None-Match": "*"})
    assert answer.status_code in (400, 404)
    assert "ETag" not in answer


@pytest.mark.parametrize("address", ["cases/", "cases/KZ-9001/"])
def test_the_digest_of_an_answer_is_that_of_its_bytes(one_case, client, address):
    answer = client.get(f"/api/v1/{address}")
    digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert answer["Repr-Digest"] == f"sha-256=:{digest}:"


def test_any_page_may_read_the_answer_and_its_headers(one_case, client):
    answer = client.get("/api/v1/cases/?page_size=1", headers={"Origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    exposed = answer["Access-Control-Expose-Headers"].split(", ")
    assert {"Link", "ETag", "Dataset-Publication", "Retry-After"} <= set(exposed)


def test_a_browser_may_ask_with_a_validator(one_case, client):
    answer = client.options(
        "/api/v1/cases/",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert "if-none-match" in answer["Access-Control-Allow-Headers"]
    assert answer["Access-Control-Max-Age"] == "86400"

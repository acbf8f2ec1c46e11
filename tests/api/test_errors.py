"""What does not work says so in one form, and says why."""

from urllib.parse import urljoin

import pytest

from cases.api.request import snapshots
from cases.api.views import records
from cases.models import Entry
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.reading import (
    BASE,
    LISTS,
    PROBLEM,
    REFERENCE_LISTS,
    mistakes,
    problem,
    problem_of,
    read,
)

pytestmark = pytest.mark.usefixtures("world")

ADDRESSES = ("", "cases/KZ-0001/", *(f"{name}/" for name in (*LISTS, *REFERENCE_LISTS)))
each_address = pytest.mark.parametrize("address", ADDRESSES)

EXAMPLES = {
    "cases": "KZ-0001",
    "defendants": "KZ-0001-D1",
    "verdicts": "KZ-0001-V1",
    "sources": "SRC-0001",
    "statistics": "STAT-0001",
}


@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_id_answers_404_with_the_form_of_ids(client, name):
    details = problem(client, 404, f"{name}/ZZ-9999/")
    assert details["code"] == "not_found"
    assert "ZZ-9999" in details["detail"]
    assert EXAMPLES[name] in details["detail"]


@pytest.mark.parametrize("public_id", ["%00", "KZ-0001%00", "%F0%9F%92%A9", "a" * 2000, "%FF", "'"])
def test_an_id_that_cannot_be_answers_404(client, public_id):
    client.raise_request_exception = False
    assert problem(client, 404, f"cases/{public_id}/")["code"] == "not_found"


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/api/", "/api/v1/nowhere/", "/api/v1/cases/KZ-0001/x/"]
)
def test_an_unknown_address_answers_404_and_points_to_the_front_page(client, path):
    details = problem(client, 404, path)
    assert path in details["detail"]
    assert "/api/v1/" in details["detail"]


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(client):
    response = client.get("/api/v1/cases?country=KZ")
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/cases/?country=KZ"


@each_address
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(client, address, method):
    response = getattr(client, method)(BASE + address)
    details = problem_of(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert details["code"] == "method_not_allowed"


def test_a_body_is_refused_with_its_method_whatever_it_is(client):
    for sent, kind in (("{}", "application/json"), ("<a/>", "text/xml"), ("\0", "x/y")):
        response = client.post(f"{BASE}cases/", sent, content_type=kind)
        problem_of(response, 405)


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/xml"])
def test_a_format_that_is_not_served_answers_406(client, accept):
    response = client.get(f"{BASE}cases/", headers={"Accept": accept})
    assert problem_of(response, 406)["code"] == "not_acceptable"


@pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, application/json;q=0.1"])
def test_json_answers_whoever_takes_it(client, accept):
    response = client.get(f"{BASE}cases/", headers={"Accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("name", LISTS)
def test_a_withdrawn_record_answers_410_with_its_reason(client, name):
    kind, public_id = records.RECORDS[name], EXAMPLES[name]
    published.publish(withdrawn=[(kind, public_id)], note="It was somebody else.")
    details = problem(client, 410, f"{name}/{public_id}/")
    assert details["code"] == "withdrawn"
    assert details["detail"] == (
        f"{public_id} was withdrawn with publication 2: It was somebody else."
    )


def test_a_withdrawn_record_still_answers_as_of_before(client):
    published.publish(withdrawn=[(RecordKind.CASE, "KZ-0001")])
    assert read(client, "cases/KZ-0001/", as_of=1)["id"] == "KZ-0001"
    assert "no reason was given" in problem(client, 410, "cases/KZ-0001/", as_of=2)["detail"]


def test_a_record_that_was_withdrawn_and_published_again_answers(client):
    published.publish(withdrawn=[(RecordKind.SOURCE, "SRC-0001")])
    published.publish(published.source("SRC-0001", title="back"))
    assert read(client, "sources/SRC-0001/") == {
        "id": "SRC-0001",
        "title": "back",
        "version": 2,
        "publication": 3,
    }
    problem(client, 410, "sources/SRC-0001/", as_of=2)


def test_an_id_of_another_kind_is_not_withdrawn_but_unknown(client):
    published.publish(withdrawn=[(RecordKind.CASE, "KZ-0001")])
    problem(client, 404, "verdicts/KZ-0001/")


def test_a_merged_record_leads_to_the_one_that_survives(client):
    published.publish(merged={(RecordKind.CASE, "KZ-0002"): "KZ-0001"})
    assert Entry.objects.get(operation="merge").into == "KZ-0001"
    response = client.get(f"{BASE}cases/KZ-0002/")
    assert response.status_code == 308
    followed = client.get(f"{BASE}cases/KZ-0002/", follow=True)
    assert followed.json()["id"] == "KZ-0001"
    assert followed.redirect_chain[0][1] == 308
    assert read(client, "cases/KZ-0002/", as_of=1)["id"] == "KZ-0002"


def test_a_merged_record_leads_on_within_the_same_state(client):
    published.publish(merged={(RecordKind.CASE, "KZ-0002"): "KZ-0001"})
    published.publish(withdrawn=[(RecordKind.CASE, "KZ-0001")])
    response = client.get(f"{BASE}cases/KZ-0002/", {"as_of": 2})
    # Followed by hand: the test client would add the query by itself.
    target = urljoin(f"{BASE}cases/KZ-0002/", response["Location"])
    assert read(client, target)["id"] == "KZ-0001"


def test_a_failure_tells_nothing_of_the_inside(client, monkeypatch):
    def fail(*_):
        raise RuntimeError("SELECT secret FROM inside")

    monkeypatch.setattr(records.RecordList, "get", fail)
    client.raise_request_exception = False
    response = client.get(f"{BASE}cases/")
    details = problem_of(response, 500)
    assert details["code"] == "server_error"
    for word in (b"secret", b"RuntimeError", b"Traceback", b"cases/api"):
        assert word not in response.content


def test_a_database_that_fails_tells_nothing_of_the_inside(client, monkeypatch):
    from django.db import OperationalError

    def fail(*_):
        raise OperationalError("password authentication failed for user secret")

    monkeypatch.setattr(snapshots, "read", fail)
    client.raise_request_exception = False
    response = client.get(f"{BASE}cases/")
    assert problem_of(response, 503)["code"] == "unavailable"
    assert response["Retry-After"] == "5"
    assert b"secret" not in response.content


@each_address
def test_head_answers_like_get_without_the_body(client, address):
    get, head = client.get(BASE + address), client.head(BASE + address)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == get["Content-Type"]
    assert head["Content-Length"] == get["Content-Length"]


def test_head_fails_like_get(client):
    assert client.head(f"{BASE}cases/ZZ-9999/").status_code == 404
    assert client.head(f"{BASE}cases/?region=nowhere").status_code == 400


@each_address
def test_options_answers_with_name_description_and_parameters(client, address):
    response = client.options(BASE + address)
    assert response.status_code == 200
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    body = response.json()
    assert body.keys() == {"name", "description", "parameters", "ignored_parameters"}
    assert all(body.values())


def test_a_request_for_a_host_that_is_not_ours_answers_400(client):
    response = client.get(f"{BASE}cases/", headers={"Host": "evil.example"})
    assert problem_of(response, 400)["code"] == "bad_request"
    assert b"evil" not in response.content


def test_mistakes_in_parameters_are_told_before_anything_else(client):
    assert mistakes(client, "cases/ZZ-9999/", nonsense="1")
    assert mistakes(client, "cases/KZ-0001/", as_of="9")


def test_problems_of_the_api_are_never_html(client):
    for address in ("/api/nowhere/", f"{BASE}cases/?x=1", f"{BASE}cases/ZZ/"):
        response = client.get(address, headers={"Accept": "text/html"})
        assert response.status_code >= 400
        assert response["Content-Type"] == PROBLEM

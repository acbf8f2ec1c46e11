"""Answers and pages from a past state say what happened to the record since."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from cases.models import Case, Entry, Publication, published
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction.redacting import RedactionRefusedError
from cases.publishing.workflow import actions
from cases.vocabulary import Operation, RecordKind
from tests import databases, synthetic
from tests.api.downloads import read

CASE = RecordRef(RecordKind.CASE, "KZ-9001")
API = "/api/v1/cases/KZ-9001/?as_of=1"
PAGE = "/en/cases/KZ-9001/?as_of=1"


def _public():
    synthetic.case()
    synthetic.case("KZ-9002", defendant={"names": [("Zarzuk Blimpov", "full")]})
    ledger.publish()


published_once = databases.written_once(_public)


@pytest.fixture
def public(published_once, db):
    """Two cases, public with publication 1."""


def _corrected():
    synthetic.change(Case.objects.get(pk="KZ-9001"), procedure="simplified")
    ledger.publish("Corrected the procedure.")


def _withdrawn():
    actions.withdraw(CASE, "The article was retracted.", None)


def _merged():
    mapped = {"KZ-9001-D1": "KZ-9002-D1", "KZ-9001-V1": "KZ-9002-V1"}
    actions.merge("KZ-9001", "KZ-9002", mapped, "One prosecution.", None)


OPERATIONS = {
    "correct": (_corrected, "was corrected with publication 2"),
    "withdraw": (_withdrawn, "was withdrawn with publication 2 and is no longer public"),
    "merge": (_merged, "was merged into another one with publication 2"),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_past_state_of_a_record_names_the_operation_since(public, client, operation):
    before = client.get(API)
    assert "Superseded" not in before
    OPERATIONS[operation][0]()
    after = client.get(API)
    assert after["Superseded"] == f"{operation};publication=2"
    now = "KZ-9002" if operation == "merge" else "KZ-9001"
    assert f'<http://testserver/api/v1/cases/{now}/>; rel="latest-version"' in after["Link"]
    assert after["X-Robots-Tag"] == "noindex"
    assert after.content == before.content


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_page_of_a_past_state_says_so_to_readers_and_to_search_engines(public, client, operation):
    before = client.get(PAGE)
    act, said = OPERATIONS[operation]
    act()
    after = client.get(PAGE, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert said in " ".join(after.content.decode().split())
    assert '<meta name="robots" content="noindex">' in after.content.decode()
    assert after["X-Robots-Tag"] == "noindex"


def test_a_page_of_a_past_state_is_not_validated_by_its_date(public, client):
    _withdrawn()
    assert "Last-Modified" not in client.get(PAGE)


def test_a_client_that_has_the_answer_is_told_all_the_same(public, client):
    before = client.get(API)
    _withdrawn()
    after = client.get(API, headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after["Superseded"]) == (304, "withdraw;publication=2")


def test_a_record_that_is_as_it_was_has_a_latest_version_and_nothing_else(public, client):
    _withdrawn()
    other = client.get("/api/v1/cases/KZ-9002/?as_of=1")
    assert "Superseded" not in other
    assert 'rel="latest-version"' in other["Link"]
    page = client.get("/en/cases/KZ-9002/?as_of=1").content.decode()
    assert "was withdrawn" not in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_latest_state_says_nothing_of_the_kind(public, client):
    _corrected()
    for address in ("/api/v1/cases/KZ-9001/", "/api/v1/cases/KZ-9001/?as_of=2"):
        assert "Superseded" not in client.get(address)
        assert "latest-version" not in client.get(address).get("Link", "")
    for address in ("/en/cases/KZ-9001/", "/en/cases/KZ-9001/?as_of=2"):
        assert "was corrected with publication" not in client.get(address).content.decode()


def test_a_list_of_a_past_state_keeps_its_filters_in_the_address_of_the_latest(public, client):
    _withdrawn()
    answer = client.get("/api/v1/cases/?region=KZ&as_of=1")
    latest = '<http://testserver/api/v1/cases/?region=KZ>; rel="latest-version"'
    assert latest in answer["Link"]
    file = client.get("/api/v1/cases/?format=csv&as_of=1")
    assert 'rel="latest-version"' in file["Link"]
    assert file["X-Robots-Tag"] == "noindex"
    assert read(file).startswith(b"id,")


class TestWithdrawingWithIdentity:
    def test_no_past_state_names_the_persons_any_more(self, public, client):
        root = RecordRef(RecordKind.CASE, "KZ-9002")
        actions.withdraw_with_identity(root, "At their request.", None)
        assert client.get("/api/v1/cases/KZ-9002/").status_code == 410
        past = client.get("/api/v1/cases/KZ-9002/?as_of=1")
        assert "Blimpov" not in past.content.decode()
        assert past["Superseded"] == "withdraw;publication=3"
        assert Publication.objects.count() == 3
        done = Entry.objects.filter(public_id="KZ-9002", publication__gt=1)
        operations = list(done.order_by("publication").values_list("operation", flat=True))
        assert operations == [Operation.REDACT, Operation.WITHDRAW]
        assert list(differences()) == []

    def test_all_defendants_are_redacted(self, public):
        synthetic.add_defendant(Case.objects.get(pk="KZ-9002"), names=[("Qwilmar Trobsky", "full")])
        ledger.publish()
        actions.withdraw_with_identity(RecordRef(RecordKind.CASE, "KZ-9002"), "At request.", None)
        for body in published(RecordKind.CASE).values_list("body", flat=True):
            assert "Blimpov" not in body
            assert "Trobsky" not in body

    def test_nothing_is_withdrawn_when_the_redaction_is_refused(self, public):
        root = RecordRef(RecordKind.CASE, "KZ-9002")
        with pytest.raises(RedactionRefusedError):
            actions.withdraw_with_identity(root, "Zarzuk Blimpov asked.", None)
        assert Publication.objects.count() == 1

    def test_the_desk_offers_it_to_who_may_redact(self, public):
        editor = desk("withdraw_record")
        assert 'name="identity"' not in editor.get(DESK).content.decode()
        assert editor.post(DESK, {"identity": "yes", "note": "x"}).status_code == 403

    def test_the_desk_does_both_in_one_step(self, public, client):
        editor = desk("withdraw_record", "redact_record")
        assert 'name="identity"' in editor.get(DESK).content.decode()
        done = editor.post(DESK, {"identity": "yes", "note": "At their request."})
        assert done.status_code == 302
        assert client.get("/api/v1/cases/KZ-9002/").status_code == 410
        assert "Blimpov" not in client.get("/api/v1/cases/KZ-9002/?as_of=1").content.decode()


DESK = "/desk/publishing/case/KZ-9002/withdraw/"


def desk(*rights):
    person = get_user_model().objects.create_user("synthetic-editor", is_staff=True)
    codes = [*rights, "view_case"]
    person.user_permissions.set(Permission.objects.filter(codename__in=codes))
    editor = Client()
    editor.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return editor

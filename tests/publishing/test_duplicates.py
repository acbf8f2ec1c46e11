"""A person who is entered again is noticed on save, in the preview and before publishing."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from cases.models import Case, Defendant, LikelyDuplicate, Publication, Source
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions, review
from cases.publishing.workflow.duplicates import same_address
from cases.publishing.workflow.review import NotAllowedError
from cases.vocabulary import RecordKind
from tests import databases, synthetic

AGAIN = RecordRef(RecordKind.CASE, "KZ-9002")
PAGE = "/desk/publishing/case/KZ-9002/"


def _entered_again():
    synthetic.case(defendant={"names": [("Evgenii Syntheticov", "full")]})
    ledger.publish()
    made = synthetic.case("KZ-9002", defendant={"names": [("Yevgeny Syntheticov", "full")]})
    made.draft = True
    made.save()


entered_once = databases.written_once(_entered_again)


@pytest.fixture
def entered(entered_once, db):
    """KZ-9001 is public; KZ-9002 is a draft about a person of the same name, spelt otherwise."""


@pytest.fixture
def editor(db):
    return get_user_model().objects.create_user("synthetic-editor", is_staff=True)


@pytest.fixture
def client(editor):
    rights = ("view_case", "change_case", "publish_record", "change_likelyduplicate")
    editor.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_case_that_may_be_another_is_not_published_at_the_desk(entered, editor):
    with pytest.raises(NotAllowedError, match="KZ-9002 may be the same as KZ-9001"):
        actions.publish({AGAIN}, "", editor)
    assert not review.state(AGAIN).is_ready


def test_it_is_published_once_a_reason_says_that_it_is_another(entered, editor):
    actions.not_the_same(AGAIN, "KZ-9001", "Born in another year.")
    assert LikelyDuplicate.objects.get().reason == "Born in another year."
    actions.publish({AGAIN}, "", editor)
    assert Publication.objects.count() == 2


def test_a_decision_needs_a_reason_and_a_case_that_is_alike(entered):
    with pytest.raises(NotAllowedError, match="Say why"):
        actions.not_the_same(AGAIN, "KZ-9001", " ")
    with pytest.raises(NotAllowedError, match="KZ-9003 is not among"):
        actions.not_the_same(AGAIN, "KZ-9003", "Another person.")


def test_a_public_case_is_corrected_without_a_decision(entered, editor):
    synthetic.change(Case.objects.get(pk="KZ-9001"), procedure="simplified")
    root = RecordRef(RecordKind.CASE, "KZ-9001")
    assert [likely.case for likely in review.state(root).duplicates] == ["KZ-9002"]
    assert actions.publish({root}, "Corrected.", editor)


def test_the_preview_links_the_other_case_and_takes_the_reason(entered, client):
    page = client.get(PAGE).content.decode()
    assert 'href="/desk/publishing/case/KZ-9001/">KZ-9001</a>: same name' in page
    assert "Evgenii Syntheticov" in page
    assert 'value="publish"' not in page
    decided = {"different": "KZ-9001", "why-KZ-9001": "Another patronymic."}
    assert client.post(PAGE, decided).status_code == 302
    assert "May be the same" not in client.get(PAGE).content.decode()


def test_only_who_may_decide_does(entered, editor):
    client = Client()
    editor.user_permissions.set(Permission.objects.filter(codename="view_case"))
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(PAGE, {"different": "KZ-9001", "why-KZ-9001": "x"}).status_code == 403


def test_a_redaction_removes_names_from_reasons(entered):
    actions.not_the_same(AGAIN, "KZ-9001", "Not Evgenii Syntheticov from KZ-9001.")
    LikelyDuplicate.objects.update(likeness="ruling")
    target = redacting.find("KZ-9001-D1", different=["KZ-9002-D1"])
    redacting.redact(target, "At their wish.")
    assert Defendant.objects.get(pk="KZ-9001-D1").name_withheld
    assert LikelyDuplicate.objects.get().reason == "redacted"


SAME = [
    "https://synthetic.example/a?id=1",
    "http://synthetic.example/a?id=1",
    "https://www.synthetic.example/a?id=1",
    "https://synthetic.example/a/?id=1",
    "https://synthetic.example/a?utm_source=x&id=1&fbclid=y",
    "https://SYNTHETIC.example/a?id=1#top",
]
OTHER = [
    "https://synthetic.example/a?id=2",
    "https://synthetic.example/a",
    "https://synthetic.example/A?id=1",
    "https://other.example/a?id=1",
]


@pytest.mark.parametrize("url", SAME)
def test_an_address_that_differs_only_in_how_one_got_there_is_the_same_source(entered, url):
    synthetic.source("SRC-9005", url=SAME[0])
    assert same_address(Source(url=url)) == ["SRC-9005"]


@pytest.mark.parametrize("url", OTHER)
def test_another_page_is_another_source(entered, url):
    synthetic.source("SRC-9005", url=SAME[0])
    assert same_address(Source(url=url)) == []

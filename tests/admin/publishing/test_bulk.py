"""Publishing all that is ready: streamed, on a connection of its own."""

import pytest
from django.db import connections

from cases.models import Case, Publication, published
from cases.publishing.ledger import ledger
from cases.vocabulary import RecordKind
from tests import synthetic
from tests.admin.publishing.test_pages import RIGHTS, client_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/desk/publishing/"


@pytest.fixture
def editor():
    synthetic.case()
    synthetic.case("KZ-9002", defendant={"names": [("Another Sultanov", "full")]})
    yield client_of("editor", *RIGHTS)
    connections.close_all()


def post(client, **form):
    return b"".join(client.post(PAGE, form).streaming_content).decode()


def test_all_that_is_ready_goes_out_and_the_rest_is_told(editor):
    synthetic.uncite(Case.objects.get(pk="KZ-9002"), "kind")
    told = post(editor, act="publish")
    assert "<progress" in told
    assert "KZ-9002</a>: 1 broken rules" in told
    assert "are public with publication 1." in told
    assert told.index("Comparing") < told.index("Publishing") < told.index("are public")
    current = published(RecordKind.CASE).current().values_list("public_id", flat=True)
    assert list(current) == ["KZ-9001"]


def test_what_waits_for_a_check_is_left(editor, settings):
    settings.REQUIRE_SECOND_EDITOR = True
    told = post(editor, act="publish")
    assert "KZ-9001</a>: waits for a check" in told
    assert "Nothing is ready" in told
    assert not Publication.objects.exists()


def test_signs_of_life_are_not_held_back_by_compression(editor):
    answer = editor.post(PAGE, {"act": "list"}, headers={"Accept-Encoding": "zstd, br, gzip"})
    assert answer["Content-Encoding"] == "identity"
    assert b"<progress" in b"".join(answer.streaming_content)


def test_a_list_of_what_waits_writes_nothing(editor):
    assert "ready to be published" in post(editor, act="list")
    assert not Publication.objects.exists()


def test_a_correction_needs_a_note_here_too(editor):
    ledger.publish()
    synthetic.change(Case.objects.get(pk="KZ-9001"), status="appeal")
    assert "A public note is required" in post(editor, act="publish")
    assert Publication.objects.count() == 1
    assert "with publication 2." in post(editor, act="publish", note="Appealed")


def test_a_failure_is_told_without_its_inside(editor, monkeypatch):
    def fail(*given, **named):
        raise ledger.RulesBrokenError([])

    monkeypatch.setattr(ledger, "publish", fail)
    assert 'class="errornote"' in post(editor, act="publish")

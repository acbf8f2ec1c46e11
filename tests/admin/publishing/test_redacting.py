"""The desk says that a person is redacted only when the program no longer tells of them."""

import pytest

from cases.admin.publishing import redaction
from cases.models import Act, Publication
from cases.publishing.ledger import ledger
from tests import synthetic
from tests.admin.publishing.test_pages import client_of, said

PAGE = "/desk/publishing/defendant/KZ-9001-D1/redact/"
FORM = {"typed": "KZ-9001-D1", "note": "On request of the person"}


@pytest.fixture
def editor(db):
    synthetic.case(
        summary=synthetic.text("Zarzuk Blimpov served."),
        defendant={"names": [("Zarzuk Blimpov", "full")]},
    )
    ledger.publish()
    return client_of("editor", "redact")


def test_a_name_that_is_still_found_is_no_success(editor, monkeypatch):
    left = ["/api/v1/cases/?page_size=100&as_of=1 still names the person at /0/summary/en"]
    monkeypatch.setattr(redaction, "still_found", lambda *asked: left)
    answer = editor.post(PAGE, FORM)
    assert answer.status_code == 400
    assert "KZ-9001-D1 was redacted, but the name is still found" in said(answer)
    assert "/api/v1/cases/?page_size=100" in said(answer)
    # What was done is done, and said in the audit.
    assert Publication.objects.count() == 2
    assert Act.objects.filter(deed="redact").exists()


def test_the_program_is_asked_for_what_was_redacted(editor, monkeypatch):
    asked = []
    monkeypatch.setattr(redaction, "still_found", lambda *given: asked.append(given) or [])
    assert editor.post(PAGE, FORM).status_code == 302
    [(target, publication, meta)] = asked
    assert target.defendants == {"KZ-9001-D1"}
    assert publication.number == 2
    assert meta["SERVER_NAME"] == "testserver"

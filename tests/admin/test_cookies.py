"""Which cookies the desk sets, and where browsers send them."""

import pytest
from django.contrib.sessions.models import Session

from cases.publishing.ledger import ledger
from tests import synthetic

pytestmark = pytest.mark.django_db

PAGE = "/desk/publishing/case/KZ-9001/"


@pytest.fixture
def jar(editor, settings):
    """The cookies of an editor who logged in, sent forms, and was told that one was refused."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    synthetic.case()
    ledger.publish()
    editor.get("/desk/login/")
    answer = editor.post(f"{PAGE}withdraw/", {"note": ""})
    assert answer.status_code == 400
    done = editor.post(f"{PAGE}withdraw/", {"note": "A synthetic reason."})
    assert done.status_code == 302
    return editor.cookies


def test_every_cookie_stays_at_the_desk(jar, editor):
    assert set(jar) == {"sessionid", "csrftoken"}
    editor.post("/desk/password_change/", {})
    for cookie in editor.cookies.values():
        assert (cookie["path"], cookie["samesite"]) == ("/desk/", "Lax"), cookie.key
        assert cookie["httponly"], cookie.key
        assert cookie["secure"], cookie.key


def test_what_was_done_is_told_once(jar, editor):
    assert "is withdrawn with publication 2" in editor.get(PAGE).content.decode()
    assert "is withdrawn with publication 2" not in editor.get(PAGE).content.decode()
    [session] = Session.objects.all()
    assert "_messages" not in session.get_decoded()

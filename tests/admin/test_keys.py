"""A key's life at the desk: given, changed for a new one, revoked; shown once and kept nowhere."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from cases.models import ApiKey
from cases.models.key import digest

KEYS = "/desk/cases/apikey/"
FORM = {"name": "A synthetic program", "contact": "a@example.org", "plan": "standard",
        "expires_at_0": "", "expires_at_1": ""}  # fmt: skip


@pytest.fixture
def admin(account):
    return account("admin")


def shown(response):
    """The one key on a page; it is nowhere else in the answer."""
    assert response.status_code == 200
    [key] = re.findall("cases_[A-Za-z0-9_-]{43}", response.content.decode())
    assert key not in str(response.headers)
    assert key not in str(response.cookies)
    assert "no-store" in response["Cache-Control"]
    return key


def given(admin):
    key = shown(admin.post(f"{KEYS}add/", FORM))
    return key, ApiKey.objects.get()


def test_a_key_is_shown_once_and_only_its_digest_is_kept(admin):
    key, row = given(admin)
    assert row.digest == digest(key)
    assert (row.name, row.plan, row.created_by.username) == (FORM["name"], "standard", "admin")
    for address in (KEYS, f"{KEYS}{row.pk}/change/", f"{KEYS}{row.pk}/history/", "/desk/"):
        page = admin.get(address)
        assert page.status_code == 200
        assert key not in page.content.decode()
        assert row.digest not in page.content.decode()
    assert key not in str(dict(admin.session))


def test_a_key_changed_for_a_new_one_works_beside_it_for_a_week(admin):
    old, row = given(admin)
    new = shown(admin.post(f"{KEYS}{row.pk}/change/", FORM | {"_rotate": "1"}))
    row.refresh_from_db()
    assert (row.digest, row.former_digest) == (digest(new), digest(old))
    assert 6 < (row.former_until - row.created_at).total_seconds() / 86_400 < 7.01
    for key in (old, new):
        assert ApiKey.objects.valid().with_digest(digest(key)).get() == row
    said = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert "Changed for a new key." in said
    assert not [word for word in said if old in word or new in word]


def test_a_revoked_key_ends_with_the_one_before_it_and_stays_in_the_list(admin):
    old, row = given(admin)
    new = shown(admin.post(f"{KEYS}{row.pk}/change/", FORM | {"_rotate": "1"}))
    answer = admin.post(f"{KEYS}{row.pk}/change/", FORM | {"_revoke": "1"}, follow=True)
    assert "is revoked" in answer.content.decode()
    for key in (old, new):
        assert not ApiKey.objects.valid().with_digest(digest(key)).exists()
    assert "revoked on" in admin.get(KEYS).content.decode()
    assert "_rotate" not in admin.get(f"{KEYS}{row.pk}/change/").content.decode()
    refused = admin.post(f"{KEYS}{row.pk}/change/", FORM | {"_rotate": "1"}, follow=True)
    assert "was revoked before" in refused.content.decode()
    row.refresh_from_db()
    assert row.digest == digest(new)
    assert admin.post(f"{KEYS}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_change_of_the_plan_leaves_the_key_as_it_is(admin):
    key, row = given(admin)
    admin.post(f"{KEYS}{row.pk}/change/", FORM | {"plan": "bulk"})
    row.refresh_from_db()
    assert (row.plan, row.digest) == ("bulk", digest(key))


def test_what_a_form_lacks_gives_no_key(admin):
    answer = admin.post(f"{KEYS}add/", FORM | {"plan": "golden"})
    assert "Select a valid choice" in answer.content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_only_an_admin_gives_keys(account, role):
    client = account(role)
    assert client.get(KEYS).status_code == 403
    assert client.post(f"{KEYS}add/", FORM).status_code == 403
    assert not ApiKey.objects.exists()

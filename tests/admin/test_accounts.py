"""Who may do what, and who may log in."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client, RequestFactory

from cases.admin import roles
from casesapi.http.proxies import client_network
from tests.admin.conftest import PASSWORD

LOGIN = "/desk/login/"


def log_in(client, username, password, **extra):
    return client.post(LOGIN, {"username": username, "password": password}, **extra)


@pytest.fixture
def somebody(db):
    return User.objects.create_user("somebody", password=PASSWORD, is_staff=True)


def test_roles_are_the_same_however_often_they_are_seeded(db):
    for _ in range(2):
        call_command("seed_roles", stdout=StringIO(), stderr=StringIO())
    assert set(Group.objects.values_list("name", flat=True)) == {"reporter", "editor", "admin"}
    group = Group.objects.get(name="reporter")
    group.permissions.add(Permission.objects.get(codename="delete_case"))
    roles.seed()
    assert not group.permissions.filter(codename="delete_case").exists()


def test_permissions_that_do_not_exist_are_named(db):
    said = StringIO()
    Permission.objects.filter(codename="add_court").delete()
    call_command("seed_roles", stdout=StringIO(), stderr=said)
    assert "cases.add_court" in said.getvalue()


def test_every_permission_of_a_role_exists(db):
    assert roles.seed() == []


# Address: what a reporter, an editor and an admin get.
RIGHTS = {
    "/desk/": (200, 200, 200),
    "/desk/cases/case/add/": (200, 200, 200),
    "/desk/cases/case/KZ-9001/change/": (200, 200, 200),
    "/desk/cases/case/KZ-9001/delete/": (403, 200, 200),
    "/desk/cases/source/add/": (200, 200, 200),
    "/desk/cases/court/add/": (200, 200, 200),
    "/desk/cases/finding/": (200, 200, 200),
    "/desk/cases/likelyduplicate/": (200, 200, 200),
    "/desk/cases/linkcheck/": (200, 200, 200),
    "/desk/cases/linkcheck/add/": (403, 403, 403),
    "/desk/cases/citation/": (200, 200, 200),
    "/desk/auth/user/": (403, 403, 200),
    "/desk/auth/user/add/": (403, 403, 200),
    "/desk/password_change/": (200, 200, 200),
    "/desk/dates/?value=2025": (200, 200, 200),
}


@pytest.mark.parametrize("place", range(3), ids=["reporter", "editor", "admin"])
def test_each_role_may_do_its_work_and_no_more(record, account, place):
    client = account(("reporter", "editor", "admin")[place])
    for address, expected in RIGHTS.items():
        assert client.get(address).status_code == expected[place], address


@pytest.mark.parametrize("address", RIGHTS)
def test_nobody_gets_in_without_logging_in(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


def test_an_account_without_a_role_sees_nothing(client, somebody, record):
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    assert "Your account has no role yet" in client.get("/desk/").content.decode()
    assert client.get("/desk/cases/case/").status_code == 403


def test_an_admin_gives_accounts_but_no_superuser(account, db):
    client = account("admin")
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    group = Group.objects.get(name="reporter")
    answer = client.post(
        "/desk/auth/user/add/",
        {
            "username": "new",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "groups": [group.pk],
        },
    )
    assert answer.status_code == 302
    new = User.objects.get(username="new")
    assert (new.is_staff, new.is_superuser, list(new.groups.all())) == (True, False, [group])
    change = f"/desk/auth/user/{new.pk}/change/"
    client.post(change, {"username": "new", "is_superuser": "on", "is_active": "on"})
    new.refresh_from_db()
    assert not new.is_superuser
    assert client.post(f"/desk/auth/user/{boss.pk}/password/", {}).status_code == 403
    answer = client.post(f"/desk/auth/user/{boss.pk}/change/", {"username": "taken"})
    assert answer.status_code == 403
    assert client.post(f"/desk/auth/user/{new.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_password_is_changed_at_the_desk_and_has_to_be_long(client, somebody):
    log_in(client, "somebody", PASSWORD)
    new = "another-synthetic-password"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    short = fields | {"new_password1": "short-1", "new_password2": "short-1"}
    assert "12 characters" in client.post("/desk/password_change/", short).content.decode()
    assert client.post("/desk/password_change/", fields).status_code == 302
    somebody.refresh_from_db()
    assert somebody.check_password(new)


def test_guessing_ends_after_ten_attempts_and_begins_again_after_a_while(client, somebody):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, "somebody", "wrong").status_code == 200
    assert log_in(client, "somebody", "wrong").status_code == 429
    locked = log_in(client, "somebody", PASSWORD)
    assert locked.status_code == 429
    assert "Nobody can log in as this user from here for 900 seconds" in locked.content.decode()
    # From elsewhere the editor still gets in.
    assert log_in(Client(), "somebody", PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=16)
        attempt.save()
    assert log_in(client, "somebody", PASSWORD).status_code == 302


def test_a_good_login_forgets_bad_ones(client, somebody):
    for _ in range(3):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            log_in(client, "somebody", "wrong")
        assert log_in(client, "somebody", PASSWORD).status_code == 302
        client.post("/desk/logout/")


def test_no_password_is_kept_or_logged(client, somebody, caplog):
    caplog.set_level("DEBUG")
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        log_in(client, "somebody", "canary-secret")
    kept = str(list(AccessAttempt.objects.values()))
    assert "somebody" in kept
    assert "canary-secret" not in kept + caplog.text


FORWARDED = {
    "no proxy is ours": (0, "203.0.113.9", "198.51.100.1"),
    "one is": (1, "203.0.113.9, 192.0.2.1", "192.0.2.1"),
    "two are": (2, "203.0.113.9, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
    "fewer entries than proxies": (2, "203.0.113.9", "198.51.100.1"),
    "no header": (1, "", "198.51.100.1"),
    "with a port": (1, "192.0.2.1:51234", "192.0.2.1"),
    "no address": (1, "unknown", "198.51.100.1"),
    "no address either": (1, "_hidden, ", "198.51.100.1"),
    "digits of another script": (1, "١٩٢.٠.٢.١", "198.51.100.1"),
    "a network of IPv6": (1, "2001:db8:0:7:a:b:c:d", "2001:db8:0:7::"),
    "the same with a port": (1, "[2001:db8:0:7::1]:443", "2001:db8:0:7::"),
    "with a zone": (1, "fe80::1%eth0", "fe80::"),
    "IPv4 in IPv6": (1, "::ffff:192.0.2.1", "192.0.2.1"),
}


@pytest.mark.parametrize(("proxies", "header", "expected"), FORWARDED.values(), ids=FORWARDED)
def test_only_our_own_proxies_are_believed(settings, proxies, header, expected):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=header)
    assert client_network(request) == expected


@pytest.mark.parametrize("header", ["192.0.2.1:4711", "unknown", "nonsense", "[::1", "1" * 5_000])
def test_whatever_a_proxy_says_a_login_is_answered(client, somebody, settings, header):
    settings.PROXIES = 1
    assert log_in(client, "somebody", "wrong", HTTP_X_FORWARDED_FOR=header).status_code == 200
    assert log_in(client, "somebody", PASSWORD, HTTP_X_FORWARDED_FOR=header).status_code == 302


def test_a_network_of_ipv6_is_locked_out_as_one(client, somebody, settings):
    """Its customer has 2^64 addresses to guess from."""
    settings.PROXIES = 1
    for number in range(settings.AXES_FAILURE_LIMIT):
        address = f"2001:db8:0:7::{number:x}"
        answer = log_in(client, "somebody", "wrong", HTTP_X_FORWARDED_FOR=address)
    assert answer.status_code == 429
    neighbour = log_in(Client(), "somebody", PASSWORD, HTTP_X_FORWARDED_FOR="2001:db8:0:8::1")
    assert neighbour.status_code == 302


@pytest.mark.parametrize("name", ["x" * 151, "x" * 300, "x" * 100_000])
def test_a_name_longer_than_any_account_is_only_a_wrong_one(client, somebody, name):
    assert log_in(client, name, "wrong").status_code == 200
    assert not AccessAttempt.objects.exists()


def test_cookies_stay_at_the_desk_and_are_out_of_reach_of_scripts(client, somebody, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get(LOGIN)
    log_in(client, "somebody", PASSWORD)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["path"], cookie["samesite"]) == ("/desk/", "Lax")
        assert cookie["httponly"]
        assert cookie["secure"]


def test_the_desk_is_in_no_frame_and_no_cache(client, somebody):
    for answer in (client.get(LOGIN), log_in(client, "somebody", PASSWORD), client.get("/desk/")):
        assert answer["X-Frame-Options"] == "DENY"
        assert "no-store" in answer["Cache-Control"]


def test_the_public_api_knows_nothing_of_logins(client, somebody, record):
    before = client.get("/api/v1/")
    log_in(client, "somebody", PASSWORD)
    after = client.get("/api/v1/")
    for answer in (before, after):
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
    assert before.content == after.content


def test_a_form_from_elsewhere_is_refused(somebody):
    client = Client(enforce_csrf_checks=True)
    assert log_in(client, "somebody", PASSWORD).status_code == 403

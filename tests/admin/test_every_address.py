"""Every role at every address of the desk, by every method: what it answers, declared in one table.

The addresses are walked, not listed: one that is added has no row, and the test fails until it is
said who may open it.
"""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from cases.admin import roles
from cases.models import ApiKey, Case, Citation, Finding, LikelyDuplicate, LinkCheck, Upload
from tests import synthetic

ROLES = ("anonymous", "no role", "reporter", "editor", "admin")
OTHER_METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")

# The record that stands for all of its kind; drafts, as nobody but those with a role may see them.
EXAMPLES = {
    "case": "KZ-9001",
    "source": "SRC-9001",
    "statistic": "STAT-9001",
    "region": synthetic.REGION,
    "court": synthetic.COURT,
    "formation": synthetic.BRIGADE,
    "article": synthetic.ARTICLE,
    "publisher": synthetic.PUBLISHER,
}


# What ROLES get, in their order.
OPEN = "302 200 200 200 200"
ENTERING = "302 403 200 200 200"
DECIDING = "302 403 403 200 200"
REFUSED = "302 403 403 400 400"  # of those who may, as the form is empty
ACCOUNTS = "302 403 403 403 200"
CLOSED = "302 403 403 403 403"
NOWHERE = "302 404 404 404 404"
UNKNOWN = "302 405 405 405 405"
LED_ON = "302 302 302 302 302"
# A form that shows and takes nothing: what GET and POST answer. Elsewhere both answer alike.
READING = (ENTERING, CLOSED)

# Pattern: what GET and POST answer.
TABLE = {
    "": (OPEN, OPEN),
    "login/": ("200 302 302 302 302", "200 200 200 200 200"),
    "logout/": (UNKNOWN, OPEN),
    "password_change/": (OPEN, OPEN),
    "password_change/done/": (OPEN, UNKNOWN),
    "jsi18n/": (OPEN, UNKNOWN),
    "dates/": (OPEN, OPEN),
    "autocomplete/": (CLOSED, UNKNOWN),
    "r/<path:content_type_id>/<path:object_id>/": (NOWHERE, NOWHERE),
    "^(?P<app_label>auth|cases)/$": ("302 404 200 200 200", "302 404 200 200 200"),
    "(?P<url>.*)$": (NOWHERE, NOWHERE),
    "publishing/": (ENTERING, ENTERING),
    "publishing/audit/": (DECIDING, UNKNOWN),
    "publishing/case/<str:public_id>/merge/": (DECIDING, REFUSED),
    "publishing/defendant/<str:public_id>/redact/": (DECIDING, REFUSED),
    "publishing/<str:kind>/<str:public_id>/": (ENTERING, REFUSED),
    "publishing/<str:kind>/<str:public_id>/withdraw/": (DECIDING, REFUSED),
    "import/": (ENTERING, ENTERING),
    "import/template.xlsx": (ENTERING, ENTERING),
    # An upload is its editor's alone; here it is the reporter's.
    "import/<uuid:pk>/": ("302 403 200 404 404", "302 403 200 404 404"),
    "auth/user/<id>/password/": (ACCOUNTS, ACCOUNTS),
}
PAGES = ("", "add/", "<path:object_id>/history/", "<path:object_id>/delete/")
PAGES = (*PAGES, "<path:object_id>/change/")
# Model: list, form of a new one, log, deletion, form.
MODELS = {
    **{f"cases/{kind}": (ENTERING, ENTERING, ENTERING, DECIDING, ENTERING) for kind in EXAMPLES},
    "cases/finding": (ENTERING, CLOSED, ENTERING, CLOSED, READING),
    "cases/linkcheck": (ENTERING, CLOSED, ENTERING, CLOSED, READING),
    "cases/likelyduplicate": (ENTERING, CLOSED, ENTERING, CLOSED, READING),
    "cases/citation": (ENTERING, CLOSED, ENTERING, CLOSED, READING),
    "cases/apikey": (ACCOUNTS, ACCOUNTS, ACCOUNTS, CLOSED, ACCOUNTS),
    "auth/user": (ACCOUNTS, ACCOUNTS, ACCOUNTS, CLOSED, ACCOUNTS),
}
for model, expected in MODELS.items():
    for page, line in zip(PAGES, expected, strict=True):
        TABLE[f"{model}/{page}"] = line if isinstance(line, tuple) else (line, line)
    TABLE[f"{model}/<path:object_id>/"] = (LED_ON, LED_ON)
# Where an account without a role gets more than a refusal: nothing there shows a record.
WITHOUT_A_ROLE = {route for route, (get, _) in TABLE.items() if get == OPEN} | {"login/", "logout/"}


def walk(patterns, above=""):
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from walk(pattern.url_patterns, route)


def desk():
    """The pattern of every address below /desk/."""
    [found] = [part for part in get_resolver().url_patterns if str(part.pattern) == "desk/"]
    return list(walk(found.url_patterns))


def address(route, rows):
    """An address of a pattern, of something that is there."""
    parts = route.split("/")
    kind = parts[1] if parts[0] in ("cases", "auth") else "case"
    filled = {
        "object_id": rows.get(kind, ""),
        "id": rows["user"],
        "pk": rows["upload"],
        "kind": "case",
        "public_id": "KZ-9001-D1" if "redact" in route else "KZ-9001",
        "content_type_id": rows["type"],
        "app_label": "cases",
        "url": "no/such/page/",
    }
    if route.startswith("r/"):
        filled["object_id"] = "KZ-9001"
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("^", "").replace("$", "")
    return "/desk/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(filled[found[1]]), plain)


@pytest.fixture
def rows(record):
    """What stands at the addresses: a draft, everything that it names, and accounts."""
    roles.seed()
    accounts = {}
    for role in ROLES[1:]:
        accounts[role] = User.objects.create_user(role, is_staff=True)
        if role != "no role":
            accounts[role].groups.add(Group.objects.get(name=role))
    case = Case.objects.get()
    Case.objects.update(draft=True)
    source = {"source_id": "SRC-9001", "address": "https://synthetic.example/"}
    made = {
        "user": User.objects.create_user("other", is_staff=True),
        "apikey": ApiKey.objects.create(name="synthetic", plan="standard", digest="ab" * 32),
        "upload": Upload.objects.create(editor=accounts["reporter"], name="a", content=b"a"),
        "finding": Finding.objects.create(case=case, rule="a", subject=case.pk, detail="a"),
        "linkcheck": LinkCheck.objects.create(**source, state="gone", checked_at=timezone.now()),
        "likelyduplicate": LikelyDuplicate.objects.create(
            first=case, second=synthetic.case("KZ-9002"), likeness="name"
        ),
        "citation": Citation.objects.first(),
        "type": ContentType.objects.get_for_model(Case),
    }
    return EXAMPLES | {name: row.pk for name, row in made.items()} | {"accounts": accounts}


class Desk:
    """Asks as each role, and leaves everything as it was. Without the test client, which copies
    all that a template is given and takes ten times as long."""

    def __init__(self, accounts):
        self._handler = ClientHandler(enforce_csrf_checks=False)
        self._cookies = {role: self._logged_in(user) for role, user in accounts.items()}

    def status(self, role, method, place):
        request = RequestFactory().generic(
            *(method, place, b"", "application/x-www-form-urlencoded"),
            HTTP_COOKIE=self._cookies.get(role, ""),
        )
        before = transaction.savepoint()
        try:
            return self._handler(request.environ).status_code
        finally:
            transaction.savepoint_rollback(before)

    def _logged_in(self, user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return f"sessionid={client.cookies['sessionid'].value}"


def test_every_address_of_the_desk_is_in_the_table():
    assert set(TABLE) == set(desk())


def test_each_role_gets_what_the_table_says_and_no_more(rows):
    """Some 1000 requests, which is why this one takes long."""
    asked = Desk(rows["accounts"])
    found = {
        route: tuple(
            " ".join(str(asked.status(role, method, address(route, rows))) for role in ROLES)
            for method in ("GET", "POST")
        )
        for route in desk()
    }
    assert {route: said for route, said in found.items() if said != TABLE[route]} == {}


def test_no_other_method_is_a_way_in(rows):
    asked = Desk(rows["accounts"])
    opened = []
    for route in desk():
        place = address(route, rows)
        for method in OTHER_METHODS:
            anonymous = asked.status("anonymous", method, place)
            without = asked.status("no role", method, place)
            if anonymous not in (302, 405) and route != "login/":
                opened.append((method, route, anonymous))
            # To OPTIONS, Django's own views say which methods they know.
            if without not in (302, 403, 404, 405) and route not in WITHOUT_A_ROLE:
                opened.append((method, route, without))
    assert opened == [("OPTIONS", "autocomplete/", 200)]

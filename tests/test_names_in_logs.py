"""No path and no address of another page gets into the log as it was typed: both may hold names."""

import logging

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cases.web.pages import Page
from casesapi.http.logs import JSONFormatter

NAME = "Kanareykin"

REQUESTS = {
    "a form sent to a page": ("POST", f"/en/cases/{NAME}/", {}),
    "a form sent to no page": ("POST", f"/{NAME}/", {}),
    "a form sent to the desk from elsewhere": ("POST", f"/desk/publishing/case/{NAME}/", {}),
    "a form with the address of another site": (
        *("POST", "/desk/login/"),
        {"HTTP_REFERER": f"https://elsewhere.example/{NAME}"},
    ),
    "a form with the origin of another site": (
        *("POST", "/desk/login/"),
        {"HTTP_ORIGIN": f"https://{NAME}.example"},
    ),
    "a method that a page does not know": ("DELETE", f"/en/cases/{NAME}/", {}),
    "a method that the desk does not know": ("PUT", f"/desk/publishing/case/{NAME}/", {}),
    "no page": ("GET", f"/en/{NAME}", {}),
    "no record": ("GET", f"/api/v1/cases/{NAME}/", {}),
    "a form sent to the API": ("POST", f"/api/v1/cases/{NAME}/", {}),
    "too many fields": ("POST", f"/desk/login/?next=/{NAME}", {}),
}


@pytest.fixture
def lines(caplog):
    """What the log holds by now, as it is written, at any level."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "django.request")
    return lambda: [
        JSONFormatter().format(record)
        for record in caplog.records
        if record.name.startswith(("django.request", "django.security", "cases"))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", REQUESTS)
def test_a_path_as_it_was_typed_is_not_logged(lines, settings, name):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2 if name == "too many fields" else 100
    method, path, headers = REQUESTS[name]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(get_user_model().objects.create_superuser("synthetic"))
    secure = "HTTP_REFERER" in headers
    client.generic(
        *(method, path, f"{NAME}=1&a=2&b=3", "application/x-www-form-urlencoded"),
        secure=secure,
        **headers,
    )
    written = lines()
    assert not [line for line in written if NAME in line]


@pytest.mark.django_db
def test_a_page_that_fails_is_logged_by_its_route(lines, monkeypatch):
    def fails(self, *_, **__):
        raise RuntimeError(NAME)

    monkeypatch.setattr(Page, "dispatch", fails)
    client = Client(raise_request_exception=False)
    assert client.get(f"/en/?name={NAME}").status_code == 500
    [line] = [line for line in lines() if '"django.request"' in line]
    assert NAME not in line
    assert '"message":"Internal Server Error"' in line
    assert '"status":500' in line
    assert '"route":"/' in line


@pytest.mark.django_db
def test_a_page_takes_no_form(client):
    answer = Client(enforce_csrf_checks=True).post("/en/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")

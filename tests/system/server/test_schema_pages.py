"""The pages that show the schema: from a real server, which sends all that they need itself."""

import re
from html import unescape

import pytest

PAGES = ["docs", "redoc"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_what_it_needs_from_its_own_server(server, page):
    answer = server.ask(f"/api/v1/{page}/")
    policy = answer.headers["Content-Security-Policy"]
    needed = [
        unescape(found)
        for found in re.findall(r'(?:href|src|data-url)="([^"]+)"', answer.body.decode())
    ]
    assert len(needed) == 5
    for address in needed:
        assert address.startswith(("/static/", "/api/v1/schema/", "data:"))
        if address.startswith("/"):
            part = server.ask(address)
            assert (part.status, part.body != b"") == (200, True), address
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_no_parameters(server, page):
    answer = server.ask(f"/api/v1/{page}/?colour=red")
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"

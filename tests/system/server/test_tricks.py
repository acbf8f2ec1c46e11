"""Addresses that mean to reach a file, or to write a header, at a real server."""

import pytest

# What stands in files that are nobody's business.
SECRETS = (b"INSTALLED_APPS", b"root:x:", b"execute_from_command_line", b"import os")


@pytest.mark.parametrize(
    "path",
    [
        *("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/..%2fmanage.py"),
        *("/static/cases/../../../casesapi/settings.py", "/static/cases/%2e%2e%2f%2e%2e%2fsite.py"),
        *("/static//etc/passwd", "/static/%2fetc%2fpasswd", "//etc/passwd", "/../../etc/passwd"),
        *("/static/....//....//etc/passwd", "/static/..%5c..%5cmanage.py", "/static/%00/manage.py"),
        *("/static/..%c0%af..%c0%afetc/passwd", "/static/cases/", "/static/", "/manage.py"),
        *("/.git/config", "/api/v1/cases/..%2f..%2f..%2fetc%2fpasswd/", "/api/v1/../../manage.py"),
    ],
)
def test_no_address_reaches_a_file_that_is_not_for_the_public(server, path):
    status, _, body = server.ask(path)
    assert status in (400, 404), body
    assert not [secret for secret in SECRETS if secret in body]


@pytest.mark.parametrize("broken", ["%0d%0a", "%0a", "%0d", "%E5%98%8A%E5%98%8D", "%00"])
@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1/cases{}", "/api/v1/cases/KZ-0001{}", "/desk{}", "/desk/login/?next={}"),
        *("/api/v1/cases/?q={}", "/api/v1/cases/?format=csv&q={}", "/api/v1/cases/?cursor={}"),
    ],
)
def test_no_address_writes_a_header_of_its_own(server, path, broken):
    status, headers, _ = server.ask(path.format(f"{broken}X-Injected:%20yes{broken}"))
    assert status < 500
    assert "X-Injected" not in headers
    assert "yes" not in headers.values()


def test_an_ordinary_file_of_ours_is_served(server):
    assert server.ask("/static/cases/desk.css")[0] == 200

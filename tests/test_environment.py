"""What the application is told of a request, of what Granian says of it."""

import pytest

from casesapi.server.wsgi_environ import environment, takes_body


def scope(path="/api/v1/", method="GET", headers=()):
    return {
        "type": "http",
        "method": method,
        "raw_path": path.encode("latin-1"),
        "query_string": b"q=1",
        "server": ("127.0.0.1", "8000"),
        "client": ("192.0.2.1", "4711"),
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }


def test_headers_with_an_underscore_are_dropped():
    given = [
        ("x-forwarded-for", "192.0.2.1"),
        ("x_forwarded_for", "198.51.100.1"),
        ("x-forwarded_for", "198.51.100.2"),
        ("content_length", "5"),
        ("host", "localhost"),
    ]
    found = environment(scope(headers=given))
    assert found["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert found["HTTP_HOST"] == "localhost"
    assert "CONTENT_LENGTH" not in found
    assert "HTTP_CONTENT_LENGTH" not in found


def test_repeated_headers_are_joined_and_cookies_in_their_own_way():
    given = [("accept", "a"), ("accept", "b"), ("cookie", "a=1"), ("cookie", "b=2")]
    found = environment(scope(headers=given))
    assert found["HTTP_ACCEPT"] == "a,b"
    assert found["HTTP_COOKIE"] == "a=1; b=2"


def test_what_is_told_beside_the_headers():
    found = environment(scope("/api/v1/%D0%B0%FF/", headers=[("content-type", "text/plain")]))
    assert found["PATH_INFO"] == "/api/v1/\xd0\xb0\xff/"
    assert (found["QUERY_STRING"], found["REQUEST_METHOD"]) == ("q=1", "GET")
    assert (found["REMOTE_ADDR"], found["SERVER_PORT"]) == ("192.0.2.1", "8000")
    assert found["CONTENT_TYPE"] == "text/plain"


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("POST", "/desk/login/", [("content-length", "5")], True),
        ("POST", "/desk/login/", [("transfer-encoding", "chunked")], True),
        ("POST", "/desk/login/", [("content-length", "0")], False),
        ("POST", "/desk/login/", [], False),
        ("GET", "/desk/login/", [("content-length", "5")], False),
        ("POST", "/api/v1/cases/", [("content-length", "5")], False),
        ("PUT", "/", [("content-length", "5")], False),
    ],
)
def test_only_the_desk_reads_bodies(method, path, headers, expected):
    found = environment(scope(path, method, headers))
    assert takes_body(found) == expected
    assert expected or "5" not in found.get("CONTENT_LENGTH", "")

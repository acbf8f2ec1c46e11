"""Careful headers on every answer, whatever it is."""

import re

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

# The list of the OWASP secure headers project, but for Strict-Transport-Security, which belongs to
# TLS, and Clear-Site-Data and Cache-Control, which belong to single pages.
EVERYWHERE = {
    *("Content-Security-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Opener-Policy"),
    *("Cross-Origin-Resource-Policy", "Permissions-Policy", "Referrer-Policy"),
    *("X-Content-Type-Options", "X-DNS-Prefetch-Control", "X-Frame-Options"),
    "X-Permitted-Cross-Domain-Policies",
}
# Pictures, which articles may show in frames.
FRAMED = "/charts/"
EXAMPLES = {"public_id": "KZ-0001", "pk": "3f0c1b0e-0000-4000-8000-000000000000"}


def addresses(resolver=None, prefix="/"):
    """An address for each pattern there is; regular expressions, of which the desk has one, are
    tried as they are."""
    for pattern in (resolver or get_resolver()).url_patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, place)
        else:
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: EXAMPLES.get(found[1], "1"), place)


ADDRESSES = sorted(set(addresses()))
FAILING = [
    *("/", "/nowhere", "/api/v1/cases", "/api/v1/nowhere/", "/api/v1/cases/?colour=red"),
    *("/api/v1/cases/ZZ-9999/", f"/api/v1/cases/?q={'x' * 9000}", "/desk/nowhere/"),
    *("/static/cases/schema.js", "/static/nowhere.css", "/static/../manage.py"),
    *("/api/v1/cases/?format=csv", "/api/v1/cases/%00/"),
]


def test_every_address_is_looked_at():
    assert {"/api/v1/", "/api/v1/cases/KZ-0001/", "/desk/login/", "/metrics"} <= set(ADDRESSES)
    assert len(ADDRESSES) > 50


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*ADDRESSES, *FAILING])
def test_every_answer_is_careful(client, address):
    client.raise_request_exception = False
    for response in (client.get(address), client.post(address), client.options(address)):
        framed = address.startswith(FRAMED)
        assert response.headers.keys() >= EVERYWHERE - ({"X-Frame-Options"} if framed else set())
        policy = response["Content-Security-Policy"]
        assert_strict(policy + ("; frame-ancestors 'none'" if framed else ""))
        assert response["X-Content-Type-Options"] == "nosniff"
        assert framed or response["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in response
        response.close()


@pytest.mark.django_db
def test_a_preflight_and_a_foreign_host_are_answered_carefully_too(client):
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    allowed = client.options("/api/v1/cases/", headers=preflight)
    assert allowed["Access-Control-Allow-Origin"] == "*"
    refused = client.get("/api/v1/cases/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    for response in (allowed, refused):
        assert response.headers.keys() >= EVERYWHERE


def test_a_failure_is_answered_carefully_too(client, db, monkeypatch):
    from cases.api.views import records

    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(records.RecordList, "get", fail)
    client.raise_request_exception = False
    response = client.get("/api/v1/cases/")
    assert response.status_code == 500
    assert response.headers.keys() >= EVERYWHERE


def assert_strict(policy):
    """Nothing inline, nothing from elsewhere, no frames."""
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    for directive in ("default-src", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in policy


@pytest.mark.django_db
def test_data_is_for_any_page_and_all_else_for_our_own(client):
    policy = "Cross-Origin-Resource-Policy"
    for address, said in (
        ("/api/v1/cases/", "cross-origin"),
        ("/static/cases/schema.js", "same-origin"),
        ("/desk/login/", "same-origin"),
    ):
        response = client.get(address)
        assert response[policy] == said
        response.close()


def test_by_tls_browsers_are_told_to_stay_with_it(client, settings):
    # As in production: the proxy says how it was asked.
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client = type(client)()  # middleware reads settings once
    plain = client.get("/api/v1/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/api/v1/")
    safe = client.get("/health/live", headers={"X-Forwarded-Proto": "https"})
    assert safe["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    # Probes come from inside, without a proxy.
    assert client.get("/health/live").status_code == 200


def test_the_outermost_middleware_is_the_careful_one():
    assert settings.MIDDLEWARE[0] == "casesapi.http.security_headers.security_headers"

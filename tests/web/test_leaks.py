"""Nothing private and nobody redacted stands on any page, in any language and at any time."""

import re

from cases.models import Publication
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.web.languages import LANGUAGES
from cases.web.urls import pages
from tests import synthetic
from tests.planted import IDS, NAME, SECRETS

CODES = (synthetic.REGION, synthetic.COURT, synthetic.ARMY, synthetic.ARTICLE, synthetic.PUBLISHER)


def addresses():
    """Every page, with every id that is planted."""
    for pattern in pages:
        route = str(pattern.pattern)
        for public_id in _ids(route):
            for language in LANGUAGES:
                address = f"/{language}/" + re.sub("<.*>", public_id, route)
                assert "<" not in address
                yield address


def _ids(route):
    if "public_id>" not in route:
        return [""]
    prefix = {"cases": "KZ-", "sources": "SRC-", "statistics": "STAT-"}.get(route.split("/")[0])
    return [one for one in IDS if one.startswith(prefix)] if prefix else CODES


def answers(client):
    publications = range(1, Publication.objects.count() + 1)
    for address in addresses():
        # Words of the frame differ between languages, and documents between times.
        times = publications if address.startswith("/en/") else ()
        for query in ({}, *({"as_of": number} for number in times)):
            answer = client.get(address, query)
            headers = "\n".join(f"{key}: {value}" for key, value in answer.headers.items())
            yield f"{address} {query} {answer.status_code}", answer.text + headers


def hits(client, words):
    return [(where, word) for where, said in answers(client) for word in words if word in said]


def test_nothing_private_is_on_any_page(planted, client):
    assert hits(client, SECRETS) == []


def test_the_walk_would_see_a_leak(planted, client):
    where = {place.split()[0] for place, _ in hits(client, NAME)}
    assert {"/en/cases/KZ-9001/", "/kk/sources/SRC-9001/", "/ru/"} <= where


def test_a_redacted_person_is_on_no_page_of_any_time(planted, client):
    list(answers(client))  # whatever is cached is cached now
    actions.redact(redacting.find("KZ-9001-D1"), "On request", planted)
    assert hits(client, (*NAME, *SECRETS)) == []
    page = client.get("/en/cases/KZ-9001/")
    assert page.status_code == 200
    assert "redacted" in page.text


def test_a_kept_page_is_not_valid_after_a_redaction(planted, client):
    before = client.get("/en/cases/KZ-9001/?as_of=1")
    actions.redact(redacting.find("KZ-9001-D1"), "On request", None)
    headers = {"If-None-Match": before["ETag"]}
    after = client.get("/en/cases/KZ-9001/?as_of=1", headers=headers)
    assert after.status_code == 200
    assert after.content != before.content

"""The pages that show the schema: from a real server, which sends all that they need itself."""

import re
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

PAGES = ["docs", "redoc"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_what_it_needs_from_its_own_server(server, page):
    with urlopen(f"{server}/api/v1/{page}/") as answer:
        html = answer.read().decode()
        policy = answer.headers["Content-Security-Policy"]
    needed = re.findall(r'(?:href|src|data-url)="([^"]+)"', html)
    assert len(needed) == 5
    for address in needed:
        assert address.startswith(("/static/", "/api/v1/schema/", "data:"))
        if address.startswith("/"):
            with urlopen(server + address) as answer:
                assert answer.read()
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_no_parameters(server, page):
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{server}/api/v1/{page}/?colour=red")
    with refused.value as error:
        assert error.code == 400
        assert error.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["format=xml", "as_of=1", "format="])
def test_the_schema_takes_no_parameter_but_its_format(dataset, client, query):
    response = client.get(f"/api/v1/schema/?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["param"] == query.partition("=")[0]


def test_the_front_page_leads_to_the_schema_and_the_pages(dataset, client):
    links = client.get("/api/v1/").json()["links"]
    for name in ("schema", *PAGES):
        assert client.get(links[name]).status_code == 200

"""The schema as a file, and the way to the pages that show it."""

import pytest

PAGES = ["docs", "redoc"]


@pytest.mark.parametrize("query", ["format=xml", "as_of=1", "format="])
def test_the_schema_takes_no_parameter_but_its_format(dataset, client, query):
    response = client.get(f"/api/v1/schema/?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["param"] == query.partition("=")[0]


def test_the_front_page_leads_to_the_schema_and_the_pages(dataset, client):
    links = client.get("/api/v1/").json()["links"]
    for name in ("schema", *PAGES):
        assert client.get(links[name]).status_code == 200

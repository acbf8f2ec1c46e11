"""A permalink is one address for one answer, in whatever order the parameters were typed."""

from itertools import permutations
from urllib.parse import urlencode

import pytest

REQUESTS = {
    "a page": ("cases/", [("region", "KZ"), ("region", "UZ"), ("page_size", "1")]),
    "a page of parts": (
        "cases/",
        [("fields", "status"), ("fields", "id"), ("omit", "sources"), ("ordering", "-id")],
    ),
    "facets": ("cases/facets/", [("by", "status"), ("by", "outcome"), ("region", "KZ")]),
    "crossed facets": (
        "verdicts/facets/",
        [("by", "outcome,plea"), ("by", "plea"), ("by", "procedure"), ("drill", "down")],
    ),
    "a file": ("cases/", [("format", "csv"), ("region", "KZ"), ("bom", "1")]),
    "changes": ("changes/", [("record", "case"), ("record", "source"), ("page_size", "2")]),
}


def permalink(answer):
    if answer["Content-Type"].startswith("application/json"):
        return answer.json()["permalink"]
    return answer["Link"].partition("<")[2].partition(">")[0]


@pytest.mark.parametrize("name", REQUESTS)
def test_a_permalink_and_its_bytes_do_not_depend_on_the_order(world, client, name):
    path, parameters = REQUESTS[name]
    found = {}
    for order in permutations(parameters):
        answer = client.get(f"/api/v1/{path}?{urlencode(order)}")
        assert answer.status_code == 200, answer.content
        found[answer.getvalue()] = permalink(answer)
    [(body, pinned)] = found.items()
    replayed = client.get(pinned)
    assert replayed.getvalue() == body
    assert permalink(replayed) == pinned

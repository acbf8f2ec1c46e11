"""What was cited can be replayed: the same bytes, whatever is published later."""

import re
from random import Random
from urllib.parse import urlencode

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api import published
from tests.api.downloads import FILES, read
from tests.api.random_history import History

FILTERS = {
    "cases": [
        *(
            ("region", "KZ-59"),
            ("region", "KZ"),
            ("region__not", "UZ-FA"),
            ("outcome", "convicted"),
        ),
        *(("formation", "ru-mod"), ("plea__isnull", "true"), ("decided_after", "2024-06")),
        *(("sentence_months_min", "24"), ("procedure", "simplified"), ("count", "false")),
    ],
    "defendants": [("citizenship", "KZ,UZ"), ("legal_status", "accused"), ("article", "KZ-172")],
    "verdicts": [
        ("outcome__not", "convicted"),
        ("decided_before", "2025"),
        ("kind", "recruitment"),
    ],
}
ORDERINGS = ["id", "-id", "decided", "-decided", "sentence_months", "-sentence_months"]


@st.composite
def addresses(draw):
    """A list, with any filters, order, parts and page size; or facets, or a file of it."""
    kind = draw(st.sampled_from(sorted(FILTERS)))
    chosen = draw(st.lists(st.sampled_from(FILTERS[kind]), max_size=3, unique=True))
    what = draw(st.sampled_from(["page", "page", "facets", "file"]))
    if what == "facets":
        filters = [pair for pair in chosen if pair[0] != "count"]
        by = draw(st.sampled_from(["region", "outcome", "region,decided_year", "formation"]))
        return f"/api/v1/{kind}/facets/?{urlencode([*filters, ('by', by)])}"
    shape = [("ordering", draw(st.sampled_from(ORDERINGS)))]
    shape += draw(st.sampled_from([[], [("omit", "sources")], [("fields", "version")]]))
    if what == "file":
        chosen = [pair for pair in chosen if pair[0] != "count"]
        shape.append(("format", draw(st.sampled_from(FILES))))
    else:
        shape.append(("page_size", str(draw(st.integers(1, 9)))))
    return f"/api/v1/{kind}/?{urlencode([*chosen, *shape])}"


@settings(
    max_examples=2,
    deadline=None,
    # A history is short work, hundreds of smaller ones are not.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), asked=st.lists(addresses(), min_size=15, max_size=15))
def test_permalinks_replay_byte_for_byte_after_200_edits(empty, client, seed, asked):
    published.forget_everything()
    history = History(Random(seed), size=8)
    history.go_on(10)
    taken = {}
    for address in asked:
        while address:
            answer = client.get(address)
            assert answer.status_code == 200, answer.content
            if answer.streaming:
                taken[re.search('<(.*?)>; rel="bookmark"', answer["Link"])[1]] = read(answer)
                break
            taken[answer.json()["permalink"]] = answer.content
            address = answer.json().get("next")
    history.go_on(200)
    for permalink, content in taken.items():
        assert read(client.get(permalink)) == content

"""What was cited can be replayed: the same bytes, whatever is published later."""

from random import Random
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api import published
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
    """A list, with any filters, order and page size; now and then with facets instead."""
    kind = draw(st.sampled_from(sorted(FILTERS)))
    chosen = draw(st.lists(st.sampled_from(FILTERS[kind]), max_size=3, unique=True))
    if draw(st.booleans()) and draw(st.booleans()):
        filters = [pair for pair in chosen if pair[0] != "count"]
        by = draw(st.sampled_from(["region", "outcome", "region,decided_year", "formation"]))
        return f"/api/v1/{kind}/facets/?{urlencode([*filters, ('by', by)])}"
    shape = [("ordering", draw(st.sampled_from(ORDERINGS))), ("page_size", draw(st.integers(1, 9)))]
    return f"/api/v1/{kind}/?{urlencode([*chosen, *shape])}"


@settings(
    max_examples=3,
    deadline=None,
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
            taken[answer.json()["permalink"]] = answer.content
            address = answer.json().get("next")
    history.go_on(200)
    for permalink, content in taken.items():
        assert client.get(permalink).content == content

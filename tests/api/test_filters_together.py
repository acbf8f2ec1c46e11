"""How filters go together, and those that every list has."""

import pytest

from tests.api import published
from tests.api.examples import EVERYTHING, FULL
from tests.api.reading import LISTS, ids, mistakes, read


def test_different_filters_must_all_hold(world, client):
    both = read(client, "cases/", country="KZ", status=["final", "investigation"])
    assert ids(both) == ["KZ-0001"]
    assert ids(read(client, "cases/", country="UZ", formation="wagner")) == []


def test_a_filter_and_its_exclusion_must_both_hold(world, client):
    within = read(client, "cases/", region="KZ", region__not="KZ-59")
    assert ids(within) == ["KZ-0002"]


def test_facts_of_different_rulings_of_a_case_may_fulfil_different_filters(world, client):
    assert ids(read(client, "cases/", outcome="changed", sentence_months_max=24)) == ["KZ-0002"]
    assert ids(read(client, "verdicts/", outcome="changed", sentence_months_max=24)) == []


def test_a_verdict_is_found_by_its_own_ruling_only(world, client):
    assert ids(read(client, "verdicts/", outcome="changed")) == ["KZ-0002-V2"]
    assert ids(read(client, "verdicts/", decided_before="2024")) == ["KZ-0002-V1"]
    not_changed = read(client, "verdicts/", outcome__not="changed", country="KZ")
    assert sorted(ids(not_changed)) == ["KZ-0001-V1", "KZ-0002-V1"]


@pytest.mark.parametrize("name", LISTS)
def test_ids_find_the_records_that_have_them(world, client, name):
    every = ids(read(client, f"{name}/", page_size=200))
    wanted = sorted([every[0], every[-1]])
    assert sorted(ids(read(client, f"{name}/", ids=wanted))) == wanted
    assert sorted(ids(read(client, f"{name}/", ids=",".join(wanted)))) == wanted
    unknown = every[0].replace("0", "9")
    assert ids(read(client, f"{name}/", ids=unknown)) == []


@pytest.mark.parametrize("name", LISTS)
def test_changed_since_finds_what_a_later_publication_brought(world, client, name):
    before = read(client, f"{name}/", page_size=200)
    kind, content = next(
        (kind, content)
        for kind, content in EVERYTHING
        if content.get("id") == ids(before)[0] and f"{kind}s".replace("ys", "ies") == name
    )
    published.publish((kind, content | {"remarks": "corrected"}))
    assert ids(read(client, f"{name}/", changed_since=1)) == [content["id"]]
    assert read(client, f"{name}/", changed_since=0)["count"] == before["count"]
    assert read(client, f"{name}/", changed_since=2)["count"] == 0
    assert [error["param"] for error in mistakes(client, f"{name}/", changed_since=3)] == [
        "changed_since"
    ]


def test_filters_hold_for_the_state_that_as_of_asks_for(world, client):
    kind, content = FULL[0]
    published.publish((kind, content | {"status": "appeal"}))
    assert "KZ-0001" in ids(read(client, "cases/", status="final", as_of=1))
    assert "KZ-0001" not in ids(read(client, "cases/", status="final"))
    assert "KZ-0001" in ids(read(client, "cases/", status="appeal"))


def test_codes_that_were_only_known_later_may_be_asked_for_earlier(world, client):
    published.publish(*published.reference(region=["KG-O"]))
    assert ids(read(client, "cases/", region="KG-O")) == []
    assert ids(read(client, "cases/", region="KG-O", as_of=1)) == []


def test_a_filter_finds_exactly_what_is_known_as_soon_as_it_is_published(world, client):
    assert mistakes(client, "cases/", region="KG-O")
    kind, content = FULL[0]
    there = {"code": "KG-O", "within": ["KG"]}
    published.publish(*published.reference(region=["KG-O"]), (kind, content | {"region": there}))
    assert ids(read(client, "cases/", region="KG-O")) == ["KZ-0001"]

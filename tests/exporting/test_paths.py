import pytest

from cases.exporting.paths import follow, links, steps

DOCUMENT = {
    "id": "KZ-0001",
    "region": {"name": {"en": "North", "ru": None}},
    "court": None,
    "sources": [
        {"id": "SRC-0001", "kind": "news_report", "cited": True},
        {"id": "SRC-0002", "kind": "court_document", "cited": False},
    ],
    "defendants": [{"names": [{"text": "A"}, {"text": "B"}]}, {"names": []}],
}

TABLE = {
    "id": ["KZ-0001"],
    "region.name.en": ["North"],
    "region.name.ru": [None],
    "court.name.en": [None],
    "added.since": [None],
    "sources[].id": ["SRC-0001", "SRC-0002"],
    "sources[first].id": ["SRC-0001"],
    "sources[last].id": ["SRC-0002"],
    "sources[cited=true].id": ["SRC-0001"],
    "sources[cited=true][kind=court_document].id": [],
    "defendants[].names[].text": ["A", "B"],
    "absent[].id": [],
}


@pytest.mark.parametrize(("path", "found"), TABLE.items())
def test_a_path_finds(path, found):
    value = follow(links(path))(DOCUMENT)
    assert (value if "[" in path else [value]) == found


@pytest.mark.parametrize("path", ["", "a..b", "a[", "a b", "A"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="no step"):
        steps(path)


def ruling(public_id, outcome, defendant="D1"):
    return {"id": public_id, "outcome": outcome, "defendant": defendant}


STANDING = {
    "the only one": ([ruling("V1", "convicted")], ["V1"]),
    "one that was upheld": ([ruling("V1", "convicted"), ruling("V2", "upheld")], ["V1"]),
    "one that changed another": ([ruling("V1", "convicted"), ruling("V2", "changed")], ["V2"]),
    "none, when it was quashed": ([ruling("V1", "convicted"), ruling("V2", "annulled")], []),
    "the new one after a quashed one": (
        [ruling("V1", "convicted"), ruling("V2", "annulled"), ruling("V3", "acquitted")],
        ["V3"],
    ),
    "one that upholds what is not known": ([ruling("V1", "upheld")], ["V1"]),
    "one of each defendant": (
        [ruling("V1", "convicted"), ruling("V2", "convicted", "D2"), ruling("V3", "changed")],
        ["V3", "V2"],
    ),
}


@pytest.mark.parametrize(("rulings", "standing"), STANDING.values(), ids=STANDING)
def test_the_ruling_that_stands_is(rulings, standing):
    assert follow(links("verdicts[standing].id"))({"verdicts": rulings}) == standing

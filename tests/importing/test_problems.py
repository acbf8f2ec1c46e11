"""A faulty dataset is refused with everything that is wrong with it, and nothing is written.

`dataset.problems` makes sure of the latter.
"""

import os

import pytest

from tests import synthetic
from tests.importing.expected import entries

CASE, OTHER = "cases/KZ-9001.yaml", "cases/KZ-9002.yaml"


def test_all_that_is_wrong_in_different_files_is_told_at_once(dataset):
    dataset.edit("sources.yaml", "extent_read: excerpt", "extent_read: excerpt\n    pages: 3")
    dataset.edit("courts.yaml", "level: district", "level: village")
    dataset.edit("articles.yaml", "country: KZ", "country: KG")
    dataset.edit("statistics.yaml", "  - id: STAT-9002", "  - id: STAT-9001")
    dataset.edit("statistics.yaml", "    contradicts: [STAT-9002]\n", "")
    dataset.write("broken.yaml", "case: [")
    dataset.write("twice.yaml", "publishers:\n  - kind: ngo\n    kind: court\n")
    found = dataset.problems()
    assert [(file, line, place, detail[:40]) for file, line, place, detail in found] == [
        ("articles.yaml", 3, "articles[0].country", "KG is no known region"),
        ("broken.yaml", 2, "", "this is no YAML: did not find expected n"),
        ("courts.yaml", 5, "courts[0].level", "'village' is not one of ['district', 'ci"),
        ("sources.yaml", 15, "sources[1].pages", "is unknown here; allowed: id, publisher,"),
        (
            "statistics.yaml",
            15,
            "statistics[1]",
            f"STAT-9001 stands already in {dataset.folder}/"[:40],
        ),
        ("twice.yaml", 3, "publishers[0].kind", "stands twice"),
    ]


def test_form_references_and_rules_are_told_at_once(dataset):
    dataset.edit("formations.yaml", "kind: military_unit", "kind: gang")
    dataset.edit("statistics.yaml", "country: KZ", "country: KG")
    dataset.edit(OTHER, "conflict, status, summary]", "conflict, summary]")
    assert dataset.problems() == [
        (OTHER, 6, "case.status", "KZ-9002: has no source [every_fact_has_a_source]"),
        ("formations.yaml", 4, "formations[0].kind", GANG),
        ("statistics.yaml", 6, "statistics[0].country", "KG is no known region"),
    ]


GANG = (
    "'gang' is not one of ['ministry', 'armed_forces', 'intelligence_service', "
    "'recruitment_network', 'battalion', 'penal_assault_unit', 'regiment', 'military_unit', "
    "'private_military_company', 'separatist_forces', 'separatist_units']"
)

FORM = {
    # file, what is replaced by what: line, place, beginning of the detail
    "unknown code": (
        CASE,
        "status: decided",
        "status: settled",
        (6, "case.status", "'settled' is not one of ['investigation', "),
    ),
    "unknown key": (
        CASE,
        "  status: decided",
        "  state: decided",
        (6, "case.state", "is unknown here; allowed: id, country, kind,"),
    ),
    "missing key": (
        CASE,
        "      instance: appeal\n",
        "",
        (43, "case.verdicts[1]", "'instance' is a required property"),
    ),
    "number for text": (
        "articles.yaml",
        '"9172"',
        "9172",
        (5, "articles[0].number", "9172 is not of type 'string'; put it in quotes"),
    ),
    "nothing for text": (
        CASE,
        "locator: ¶1",
        "locator:",
        (14, "case.citations[0].locator", "None is not of type 'string'"),
    ),
    "empty text": (
        CASE,
        "locator: ¶1",
        'locator: ""',
        (14, "case.citations[0].locator", "'' should be non-empty"),
    ),
    "unknown language": (
        "publishers.yaml",
        "{en: Synthetic Daily}",
        "{de: Synthetisch}",
        (3, "publishers[0].name.de", "is unknown here; allowed: en, ru, kk"),
    ),
    "no date": (
        CASE,
        '"2024-09-10"',
        '"2024-02-30"',
        (36, "case.verdicts[0].date", "“2024-02-30” is no date that can be read; expected"),
    ),
    "season": (
        CASE,
        '"2024-09-10"',
        '"2024-21"',
        (36, "case.verdicts[0].date", "“2024-21” is a kind of date not supported here"),
    ),
    "time without an offset": (
        "sources.yaml",
        "    extent_read: full",
        "    captured: 2024-09-12T10:00:00\n    extent_read: full",
        (7, "sources[0].captured", "“2024-09-12T10:00:00” has no offset from UTC"),
    ),
    "id of another country": (
        OTHER,
        "country: KZ",
        "country: KG",
        (2, "case.id", "KZ-9002 does not begin with the country KG"),
    ),
    "defendant of another case": (
        OTHER,
        "id: KZ-9002-D1",
        "id: KZ-9003-D1",
        (13, "case.defendants[0].id", "KZ-9003-D1 is no part of KZ-9002"),
    ),
    "service of another defendant": (
        CASE,
        "id: KZ-9001-D1-S1",
        "id: KZ-9001-D2-S1",
        (25, "case.defendants[0].services[0].id", "KZ-9001-D2-S1 is no part of KZ-9001-D1"),
    ),
    "ruling of another case": (
        CASE,
        "id: KZ-9001-V2",
        "id: KZ-9002-V2",
        (43, "case.verdicts[1].id", "KZ-9002-V2 is no part of KZ-9001"),
    ),
    "part that stands twice": (
        CASE,
        "id: KZ-9001-V2",
        "id: KZ-9001-V1",
        (43, "case.verdicts[1].id", "KZ-9001-V1 stands already in "),
    ),
    "source that is nowhere": (
        CASE,
        "source: SRC-9002",
        "source: SRC-9003",
        (49, "case.verdicts[1].citations[0].source", "SRC-9003 is no known source"),
    ),
    "ruling that is nowhere": (
        CASE,
        "changes: KZ-9001-V1",
        "changes: KZ-9001-V9",
        (47, "case.verdicts[1].changes", "KZ-9001-V9 is no known verdict"),
    ),
    "other records in the file": (
        "publishers.yaml",
        "publishers:",
        "houses:",
        (1, "", "must hold one of these at its top, and nothing else: publishers, regions,"),
    ),
    "a list": (OTHER, "case:", "- case:", (1, "", "must hold one of these at its top")),
}


@pytest.mark.parametrize("name", FORM)
def test_a_wrong_form_is_told_at_its_line(dataset, without_rules, name):
    file, old, new, (line, place, beginning) = FORM[name]
    dataset.edit(file, old, new)
    found = [(at, detail) for _, at, where, detail in dataset.problems() if where == place]
    assert (line, beginning) in [(at, detail[: len(beginning)]) for at, detail in found]


RULES = {
    "a fact of a part of a case": (
        CASE,
        "fields: [formation, began]",
        "fields: [formation]",
        [(CASE, 27, "case.defendants[0].services[0].began", "KZ-9001-D1-S1: has no source")],
    ),
    "a fact of a ruling": (
        CASE,
        "sentence_months: 72",
        "sentence_months: 109",
        [(CASE, 38, "case.verdicts[0].sentence_months", "KZ-9001-V1: 109 months lie outside")],
    ),
    "a source": (
        "sources.yaml",
        'published: "2024-09-12"',
        'published: "2999"',
        [("sources.yaml", 6, "sources[0].published", "SRC-9001: 2999 lies in the future")],
    ),
    "a value that is missing, at the figure": (
        "statistics.yaml",
        "    value: 90\n",
        "",
        [
            (
                "statistics.yaml",
                2,
                "statistics[0].value",
                "STAT-9001: is cited from SRC-9002 but empty",
            ),
            (
                "statistics.yaml",
                2,
                "statistics[0].value",
                "STAT-9001: is missing; say in remarks what is printed instead",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_broken_rule_is_told_at_the_line_of_what_breaks_it(dataset, name):
    file, old, new, told = RULES[name]
    dataset.edit(file, old, new)
    found = [(*where, detail.partition(" [")[0]) for *where, detail in dataset.problems()]
    assert len(found) == len(told)
    for problem, expected in zip(found, told, strict=True):
        assert problem[:3] == expected[:3]
        assert problem[3].startswith(expected[3])


def test_what_an_editor_is_working_on_neither_stops_a_load_nor_goes_out_with_it(dataset):
    dataset.load()
    synthetic.uncite(synthetic.case("KZ-9003", service=None, verdict=None), "kind")
    dataset.edit("publishers.yaml", "Synthetic Daily", "Synthetic Weekly")
    dataset.load()
    assert ("correct", "publisher", "synthetic-daily") in entries(2)
    assert not [entry for entry in entries(2) if "KZ-9003" in entry[2]]


def test_a_wrong_edit_of_a_record_that_is_stored_is_told_alone(dataset):
    """What is wrong in form is not written on trial; the rules could say nothing true of it."""
    dataset.load()
    dataset.edit(CASE, "  kind: participation\n", "")
    assert dataset.problems() == [(CASE, 1, "case", "'kind' is a required property")]


def test_what_rests_on_a_record_with_a_problem_is_still_checked_once_it_is_stored(dataset):
    dataset.load()
    dataset.edit("courts.yaml", "level: district", "level: village")
    dataset.edit(CASE, "fields: [formation, began]", "fields: [formation]")
    assert [problem[:3] for problem in dataset.problems()] == [
        (CASE, 27, "case.defendants[0].services[0].began"),
        ("courts.yaml", 5, "courts[0].level"),
    ]


def test_two_records_without_an_id_do_not_stand_twice(dataset):
    dataset.write("notes.yaml", "publishers:\n  - kind: court\n  - kind: ngo\n")
    assert {detail for *_, detail in dataset.problems()} == {
        "'id' is a required property",
        "'name' is a required property",
    }


def test_a_file_that_is_not_in_utf_8_is_told_beside_what_else_is_wrong(dataset):
    (dataset.folder / "notes.yaml").write_bytes("case:\n  id: Синтетика\n".encode("cp1251"))
    dataset.edit("courts.yaml", "region: KZ-99", "region: KZ-98")
    assert dataset.problems() == [
        ("courts.yaml", 4, "courts[0].region", "KZ-98 is no known region"),
        ("notes.yaml", 2, "", "is not in UTF-8; save it as UTF-8"),
    ]


def test_a_file_that_cannot_be_read_is_told_beside_what_else_is_wrong(dataset):
    dataset.edit("courts.yaml", "region: KZ-99", "region: KZ-98")
    missing = dataset.folder / "nowhere.yaml"
    os.symlink(dataset.folder / "nobody", dataset.folder / "dangling.yaml")
    assert dataset.problems(dataset.folder, missing) == [
        ("courts.yaml", 4, "courts[0].region", "KZ-98 is no known region"),
        ("dangling.yaml", 1, "", "cannot be read: No such file or directory"),
        ("nowhere.yaml", 1, "", "cannot be read: No such file or directory"),
    ]


def test_a_folder_without_files_loads_nothing(dataset):
    empty = dataset.folder / "empty"
    empty.mkdir()
    assert dataset.load(empty) == (0, 0, [], [])

"""What the schemas might let pass and the database refuses is told like any other problem."""

import pytest

CASE = "cases/KZ-9001.yaml"

REFUSED = {
    # file, what is replaced by what
    "a region without a country": ("regions.yaml", "    parent: KZ\n", ""),
    "a country in a region": (
        "regions.yaml",
        "    kind: country\n",
        "    kind: country\n    parent: KZ-99\n",
    ),
    "a formation under itself": (
        "formations.yaml",
        "kind: military_unit",
        "kind: military_unit\n    parent: synthetic-brigade",
    ),
    "a source that is its own parallel": (
        "sources.yaml",
        "extent_read: full",
        "extent_read: full\n    parallel_of: SRC-9001",
    ),
    "a penalty that ends before it begins": ("articles.yaml", "max_months: 108", "max_months: 59"),
    "a range that ends before it begins": ("statistics.yaml", "value_max: 20", "value_max: 9"),
    "a range of one": ("statistics.yaml", "value_max: 20", "value_max: 10"),
    "fewer than none": ("statistics.yaml", "value: 90", "value: -1"),
    "a figure that is too large": ("statistics.yaml", "value: 90", "value: 3000000000"),
    "a term that is too long": (CASE, "sentence_months: 72", "sentence_months: 40000"),
    "a term below zero": (CASE, "sentence_months: 72", "sentence_months: -1"),
    "a sentence without a conviction": (CASE, "outcome: convicted", "outcome: acquitted"),
    "a ruling on itself": (CASE, "changes: KZ-9001-V1", "changes: KZ-9001-V2"),
    "a first instance that upholds": (CASE, "instance: appeal", "instance: first"),
    "a name that is listed twice": (
        CASE,
        "      citizenships: [KZ]",
        "        - {text: Synthetic Person, language: en, script: Latn, kind: initials}\n"
        "      citizenships: [KZ]",
    ),
    "pay that ends before it begins": (
        CASE,
        "      citizenships: [KZ]",
        "      payments: [{kind: promised, amount: 9, amount_max: 8, currency: USD}]\n"
        "      citizenships: [KZ]",
    ),
    "pay below zero": (
        CASE,
        "      citizenships: [KZ]",
        "      payments: [{kind: promised, amount: -9, currency: USD}]\n      citizenships: [KZ]",
    ),
    "pay that is too large": (
        CASE,
        "      citizenships: [KZ]",
        "      payments: [{kind: promised, amount: 1000000000000, currency: USD}]\n"
        "      citizenships: [KZ]",
    ),
    "a defendant of thirteen": (
        CASE,
        "      citizenships: [KZ]",
        '      age: 13\n      age_as_of: "2024"\n      citizenships: [KZ]',
    ),
    "a qualifier that is not supported": (CASE, '"2024-09-10"', '"2024-09%"'),
    "a slug that is too long": ("publishers.yaml", "id: synthetic-daily", f"id: {'a' * 81}"),
    "an interval that is too long": (
        CASE,
        '"2024-09-10"',
        '"2024-09-10?/' + "2024-09-10?/" * 3 + '2024-09-10"',
    ),
    "a letter that no text may hold": (
        CASE,
        "en: A synthetic person served in a synthetic brigade.",
        'en: "A synthetic\\0person."',
    ),
    "half a letter": (
        CASE,
        "en: A synthetic person served in a synthetic brigade.",
        'en: "A synthetic\\ud800person."',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_told_with_its_file(dataset, without_rules, name):
    file, old, new = REFUSED[name]
    dataset.edit(file, old, new)
    assert file in [problem[0] for problem in dataset.problems()]

"""Column declarations against the real documents."""

import re

import orjson
import pytest

from cases.exporting.columns import Inline, Take, Type, with_sources
from cases.exporting.export import row_reader
from cases.exporting.paths import follow, steps
from cases.exporting.tables import TABLES
from cases.models import published
from cases.models.fields import LANGUAGES
from cases.publishing.documents.build import citing_objects
from cases.vocabulary import RecordKind

# Parts of a document that are complete in another table; the same leaf must be a column there.
ELSEWHERE = {
    ("case", "defendants[]"): "defendant",
    ("case", "verdicts[]"): "verdict",
    ("defendant", "case"): "case",
    ("defendant", "verdicts[]"): "verdict",
    ("verdict", "case"): "case",
    ("verdict", "defendant"): "defendant",
    ("statistic", "contradicts[]"): "statistic",
    ("statistic", "derived_from[]"): "statistic",
    **{(kind, "sources[]"): "source" for kind in ("case", "defendant", "verdict", "statistic")},
}
# Whole numbers that count nothing.
NUMBERED = {"version", "version_publication", "dataset_publication"}
# What no column holds, and why.
LEFT_OUT = {
    r"citations\[\]": "provenance=inline",
    r"sources\[\]\.cited": "source_ids holds the cited ones",
    r"region\.within\[\]": "the code of a region begins with that of its country",
    r"residence_region\.within\[\]": "the code of a region begins with that of its country",
    r"(charges|articles)\[\]\.within\[\]": "the list of articles",
    r"verdicts\[\]\.defendant": "defendant_id of the verdict",
    r"sources\[\]\.(title_language|sha256)": "the source itself",
}


def documents(kind):
    bodies = published(kind).current().values_list("body", flat=True)
    return [orjson.loads(body) for body in bodies]


def leaves(value, path=""):
    """Every path in a document that ends in no object, nulls included."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, f"{path}[]")
    else:
        yield path


def bare(path):
    """A path that takes every item of each list."""
    return path and ".".join(step.key + ("[]" if step.selectors else "") for step in steps(path))


def held(kind, leaf):
    paths = {bare(column.path) for column in TABLES[kind].columns}
    # A null may stand for an object whose parts are columns, or for a list.
    if leaf in paths or any(path.startswith((f"{leaf}.", f"{leaf}[")) for path in paths):
        return True
    for (here, part), there in ELSEWHERE.items():
        if here == kind and leaf.startswith(f"{part}."):
            return held(RecordKind(there), leaf.removeprefix(f"{part}."))
    return False


@pytest.mark.parametrize("kind", RecordKind)
def test_every_public_value_is_in_a_column(dataset, db, kind):
    found = {leaf for document in documents(kind) for leaf in leaves(document)}
    assert found
    forgotten = {
        leaf
        for leaf in found
        if not held(kind, leaf) and not any(re.search(rf"(^|\.){why}", leaf) for why in LEFT_OUT)
    }
    assert forgotten == set()


@pytest.mark.parametrize("kind", RecordKind)
def test_every_column_finds_its_place(dataset, db, kind):
    """No path is misspelt: all its keys stand in some document."""
    found = {leaf for document in documents(kind) for leaf in leaves(document)}
    known = {leaf.replace("[]", "") for leaf in found}
    for column in TABLES[kind].columns:
        keys = [step.key for step in steps(column.path)]
        # Free-form objects leave out the languages that they do not have.
        keys = ["en" if key in LANGUAGES else key for key in keys]
        # A value that nobody stated yet is null, alone or as the object that it stands in.
        ends = {".".join(keys[: place + 1]) for place in range(len(keys))}
        assert ends & known, column.name


@pytest.mark.parametrize("kind", RecordKind)
def test_names_are_unique_also_with_sources(kind):
    names = [column.name for column in with_sources(TABLES[kind].columns)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


@pytest.mark.parametrize("kind", RecordKind)
def test_declarations_are_whole(kind):
    for column in TABLES[kind].columns:
        assert column.description.endswith("."), column.name
        assert column.null, column.name
        if column.take in (Take.COUNT, Take.EXISTS):
            assert not column.fact, column.name
        if column.codes:
            assert column.codes in {table.name for table in TABLES.values()}
        if column.type in (Type.INTEGER, Type.NUMBER) and column.take is not Take.COUNT:
            assert column.unit or column.name in NUMBERED, column.name


@pytest.mark.parametrize("kind", RecordKind)
def test_vocabularies_hold_every_code(dataset, db, kind):
    for declared in TABLES[kind].columns:
        column = declared.of(publication=3)
        read = follow(column.way())
        for document in documents(kind):
            value = read(document)
            values = value if isinstance(value, list) else [value]
            known = [item for item in values if item is not None]
            if column.vocabulary:
                assert set(known) <= set(column.vocabulary.values), column.name
            if column.null == "never null":
                assert value is not None, column.name


def has_sources(kind, place, field):
    """Whether a column has the citations of a field of the objects at a place."""
    cited = [column.citation for column in TABLES[kind].columns if column.fact]
    if any(bare(one.objects) == place and one.field == field for one in cited):
        return True
    return any(
        has_sources(RecordKind(there), place.removeprefix(part).removeprefix("."), field)
        for (here, part), there in ELSEWHERE.items()
        if here == kind and f"{place}.".startswith(f"{part}.")
    )


@pytest.mark.parametrize("kind", RecordKind)
def test_every_cited_field_has_a_column_of_sources(dataset, db, kind):
    used = {
        (re.sub(r"/\d+", "[]", pointer).removeprefix("/").replace("/", "."), field)
        for document in documents(kind)
        for pointer, citing in citing_objects(document)
        for citation in citing["citations"]
        for field in citation["fields"]
    }
    assert {(place, field) for place, field in used if not has_sources(kind, place, field)} == set()


@pytest.mark.parametrize("kind", RecordKind)
def test_inline_sources_are_those_of_the_citations(dataset, db, kind):
    for column in with_sources(TABLES[kind].columns):
        if not isinstance(column, Inline):
            continue
        read = follow(column.way())
        for document in documents(kind):
            sources = [cell.split(" ")[0] for cell in read(document)]
            cited = {
                citation["source"]
                for _, citing in citing_objects(document)
                for citation in citing["citations"]
                if column.cited.field in citation["fields"]
            }
            assert set(sources) <= cited, column.name


@pytest.mark.parametrize("kind", RecordKind)
def test_what_columns_share_is_read_as_each_alone_reads_it(dataset, db, kind):
    columns = with_sources(TABLES[kind].columns)
    read = row_reader(columns)
    alone = [follow(column.way()) for column in columns]
    for document in documents(kind):
        assert read(document) == [one(document) for one in alone]


def row(kind, public_id, *, sources=False):
    (document,) = (one for one in documents(kind) if one["id"] == public_id)
    declared = TABLES[kind].columns
    columns = with_sources(declared) if sources else declared
    return {column.name: follow(column.way())(document) for column in columns}


def holds(found, expected):
    return {name: found[name] for name in expected} == expected


def test_a_case_is_condensed_into_a_row(dataset, db):
    found = row(RecordKind.CASE, "KZ-0009")
    expected = {
        "country": "KZ",
        "region": "KZ-59",
        "region_name_ru": "Северо-Казахстанская область",
        "charges": ["KZ-172"],
        "opened": None,
        "opened_earliest": None,
        "defendant_count": 1,
        "defendant_names": ["Євген Люфт", "Yevgeny Luft"],
        "legal_statuses": ["convicted_not_final"],
        "formations": ["ru-mod"],
        "outcomes": ["convicted"],
        "sentence_months_max": 72,
        "source_count": 3,
        "source_ids": ["SRC-0019", "SRC-0062", "SRC-0063"],
        "has_court_document": False,
    }
    assert holds(found, expected)


def test_a_defendant_has_service_and_the_ruling_that_stands(dataset, db):
    found = row(RecordKind.DEFENDANT, "KZ-0009-D1", sources=True)
    expected = {
        "name": "Євген Люфт",
        "name_languages": ["uk", "en"],
        "age": 25,
        "age__sources": ["SRC-0062 ¶1-6", "SRC-0063 ¶1-3"],
        "plea": "denied",
        "recruitment_date": "2025-02",
        "recruitment_date_latest": "2025-02-28",
        "first_service_formation": "ru-mod",
        "first_service_places_en": ["Luhansk region", "Bakhmut"],
        "last_service_ended_latest": "2025-04-30",
        "verdict_id": "KZ-0009-V1",
        "verdict_sentence_months": 72,
        "verdict_articles__sources": ["SRC-0019 ¶7"],
        "case_region": "KZ-59",
    }
    assert holds(found, expected)


def test_a_source_that_states_something_else_is_marked(dataset, db):
    found = row(RecordKind.DEFENDANT, "UZ-0001-D1", sources=True)
    assert found["name__sources"] == ["SRC-0195 ¶1-4", "SRC-0197 ¶2-5 (differs)"]


def test_a_quashed_sentence_is_not_the_one_that_stands(dataset, db):
    """Ten years, quashed, then a suspended term: no imprisonment stands."""
    quashed = [one for one in documents("case") if "annulled" in str(one["verdicts"])]
    assert quashed
    for case in quashed:
        found = row(RecordKind.CASE, case["id"])
        assert found["sentence_kinds"] == ["suspended"]
        assert found["sentence_months_max"] is None
        assert set(found["outcomes"]) == {"convicted", "annulled"}


def test_a_statistic_names_its_rivals(dataset, db):
    found = row(RecordKind.STATISTIC, "STAT-0001")
    expected = {
        "value": 709,
        "period": "2025",
        "period_latest": "2025-12-31",
        "contradicts": ["STAT-0025"],
        "disputed": ["STAT-0025"],
    }
    assert holds(found, expected)

"""Texts that were stored and published before they had languages."""

from importlib import import_module

import orjson
import pytest
from django.db import connection
from django.utils import translation

from cases.charts.words import named
from cases.exporting.paths import follow, links
from cases.models import Case, published
from cases.publishing.ledger import diff, ledger
from cases.publishing.workflow.confirmations import differs
from cases.publishing.workflow.stale_texts import stale
from cases.vocabulary import RecordKind
from cases.web.templatetags.words import local, localized, plain
from tests import synthetic

MIGRATION = import_module("cases.migrations.0018_places_and_counters_in_languages")


def migrated(statement, column, kind, values):
    """What a statement of the migration makes of values, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE example (id int, {column} {kind}"
            f" CONSTRAINT example_{column}_check CHECK ({column} IS NOT NULL OR TRUE))"
        )
        for number, value in enumerate(values):
            cursor.execute("INSERT INTO example VALUES (%s, %s)", [number, value])
        cursor.execute(statement)
        cursor.execute(f"SELECT {column}::text FROM example ORDER BY id")
        return [text for (text,) in cursor]


@pytest.mark.django_db
def test_the_letters_of_a_stored_text_tell_its_language():
    statement = MIGRATION.TEXT.format(table="example", column="counted_by")
    stored = ["Synthetic Daily", "Синтетическая газета", "Синтетикалық газет, Ақтау", None]
    assert migrated(statement, "counted_by", "text", stored) == [
        '{"en": "Synthetic Daily"}',
        '{"ru": "Синтетическая газета"}',
        '{"kk": "Синтетикалық газет, Ақтау"}',
        None,
    ]


@pytest.mark.django_db
def test_a_stored_list_keeps_its_order_and_an_empty_one_is_unknown():
    statement = MIGRATION.LIST.replace("cases_service", "example").replace(
        "ADD CONSTRAINT example_places_check", "ADD CONSTRAINT example_places_list_check"
    )
    stored = [["Here", "There"], ["Тут"], []]
    assert migrated(statement, "places", "text[] NOT NULL", stored) == [
        '{"en": ["Here", "There"]}',
        '{"ru": ["Тут"]}',
        None,
    ]


@pytest.mark.django_db
def test_what_a_source_states_instead_gets_its_language_too():
    for path, stated, migrated in (
        ("counted_by", {"counted_by": "Газета"}, {"counted_by": {"ru": "Газета"}}),
        ("places", {"places": ["Here"]}, {"places": {"en": ["Here"]}}),
        (
            "recruitment,place",
            {"recruitment": {"place": "Osh", "channel": "prison"}},
            {"recruitment": {"place": {"en": "Osh"}, "channel": "prison"}},
        ),
        ("places", {"age": 26}, {"age": 26}),
    ):
        row = synthetic.add_citation(synthetic.case().defendants.get(), ["age"], values=stated)
        with connection.cursor() as cursor:
            cursor.execute(MIGRATION.stated(path))
        row.refresh_from_db()
        assert row.values == migrated
        Case.objects.all().delete()


def test_a_text_that_got_languages_states_nothing_new():
    assert not differs("Osh", {"en": "Osh", "ru": "Ош"})
    assert not differs(["Here"], {"en": ["Here"], "ru": ["Тут"]})
    assert not differs({"place": "Osh"}, {"place": {"en": "Osh", "ru": "Ош"}})
    assert differs("Osh", {"en": "Naryn"})
    assert differs(["Here"], {"en": ["There"]})


@pytest.mark.django_db
def test_a_record_that_was_published_before_is_published_again_without_a_question():
    """As an upgraded server does, whose working copy the migration has changed."""
    synthetic.everything()
    ledger.publish("Synthetic")
    for kind in (RecordKind.CASE, RecordKind.STATISTIC):
        row = published(kind).get()
        body = orjson.loads(row.body)
        for found in _objects(body):
            for field in found.keys() & {"counted_by", "residence_place", "places"}:
                found[field] = found[field]["en"]
        published(kind).filter(pk=row.pk).update(body=orjson.dumps(body).decode())
    changes = diff.preview()
    assert changes.violations == []
    assert {public_id for _, public_id in changes.corrected} == {"KZ-9001", "STAT-9001"}


def _objects(value):
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _objects(part)


def test_a_former_text_without_language_is_still_looked_for():
    before = {"id": "X", "citations": [], "residence_place": "Old Town"}
    after = before | {
        "residence_place": {"en": "New Town", "ru": None, "kk": None},
        "summary": {"en": "A man from Old Town.", "ru": None, "kk": None},
    }
    assert [found.phrase for found in stale(after, before)] == ["Old Town"]


def test_pages_and_charts_show_it_as_english():
    with translation.override("ru"):
        assert '<span lang="en">Osh</span>' in local("Osh")
        assert '<span lang="en">Here</span>' in localized(["Here"])[0]
        assert plain("Osh") == named("Osh", "") == "Osh"
        assert local(None) == ""
        assert localized([]) == []


@pytest.mark.parametrize(
    ("document", "path", "value"),
    [
        ({"counted_by": "Synthetic Daily"}, "counted_by.en", "Synthetic Daily"),
        ({"counted_by": "Synthetic Daily"}, "counted_by.ru", None),
        ({"services": [{"places": ["Here"]}]}, "services[first].places.en[]", ["Here"]),
        ({"services": [{"places": ["Here"]}]}, "services[first].places.ru[]", []),
    ],
)
def test_tables_have_it_in_the_column_of_english(document, path, value):
    assert follow(links(path))(document) == value

"""Publications in files: replayed on a database that has the first, and by a first start."""

import orjson
import pytest

from cases.importing import stored
from cases.models import Entry, LoadedFile, Publication, Statistic, Verdict, published
from cases.publishing.ledger import ledger, verify
from cases.vocabulary import RecordKind
from tests.importing.expected import CASE, NUMBER_OF_FILES, body, entries

SECOND = "publications/0002/publication.yaml"

CORRECTIONS = """\
publication:
  date: "2026-01-02T10:00:00Z"
  note: Second reading of synthetic sources.
  corrections:
    - record: STAT-9001
      note: The synthetic source says 91.
      set: {value: 91, remarks: {en: "Counted again."}}
      cite:
        - source: SRC-9002
          fields: [measure, counted, unit, country, period, value, qualifier, counted_by]
        - source: SRC-9001
          locator: p. 2
          fields: [value, remarks]
    - record: KZ-9001-V1
      note: The synthetic court said five years.
      set: {sentence_months: 60}
      cite:
        - source: SRC-9001
          fields: [court, instance, date, outcome, sentence_months, sentence_kind]
"""

COURT = """\
courts:
  - id: another-synthetic-court
    name: {en: Another Synthetic Court}
    region: KZ-99
    sources: [SRC-9001]
"""


def add(dataset, name, text):
    (dataset.folder / name).parent.mkdir(parents=True, exist_ok=True)
    dataset.write(name, text)


def add_second(dataset):
    add(dataset, SECOND, CORRECTIONS)
    add(dataset, "publications/0002/courts.yaml", COURT)
    add(dataset, "publication.yaml", 'publication:\n  date: "2025-12-01T09:00:00Z"\n')


def current():
    """Every current document without the version that it has."""
    found = {}
    for kind in RecordKind:
        for public_id, text in published(kind).current().values_list("public_id", "body"):
            content = orjson.loads(text)
            del content["version"], content["publication"]
            found[kind, public_id] = content
    return found


@pytest.fixture
def replayed(loaded):
    """Loaded at first without, then with the second publication."""
    add_second(loaded)
    loaded.load()
    return loaded


def test_a_correction_in_a_file_becomes_a_publication_with_a_reason_for_each_record(replayed):
    assert Publication.objects.get(number=2).note == "Second reading of synthetic sources."
    notes = dict(Entry.objects.filter(publication=2).values_list("public_id", "note"))
    term, figure = "The synthetic court said five years.", "The synthetic source says 91."
    assert notes == {
        "STAT-9001": figure,
        "STAT-9002": "Second reading of synthetic sources.",
        "KZ-9001": term,
        "KZ-9001-D1": term,
        "KZ-9001-V1": term,
        "another-synthetic-court": "Second reading of synthetic sources.",
    }
    assert body("statistic", "STAT-9001")["value"] == 91
    assert body("statistic", "STAT-9001")["counted"]["en"] == "synthetic cases"
    assert [one["source"] for one in body("statistic", "STAT-9001")["citations"]] == [
        "SRC-9002",
        "SRC-9001",
    ]
    assert Verdict.objects.get(pk="KZ-9001-V1").sentence_months == 60
    assert list(verify.differences()) == []


def test_the_changes_feed_tells_each_reason_and_how_to_prove_it(replayed, client):
    from tests.api.test_mirror import Mirror

    rows = client.get("/api/v1/changes/?since=1").json()["results"]
    salts = {row["note"]: row["note_salt"] for row in rows}
    assert len(set(salts.values())) > 1
    Mirror(client).follow()


def test_a_first_load_ends_in_the_same_documents_with_the_dates_of_the_files(replayed, tmp_path):
    from tests.importing.conftest import Dataset

    after_upgrade = current()
    with_history = Dataset(tmp_path / "fresh")
    (tmp_path / "fresh").mkdir()
    with_history.restore()
    add_second(with_history)
    _empty()
    done = with_history.load()
    assert len(done.publications) == 2
    assert current() == after_upgrade
    times = Publication.objects.order_by("number").values_list("published_at", flat=True)
    assert [time.isoformat() for time in times] == [
        "2025-12-01T09:00:00+00:00",
        "2026-01-02T10:00:00+00:00",
    ]
    assert list(verify.differences()) == []


def test_a_database_that_has_publications_uses_its_clock(loaded):
    first = Publication.objects.get()
    add_second(loaded)
    loaded.load()
    assert Publication.objects.get(number=2).published_at > first.published_at


def test_a_second_load_replays_nothing(replayed):
    assert replayed.load() == (0, NUMBER_OF_FILES + 3, [], [])
    LoadedFile.objects.exclude(path__startswith="publication ").delete()
    # Another checkout: every file is new to the database, and still none takes a correction back.
    assert replayed.load()[2:] == ([], [])


def test_a_changed_file_of_the_first_state_takes_no_correction_back(replayed, unasked):
    replayed.edit("statistics.yaml", "{en: synthetic cases}", "{en: invented cases}")
    replayed.load()
    assert body("statistic", "STAT-9001")["counted"]["en"] == "invented cases"
    assert body("statistic", "STAT-9001")["value"] == 91


def test_a_changed_reason_or_value_of_a_replayed_publication_is_one_more_publication(replayed):
    replayed.edit(SECOND, "value: 91", "value: 92")
    done = replayed.load()
    assert [one.number for one in done.publications] == [3]
    assert entries(3) >= {("correct", "statistic", "STAT-9001")}
    assert body("statistic", "STAT-9001")["value"] == 92


def test_what_the_desk_changed_meanwhile_stays(loaded, unasked):
    Statistic.objects.filter(pk="STAT-9001").update(value=95)
    Statistic.objects.filter(pk="STAT-9002").update(counted_by={"en": "Synthetic Weekly"})
    ledger.publish("At the desk")
    add_second(loaded)
    loaded.write(SECOND, CORRECTIONS + "    - {record: STAT-9002, set: {value_max: 21}}\n")
    done = loaded.load()
    assert [line.rpartition(": ")[2] for line in done.kept] == ["STAT-9001 (line 5)"]
    assert body("statistic", "STAT-9001")["value"] == 95
    rival = body("statistic", "STAT-9002")
    assert (rival["value_max"], rival["counted_by"]["en"]) == (21, "Synthetic Weekly")


ROUNDING = """\
publication:
  date: "2026-01-02T10:00:00Z"
  corrections:
    - record: STAT-9001
      set: {contradicts: null}
    - record: STAT-9002
      set: {contradicts: null}
"""


def test_what_a_first_load_corrects_need_not_keep_the_rules_of_today(loaded):
    _empty()
    loaded.edit("statistics.yaml", "value_min: 10", "value_min: 80")
    loaded.edit("statistics.yaml", "value_max: 20", "value_max: 95")
    assert any("contradicting_figures" in problem[-1] for problem in loaded.problems())
    add(loaded, "publication.yaml", 'publication:\n  date: "2025-12-01T09:00:00Z"\n')
    add(loaded, SECOND, ROUNDING)
    assert len(loaded.load().publications) == 2
    assert body("statistic", "STAT-9001")["contradicts"] == []
    assert list(verify.differences()) == []


def test_what_follows_on_publications_keeps_the_rules(loaded):
    add_second(loaded)
    loaded.edit(SECOND, "set: {value: 91,", "set: {value: 15,")
    problems = loaded.problems()
    assert (SECOND, 5) in [problem[:2] for problem in problems]
    assert all("contradicting_figures" in problem[-1] for problem in problems)


def test_a_source_that_a_correction_does_not_restate_is_asked(loaded):
    add_second(loaded)
    loaded.edit(SECOND, "date, outcome, sentence_months, sentence_kind", "date, outcome")
    loaded.edit(SECOND, "      set: {sentence_months: 60}\n      cite:\n", "      cite:\n")
    assert any("[every_fact_has_a_source]" in problem[-1] for problem in loaded.problems())
    loaded.write(SECOND, CORRECTIONS[: CORRECTIONS.rindex("      cite:")])
    [problem] = loaded.problems()
    assert problem[:2] == (SECOND, 14)
    assert "[changed_values_are_confirmed]" in problem[-1]


def test_an_id_that_the_desk_gave_away_is_refused(loaded):
    from cases.models import Court

    Court.objects.create(id="another-synthetic-court", name={"en": "Of the desk"}, region_id="KZ")
    add_second(loaded)
    (problem,) = loaded.problems()
    assert problem[0] == "publications/0002/courts.yaml"
    assert "is in the database already" in problem[-1]


MISTAKES = {
    "value: 91,": ("valeu: 91,", 5, "is unknown here"),
    "record: STAT-9001": ("record: STAT-1", 5, "names no record"),
    "record: KZ-9001-V1": ("record: KZ-9001-V7", 0, ""),
    "set: {sentence_months: 60}": ("set: {sentence_months: many}", 14, "is not of type"),
    '"2026-01-02T10:00:00Z"': ('"yesterday"', 2, ""),
}


@pytest.mark.parametrize("old", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_nothing_is_written(loaded, old):
    new, line, detail = MISTAKES[old]
    add_second(loaded)
    loaded.edit(SECOND, old, new)
    if not line:
        # There is nothing that could be corrected: the desk may have removed it.
        assert loaded.load().kept
        return
    problems = loaded.problems()
    assert any(one[1] == line and detail in one[-1] for one in problems), problems
    assert Publication.objects.count() == 1


def test_what_is_stored_reads_back_as_the_files_say(loaded):
    """So a correction of any kind of record starts from the whole record."""
    from cases.importing.publications import FILE_KEYS
    from cases.importing.reading import read
    from cases.importing.validating import entries as entries_of

    found = 0
    for path in sorted(loaded.folder.rglob("*.yaml")):
        for entry in entries_of(read(path, path.read_bytes())):
            assert entry.kind in FILE_KEYS.values()
            content = stored.contents(entry.kind, [entry.id])[entry.id]
            content.pop("contradicts", None)
            assert content == {k: v for k, v in entry.content.items() if k != "contradicts"}
            found += 1
    assert found > 10
    assert loaded.read(CASE)


def _empty():
    from django.apps import apps
    from django.db import connection

    tables = [
        model._meta.db_table
        for model in apps.get_app_config("cases").get_models(include_auto_created=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

"""What a load does when files were edited since the last one."""

import pytest

from cases.importing import loading
from cases.models import Case, LoadedFile, Publication, Source, Statistic, Verdict
from cases.publishing.ledger import ledger, verify
from cases.publishing.workflow.confirmations import vouched
from cases.vocabulary import RecordKind
from tests.importing.conftest import rows
from tests.importing.expected import CASE, NUMBER_OF_FILES, body, corrections, entries


def test_a_second_load_reads_nothing_and_publishes_nothing(loaded, monkeypatch):
    def refuse(*arguments):
        raise AssertionError("a file that did not change was read again")

    monkeypatch.setattr(loading, "read", refuse)
    monkeypatch.setattr(ledger, "documents", refuse)
    assert loaded.load() == (0, NUMBER_OF_FILES, [], [])
    assert Publication.objects.count() == 1


def test_a_file_that_says_the_same_in_other_words_publishes_nothing(loaded):
    loaded.write(CASE, "# a comment\n" + loaded.read(CASE))
    loaded.edit(
        "regions.yaml", "{en: Synthetic Region}", "\n      en: >-\n        Synthetic Region"
    )
    assert loaded.load() == (2, NUMBER_OF_FILES - 2, [], [])
    assert loaded.load() == (0, NUMBER_OF_FILES, [], [])


def test_a_note_of_the_editors_publishes_nothing(loaded):
    loaded.edit(CASE, "  status: decided\n", "  status: decided\n  note: Not for readers.\n")
    assert loaded.load() == (1, NUMBER_OF_FILES - 1, [], [])
    assert Case.objects.get(pk="KZ-9001").note == "Not for readers."


COUNTED_BY = "\n    qualifier: approximate\n    counted_by: {en:"
CHANGES = {
    # file, what is replaced by what: ids of all that is corrected
    "a term": (
        CASE,
        "sentence_months: 72",
        "sentence_months: 73",
        ["KZ-9001", "KZ-9001-D1", "KZ-9001-V1"],
    ),
    "a fact of the case": (
        CASE,
        "status: decided",
        "status: final",
        ["KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2"],
    ),
    "a fact of a defendant": (
        CASE,
        "Synthetic Person",
        "Synthetic Human",
        ["KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2"],
    ),
    "the name of a court": (
        "courts.yaml",
        "Synthetic District Court",
        "Another Synthetic Court",
        [
            "synthetic-district-court",
            *("KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2"),
        ],
    ),
    "the name of a formation": (
        "formations.yaml",
        "Synthetic Brigade",
        "Another Synthetic Brigade",
        ["synthetic-brigade", "KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2"],
    ),
    "the name of a publisher": (
        "publishers.yaml",
        "Synthetic Daily",
        "Synthetic Weekly",
        [
            *("synthetic-daily", "SRC-9001", "SRC-9002", "STAT-9001", "STAT-9002"),
            *("KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2", "KZ-9002", "KZ-9002-D1"),
        ],
    ),
    "a source that others rely on": (
        "sources.yaml",
        'published: "2024-09-12"',
        'published: "2024-09-13"',
        [
            *("SRC-9001", "STAT-9001", "STAT-9002"),
            *("KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2", "KZ-9002", "KZ-9002-D1"),
        ],
    ),
    "a figure": ("statistics.yaml", "value: 90", "value: 91", ["STAT-9001", "STAT-9002"]),
    "who counted": (
        "statistics.yaml",
        f"    value_max: 20{COUNTED_BY} Synthetic Daily",
        f"    value_max: 21{COUNTED_BY} Somebody Synthetic",
        ["STAT-9001", "STAT-9002"],
    ),
    "a title of an article": (
        "articles.yaml",
        "Synthetic offence",
        "Another synthetic offence",
        ["KZ-9172", "KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2"],
    ),
    "the range of an article": ("articles.yaml", "max_months: 108", "max_months: 96", ["KZ-9172"]),
}


HUMAN = [{"text": "Synthetic Human", "language": "en", "script": "Latn", "kind": "full"}]

# What the sources of a changed value are said to support.
CONFIRMED = {
    "a term": {"sentence_months": 73},
    "a fact of the case": {"status": "final"},
    "a fact of a defendant": {"names": f'"{vouched(HUMAN)}"'},
    "a figure": {"value": 91},
    "who counted": {"value_max": 21, "counted_by": f'"{vouched({"en": "Somebody Synthetic"})}"'},
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_edit_publishes_exactly_the_records_that_changed(loaded, name):
    file, old, new, ids = CHANGES[name]
    loaded.edit(file, old, new)
    loaded.confirm(file, **CONFIRMED.get(name, {}))
    done = loaded.load()
    assert done == (1, NUMBER_OF_FILES - 1, [Publication.objects.get(number=2)], [])
    assert entries(2) == corrections(*ids)
    assert list(verify.differences()) == []


@pytest.mark.parametrize("name", CONFIRMED)
def test_an_edit_that_the_sources_are_not_asked_about_is_refused_at_its_line(loaded, name):
    file, old, new, _ = CHANGES[name]
    loaded.edit(file, old, new)
    found = loaded.problems()
    assert {problem[3].split(": ")[0] for problem in found}
    assert all("[changed_values_are_confirmed]" in problem[3] for problem in found)
    assert {problem[0] for problem in found} == {file}
    fields = {problem[2].rpartition(".")[2] for problem in found}
    assert fields == CONFIRMED[name].keys()


def test_a_confirmation_of_another_value_is_none(loaded):
    loaded.edit(CASE, "sentence_months: 72", "sentence_months: 73")
    loaded.confirm(CASE, sentence_months=72)
    [problem] = loaded.problems()
    assert "confirmed: {sentence_months: 73}" in problem[3]


def test_all_of_a_file_reaches_the_documents(loaded):
    document = body(RecordKind.CASE, "KZ-9001")
    [service] = document["defendants"][0]["services"]
    assert document["summary"]["en"] == "A synthetic person served in a synthetic brigade."
    assert service["began"]["value"] == "2022-11"
    assert document["verdicts"][1]["changes"] == "KZ-9001-V1"
    assert document["defendants"][0]["legal_status"]["code"] == "convicted"
    assert body(RecordKind.REGION, "KZ-99")["centroid"] == {"latitude": 50.5, "longitude": 70}


def test_a_contradiction_told_once_holds_on_both_sides(loaded):
    assert body(RecordKind.STATISTIC, "STAT-9001")["disputed"] == ["STAT-9002"]
    assert body(RecordKind.STATISTIC, "STAT-9002")["disputed"] == ["STAT-9001"]
    loaded.edit("statistics.yaml", "    contradicts: [STAT-9002]\n", "")
    loaded.load()
    assert entries(2) == corrections("STAT-9001", "STAT-9002")
    assert body(RecordKind.STATISTIC, "STAT-9002")["disputed"] == []


def test_a_draft_is_loaded_and_not_published(loaded):
    text = loaded.read("statistics.yaml")
    extra = text[text.index("  - id: STAT-9002") :].replace("STAT-9002", "STAT-9003")
    loaded.write("statistics.yaml", f"{text}\n{extra}    draft: true\n")
    assert loaded.load() == (1, NUMBER_OF_FILES - 1, [], [])
    assert Statistic.objects.get(pk="STAT-9003").draft


def test_what_a_file_lists_no_longer_stays(loaded):
    """Ids are never given again, and a file may hold only part of the sources."""
    loaded.write("sources.yaml", loaded.read("sources.yaml").split("\n\n")[0])
    assert loaded.load() == (1, NUMBER_OF_FILES - 1, [], [])
    assert Source.objects.count() == 2


def test_one_file_alone_may_be_loaded(loaded):
    loaded.edit(CASE, "sentence_months: 72", "sentence_months: 73")
    loaded.confirm(CASE, sentence_months=73)
    loaded.edit("publishers.yaml", "Synthetic Daily", "Synthetic Weekly")
    assert loaded.load(loaded.folder / CASE)[:2] == (1, 0)
    assert entries(2) == corrections("KZ-9001", "KZ-9001-D1", "KZ-9001-V1")


def test_a_crash_after_publishing_leaves_what_was_there(loaded, monkeypatch):
    loaded.edit(CASE, "sentence_months: 72", "sentence_months: 73")
    loaded.confirm(CASE, sentence_months=73)
    before = rows()

    def crash(*arguments, **options):
        raise RuntimeError("the power went out")

    with monkeypatch.context() as crashing:
        crashing.setattr(LoadedFile.objects, "bulk_create", crash)
        with pytest.raises(RuntimeError, match="the power went out"):
            loaded.load()
    assert rows() == before
    assert Verdict.objects.get(pk="KZ-9001-V1").sentence_months == 72
    assert loaded.load().publications[0].number == 2

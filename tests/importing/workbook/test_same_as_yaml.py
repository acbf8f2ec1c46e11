"""A workbook brings what the same YAML brings: the whole dataset, there and back."""

from copy import deepcopy
from pathlib import Path

import pytest

from cases.importing.reading import read
from cases.importing.saving import save
from cases.importing.stored import contents
from cases.importing.validating import entries
from cases.importing.workbook.documents import UNORDERED
from cases.importing.workbook.template import lines, template
from cases.models import Case
from casesapi.postgres.state_dir import CHECKOUT
from tests.importing.workbook.books import run, written

FIXTURES = Path(CHECKOUT) / "fixtures"

# What a workbook has no sheets for.
NOT_HERE = ("regions", "articles")


def found():
    """All records of the files. That two figures contradict each other is said by both."""
    files = [
        entry
        for path in sorted(FIXTURES.rglob("*.yaml"))
        for entry in entries(read(path, path.read_bytes()))
    ]
    rivals = {}
    for entry in files:
        for other in entry.content.get("contradicts", []):
            rivals.setdefault(entry.id, set()).add(other)
            rivals.setdefault(other, set()).add(entry.id)
    for entry in files:
        if entry.id in rivals:
            entry.content["contradicts"] = sorted(rivals[entry.id])
    return files


def comparable(value, name=""):
    """Without the order of what has none, and not a draft."""
    if isinstance(value, dict):
        return {key: comparable(item, key) for key, item in value.items() if key != "draft"}
    if isinstance(value, list):
        return sorted(value) if name in UNORDERED else [comparable(item) for item in value]
    return value


def everything(files):
    """What is stored of each record in files."""
    kinds = {entry.kind for entry in files}
    return {
        kind: contents(kind, [entry.id for entry in files if entry.kind == kind])
        for kind in kinds - {*NOT_HERE}
    }


def workbook(files):
    sheets = {}
    for entry in files:
        if entry.kind not in NOT_HERE:
            for sheet, rows in lines(entry.kind, [entry.content]).items():
                sheets.setdefault(sheet, []).extend(rows)
    return template(sheets)


@pytest.mark.django_db
def test_the_working_copy_is_read_back_as_the_files_say_it():
    files = found()
    save(deepcopy(files))
    for entry in files:
        if entry.kind not in NOT_HERE:
            stored = contents(entry.kind, [entry.id])[entry.id]
            assert comparable(stored) == comparable(entry.content), entry.id


@pytest.mark.django_db
def test_a_workbook_of_the_whole_dataset_brings_the_whole_dataset():
    files = found()
    save([entry for entry in files if entry.kind in NOT_HERE])
    content = workbook(files)
    report = run(content)
    decided = {(one.row.sheet.name, one.row.number): "new" for one in report.undecided}
    written(content, decided=decided)
    for kind, records in everything(files).items():
        given = {entry.id: entry.content for entry in files if entry.kind == kind}
        assert comparable(records) == comparable(given)
    assert not Case.objects.filter(draft=False).exists()


@pytest.mark.django_db
def test_what_is_there_already_stays_as_it_is():
    files = found()
    save(deepcopy(files))
    before = everything(files)
    report = written(workbook(files))
    assert (report.changes, report.unchanged) == ([], sum(map(len, before.values())))
    assert everything(files) == before

"""What the first load of a dataset does."""

from pathlib import Path

import pytest

from cases.models import Publication
from cases.publishing.ledger import ledger, verify
from tests.importing.conftest import rows
from tests.importing.expected import CASE, EVERYTHING, NUMBER_OF_FILES, entries


def test_the_first_load_publishes_everything(dataset):
    done = dataset.load(note="The first publication")
    assert done == (NUMBER_OF_FILES, 0, [Publication.objects.get()], [])
    assert (done.publications[0].number, done.publications[0].note) == (1, "The first publication")
    assert entries(1) == {("publish", kind, id) for kind, id in EVERYTHING}
    assert list(verify.differences()) == []


def test_a_file_that_is_named_twice_is_loaded_once(dataset, monkeypatch):
    monkeypatch.chdir(dataset.folder)
    again = dataset.folder / CASE
    done = dataset.load(dataset.folder, again, Path(CASE), Path("cases"))
    assert done[:2] == (NUMBER_OF_FILES, 0)


def test_only_yaml_files_of_a_folder_are_loaded(dataset):
    dataset.write("README.md", "Not YAML: {")
    (dataset.folder / "publishers.yaml").rename(dataset.folder / "publishers.yml")
    assert dataset.load()[:2] == (NUMBER_OF_FILES, 0)


def test_a_crash_in_the_middle_leaves_nothing(dataset, monkeypatch):
    def crash(*arguments):
        raise RuntimeError("the power went out")

    before = rows()
    monkeypatch.setattr(ledger, "publication_digest", crash)
    with pytest.raises(RuntimeError, match="the power went out"):
        dataset.load()
    assert rows() == before
    monkeypatch.undo()
    assert dataset.load().publications[0].number == 1

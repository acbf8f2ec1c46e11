"""`manage.py load_dataset`: what it prints, and with which code it ends."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connections

from cases.models import Publication


@pytest.fixture(autouse=True)
def connection_stays_open(monkeypatch):
    """A command closes its connections at the end, here that of the test."""
    monkeypatch.setattr(connections, "close_all", lambda: None)


def load(*arguments):
    printed = StringIO()
    call_command("load_dataset", *map(str, arguments), stdout=printed)
    return printed.getvalue()


def test_it_says_how_many_files_were_loaded_and_what_was_published(dataset):
    said = load(dataset.folder, "--note", "The first one")
    publication = Publication.objects.get()
    assert publication.note == "The first one"
    assert said == (
        f"9 files loaded, 0 unchanged.\nPublication 1: 16 publish. Digest {publication.digest}\n"
    )


def test_it_says_that_nothing_changed(dataset):
    dataset.load()
    assert load(dataset.folder) == "0 files loaded, 9 unchanged.\n"


def test_it_says_that_nothing_public_changed(dataset):
    dataset.load()
    dataset.edit("courts.yaml", "    level: district\n", "    level: district\n    note: Ours.\n")
    assert load(dataset.folder) == (
        "1 files loaded, 8 unchanged.\nNothing public changed; nothing was published.\n"
    )


def test_it_counts_what_it_did_by_kind(dataset):
    dataset.load()
    dataset.edit("publishers.yaml", "Synthetic Daily", "Synthetic Weekly")
    digest = load(dataset.folder).rpartition(" ")[2].strip()
    assert digest == Publication.objects.get(number=2).digest
    dataset.edit("publishers.yaml", "Synthetic Weekly", "Synthetic Daily")
    assert "Publication 3: 11 correct. Digest " in load(dataset.folder)


def test_it_lists_every_problem_with_file_line_and_place(dataset):
    dataset.edit("cases/KZ-9001.yaml", "status: decided", "status: settled")
    dataset.edit("courts.yaml", "region: KZ-99", "region: KZ-98")
    with pytest.raises(CommandError) as refused:
        load(dataset.folder)
    case, courts = dataset.folder / "cases/KZ-9001.yaml", dataset.folder / "courts.yaml"
    head, first, second = str(refused.value).splitlines()
    assert head == "2 problems; nothing was loaded:"
    assert first.startswith(f"{case}:6: case.status: 'settled' is not one of ['investigation'")
    assert second == f"{courts}:4: courts[0].region: KZ-98 is no known region"
    assert not Publication.objects.exists()


def test_it_ends_with_zero_when_all_went_well(dataset, capsys):
    execute_from_command_line(["manage.py", "load_dataset", str(dataset.folder)])
    assert capsys.readouterr().out.startswith("9 files loaded, 0 unchanged.\n")


def test_it_ends_with_one_and_without_a_traceback_when_there_are_problems(dataset, capsys):
    dataset.edit("courts.yaml", "region: KZ-99", "region: KZ-98")
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "load_dataset", str(dataset.folder)])
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert said.out == ""
    assert said.err.startswith("CommandError: 1 problems; nothing was loaded:\n")
    assert "Traceback" not in said.err


def test_it_needs_a_path(capsys):
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "load_dataset"])
    assert ended.value.code == 2
    assert "the following arguments are required: PATH" in capsys.readouterr().err

"""A first start loads `fixtures/`, and fails if that is refused: there is nothing to serve."""

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError

from cases.management import starting
from cases.management.commands import load_dataset
from cases.models import Publication


def test_a_first_start_loads_and_publishes(dataset, starting_on):
    told, printed = starting_on(dataset)
    assert told == []
    assert "9 files loaded" in printed
    assert Publication.objects.count() == 1


def test_on_a_first_start_a_refused_file_is_an_error_that_lists_every_problem(dataset, starting_on):
    for name in ("KZ-9001", "KZ-9002"):
        dataset.edit(f"cases/{name}.yaml", f"id: {name}\n", f"id: {name}\n  colour: blue\n")
    with pytest.raises(CommandError) as refused:
        starting_on(dataset)
    assert "2 problems; nothing was loaded" in str(refused.value)
    assert str(refused.value).count("colour") == 2


def test_a_database_error_on_a_first_start_is_told_without_a_traceback(
    dataset, starting_on, monkeypatch
):
    def fail(*args):
        raise ProgrammingError("permission denied")

    monkeypatch.setattr(load_dataset, "load", fail)
    with pytest.raises(CommandError, match="could not be brought up to date: permission denied"):
        starting_on(dataset)


def test_a_database_that_is_down_is_told_without_a_traceback(dataset, starting_on, monkeypatch):
    def fail():
        raise OperationalError("connection refused")

    monkeypatch.setattr(starting, "_newest", fail)
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        starting_on(dataset)

"""A start loads `fixtures/`; files that are refused keep nobody from being served."""

import logging

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError

from cases.importing import loading
from cases.management import starting
from cases.management.commands import load_dataset
from cases.models import Publication
from cases.publishing.redaction import redacting
from tests.importing.expected import CASE

DEFENDANT = "KZ-9001-D1"


def test_a_second_start_has_nothing_to_tell(loaded, starting_on):
    told, printed = starting_on(loaded)
    assert (told, printed) == ([], "0 files loaded, 9 unchanged.\n")


def test_a_file_of_a_redacted_person_is_refused_and_the_rest_is_served(loaded, starting_on, caplog):
    redacting.redact(redacting.find(DEFENDANT), "On request")
    newest = Publication.objects.count()
    loaded.edit(CASE, "status:", "# An update of the file.\n  status:")
    for _ in range(2):
        with caplog.at_level(logging.ERROR):
            first, *reasons, last = starting_on(loaded)[0]
        assert first.startswith(f"{loaded.folder} was not loaded. The server serves publication ")
        assert f"publication {newest}," in first
        assert any(f"{CASE}:" in reason and "redacted" in reason for reason in reasons)
        assert "manage.py load_dataset fixtures" in last
        assert caplog.messages[-1] == first
    assert Publication.objects.count() == newest


def test_of_many_problems_the_first_are_shown_and_all_are_counted(loaded, starting_on):
    for number in range(15):
        loaded.write(f"broken-{number:02}.yaml", "case: [")
    _, *reasons, _ = starting_on(loaded)[0]
    assert len(reasons) == starting.MAX_SHOWN + 1
    assert reasons[-1] == "  … and 5 more problems"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("canceling statement due to lock timeout"), "lock timeout"),
        (CommandError("Somebody saved one of these records"), "Somebody saved"),
        (ZeroDivisionError("a mistake of the program"), "ZeroDivisionError: see the log"),
    ],
)
def test_whatever_fails_while_loading_what_is_published_is_served(
    loaded, starting_on, monkeypatch, error, said
):
    def fail(*args):
        raise error

    monkeypatch.setattr(load_dataset, "load", fail)
    first, *reasons, _ = starting_on(loaded)[0]
    assert "was not loaded" in first
    assert said in "".join(reasons)


def test_a_start_waits_a_bounded_time_for_another_publisher(loaded, starting_on, monkeypatch):
    asked = []

    def load(*args):
        with loading.transaction.atomic():
            asked.append(setting())
        return loading.Loaded(0, 0, [], [])

    monkeypatch.setattr(load_dataset, "load", load)
    before = setting()
    assert starting_on(loaded)[0] == []
    assert asked == [f"{starting.LOCK_TIMEOUT}s"]
    assert setting() == before


def setting():
    with starting.connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]

"""Which databases the public is answered from. Real replicas stand in `tests/system/faults/`."""

from time import monotonic

import psycopg
import pytest
from django.db import OperationalError, connections
from django.http import QueryDict

from cases.api.request import snapshots
from cases.api.request.parameters import Parameters
from cases.api.views import snapshot_view
from cases.edge import latest
from cases.edge.latest import LatestPublication, PublicationWatcher
from cases.vocabulary import RecordKind
from casesapi.databases import replicas, router
from casesapi.databases.replicas import SILENCE, Replicas
from tests import databases
from tests.api import published
from tests.api.checked import Told, newest

EVERYWHERE = pytest.mark.django_db(transaction=True, databases="__all__")


@pytest.fixture(scope="module", autouse=True)
def _two_more_databases(django_db_setup):
    """They are the first one by other names, there before a test begins that may use them."""
    with databases.known_as("replica1", "replica2"):
        yield


@pytest.fixture
def standing(monkeypatch):
    standing = Replicas()
    monkeypatch.setattr(replicas, "standing", standing)
    monkeypatch.setattr(snapshot_view, "standing", standing)
    return standing


def say(standing, **numbers):
    for database, number in numbers.items():
        standing.say(database, number, monotonic())


def test_all_that_reached_the_newest_publication_are_read_and_the_primary_last(standing):
    standing.newest = 7
    say(standing, default=7, replica1=7, replica2=8)
    firsts = set()
    for _ in range(100):
        *first, last = standing.databases()
        assert (sorted(first), last) == (["replica1", "replica2"], "default")
        firsts.add(first[0])
    assert firsts == {"replica1", "replica2"}


def test_who_is_behind_silent_or_lost_is_not_read(standing):
    standing.newest = 7
    say(standing, default=7, replica1=6)
    standing.say("replica2", 7, monotonic() - SILENCE - 0.1)
    assert standing.databases() == ["default"]
    say(standing, replica1=7, replica2=7)
    standing.lose("replica1")
    assert standing.databases() == ["replica2", "default"]


def test_until_the_primary_was_asked_no_replica_is_read(standing):
    say(standing, replica1=7, replica2=7)
    assert standing.databases() == ["default"]
    standing.lose("default")
    assert len(standing.databases()) == 3


@pytest.fixture
def watch(standing):
    return PublicationWatcher(standing)


def hear(watch, database, number):
    """A database answers the watch now."""
    watch.hear(database, LatestPublication(number, "digest"), latest.monotonic())


def test_the_primary_says_what_is_the_newest_also_after_a_restored_backup(watch):
    hear(watch, "default", 7)
    hear(watch, "replica1", 9)
    assert watch.known().number == 7
    hear(watch, "default", 3)
    assert watch.known().number == 3


def test_without_the_primary_the_newest_replica_says_it(watch, standing):
    hear(watch, "replica1", 7)
    assert watch.known() is None
    standing.lose("default")
    hear(watch, "replica1", 7)
    assert watch.known().number == 7
    hear(watch, "replica2", 8)
    assert watch.known().number == 8
    assert standing.databases() == ["replica2", "default"]


def test_without_the_primary_nothing_older_is_believed_than_what_was_shown(
    watch, standing, monkeypatch
):
    hear(watch, "default", 8)
    standing.lose("default")
    later = monotonic() + latest.LEASE
    monkeypatch.setattr(latest, "monotonic", lambda: later)
    hear(watch, "replica1", 7)
    assert watch.known() is None
    assert standing.databases() == ["default"]


@pytest.fixture
def two(shared_database, standing, monkeypatch):
    """Two publications of one record; the process knows of both."""
    for plea in ("guilty", "not guilty"):
        published.publish((RecordKind.CASE, {"id": "ZZ-0001", "country": "KZ", "plea": plea}))
    monkeypatch.setattr(snapshots, "watch", Told(newest()))
    # The state is known, so nobody asks for it.
    assert snapshots.read(Parameters(QueryDict())).publication == 2


@EVERYWHERE
def test_a_replica_that_was_chosen_before_the_head_moved_is_left(two, standing, client):
    standing.newest = 1
    say(standing, default=2, replica1=1, replica2=1)
    with (
        connections["replica1"].execute_wrapper(refuse),
        connections["replica2"].execute_wrapper(refuse),
    ):
        answer = client.get("/api/v1/cases/ZZ-0001/")
    assert (answer.status_code, answer["Dataset-Publication"]) == (200, "2")


def refuse(execute, sql, params, many, context):
    raise AssertionError(f"not to be asked: {sql}")


@EVERYWHERE
def test_a_database_that_fails_is_left_for_the_next_one(two, standing, client):
    standing.newest = 2
    say(standing, default=2, replica1=2, replica2=2)

    def dies(execute, sql, params, many, context):
        context["connection"].close()
        asked.append(context["connection"].alias)
        raise OperationalError("gone")

    asked = []
    # Not by `fetch`, which would try the same one again first.
    with (
        connections["replica1"].execute_wrapper(dies),
        connections["replica2"].execute_wrapper(dies),
    ):
        assert client.get("/api/v1/cases/?q=ZZ-0001").status_code == 200
    assert {*asked} == {"replica1", "replica2"}
    assert standing.databases() == ["default"]


@pytest.mark.parametrize(
    ("code", "down"),
    [(None, True), ("57P01", True), ("08006", True), ("53300", True), ("57014", False)],
)
def test_only_a_database_that_is_gone_makes_a_503(code, down):
    cause = psycopg.OperationalError("synthetic")
    if code:
        cause.sqlstate = code
    error = OperationalError("synthetic")
    error.__cause__ = cause
    assert router.is_down(error) is down

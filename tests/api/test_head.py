"""The newest publication is known to a process without asking for it."""

import os
import threading
import time

import psycopg
import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from cases.api.queries.fetch import fetch
from cases.api.request import snapshots
from cases.api.request.parameters import Parameters
from cases.edge import latest
from cases.edge.latest import LatestPublication, PublicationWatcher
from cases.vocabulary import RecordKind
from casesapi.databases.replicas import Replicas
from tests.api import published
from tests.api.checked import Told, newest
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def watch():
    watch = PublicationWatcher(Replicas())
    yield watch
    watch.stop()
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {latest.CHANNEL}")
    # The database is dropped after the test.
    until(lambda: not watching(), "the threads of the watch have ended")


def watching():
    """The threads that watch in this process."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("head of")]


@pytest.fixture
def never_asks(monkeypatch):
    """Only notifications say anything new."""
    monkeypatch.setattr(latest, "INTERVAL", 3_600.0)
    monkeypatch.setattr(latest, "LEASE", 7_200.0)


def publish():
    number = newest().number + 1
    published.publish((RecordKind.CASE, {"id": f"ZZ-{number:04}", "country": "KZ"}))
    return newest()


def started(watch):
    watch.start()
    until(lambda: watch.known() is not None, "the head is known")
    return watch


def backends():
    """Connections of the watch, which is the only one that listens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def test_nothing_is_known_before_it_was_asked(watch):
    assert watch.known() is None


def test_before_the_first_publication_it_is_nought(watch):
    assert started(watch).known() == LatestPublication(0, "")


def test_what_a_request_has_read_is_not_taken_back(watch, never_asks):
    """A publication is committed, read by a request, and told only then."""
    before = started(watch).known()
    after = LatestPublication(before.number + 1, "the next one")
    asked = time.monotonic()
    watch.learn(after, "default")
    assert watch.known() == after
    watch.learn(before, "default")
    assert watch.known() == after
    # A question that was put before, and answered after.
    watch.hear("default", before, asked)
    assert watch.known() == after


def test_a_database_set_up_anew_is_believed(watch, never_asks):
    """Its numbers begin again."""
    before = started(watch).known()
    watch.learn(LatestPublication(before.number + 7, "of a database that is no more"), "default")
    watch.hear("default", before, time.monotonic())
    assert watch.known() == before


def test_a_publication_is_told_at_once(watch, never_asks):
    publish()
    assert started(watch).known() == newest()
    for _ in range(20):
        told = publish()
        until(lambda told=told: watch.known() == told, "the head has moved")
    published.forget_everything()
    until(lambda: watch.known() == LatestPublication(0, ""), "the head has moved")


def test_without_notifications_it_is_known_by_asking(watch, monkeypatch):
    monkeypatch.setattr(latest, "CHANNEL", "nobody_speaks_here")
    started(watch)
    for _ in range(3):
        told = publish()
        until(lambda told=told: watch.known() == told, "the head has moved")


def test_a_lost_connection_is_made_again(watch, monkeypatch, caplog):
    monkeypatch.setattr(latest, "LEASE", 0.2)
    monkeypatch.setattr(latest, "INTERVAL", 0.1)
    started(watch)
    for pid in backends():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    told = publish()
    until(lambda: watch.known() == told, "the head has moved")
    assert "does not answer" in caplog.text


def test_what_was_not_confirmed_lately_is_not_known(watch, monkeypatch):
    monkeypatch.setattr(latest, "LEASE", 0.2)
    started(watch)
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever asks for the newest publication gets no answer.
        cursor.execute("LOCK TABLE cases_publication")
        until(lambda: watch.known() is None, "the head is forgotten")


def test_a_fork_watches_for_itself(watch):
    """It has the memory of its parent, and none of its threads."""
    started(watch)
    child = os.fork()
    if not child:
        try:
            inherited = len(watching())
            watch.start()
            os._exit(10 * inherited + len(watching()))
        finally:
            os._exit(99)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def test_starting_again_changes_nothing(watch):
    started(watch)
    threads = watching()
    watch.start()
    assert watching() == threads


def read(query=""):
    return snapshots.read(Parameters(QueryDict(query)))


def test_states_of_a_known_head_cost_no_query(monkeypatch, django_assert_num_queries):
    told = Told(publish())
    monkeypatch.setattr(snapshots, "watch", told)
    first = read(), read("as_of=1")
    with django_assert_num_queries(0):
        assert (read(), read("as_of=1")) == first
    publish()
    # As long as nobody told, the state is that of the head that is known.
    with django_assert_num_queries(0):
        assert read().publication == 1
    told.head = newest()
    assert read().publication == 2
    with django_assert_num_queries(0):
        assert read().publication == 2
    assert read("as_of=1").publication == 1


def test_a_head_that_is_not_known_is_asked_for(monkeypatch, django_assert_num_queries):
    publish()
    monkeypatch.setattr(snapshots, "watch", Told(None))
    for _ in range(2):
        with django_assert_num_queries(1):
            assert read().publication == 1


def test_states_that_are_remembered_are_bounded(monkeypatch):
    monkeypatch.setattr(snapshots, "watch", Told(publish()))
    monkeypatch.setattr(snapshots, "MOST_STATES", 3)
    for _ in range(5):
        publish()
    monkeypatch.setattr(snapshots, "watch", Told(newest()))
    for number in range(1, 7):
        assert read(f"as_of={number}").publication == number
    with CaptureQueriesContext(connection) as queries:
        for number in range(1, 7):
            read(f"as_of={number}")
    assert len(queries) >= 3


def test_a_page_is_fetched_again_when_its_connection_died(client):
    published.publish((RecordKind.CASE, {"id": "ZZ-0001", "country": "KZ"}))
    address = "/api/v1/cases/ZZ-0001/"
    assert client.get(address).status_code == 200
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    until(lambda: not connection.is_usable(), "the connection has ended")
    assert fetch("SELECT 1", []) == [(1,)]
    assert client.get(address).status_code == 200

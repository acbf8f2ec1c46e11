from contextlib import suppress

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection, transaction

from casesapi.state import CHECKOUT
from tests.api import examples, published
from tests.api.checked import CheckedClient


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    """Each test is a process that has just started."""
    from cases.api import facet_counts, state
    from cases.api.caching.head import Head

    cache.clear()
    facet_counts.standing_counts.forget()
    monkeypatch.setattr(state, "_known", ("", {}))
    monkeypatch.setattr(state, "_read", (Head(), {}))


@pytest.fixture
def client():
    """In place of Django's: it also asks the cache of answers, and compares."""
    return CheckedClient()


@pytest.fixture(autouse=True)
def _the_api_reads_as_the_reader(request, monkeypatch):
    """Whatever these tests ask the API for, it needs no right but those of the reader."""
    from cases.api.state_view import StateView

    if not {"db", "transactional_db"} & set(request.fixturenames):
        return
    role = request.getfixturevalue("reader")
    dispatch = StateView.dispatch

    def as_reader(*args, **kwargs):
        # Past Django, so that no budget of queries counts it.
        connection.ensure_connection()
        raw = connection.connection
        raw.execute(f"SET ROLE {role}")
        try:
            return dispatch(*args, **kwargs)
        finally:
            # A transaction that failed is rolled back, and the role with it.
            with suppress(psycopg.errors.InFailedSqlTransaction):
                raw.execute("RESET ROLE")

    monkeypatch.setattr(StateView, "dispatch", as_reader)


@pytest.fixture(scope="package")
def _loaded_dataset(django_db_setup, django_db_blocker):
    """For this folder only: other tests want an empty database."""
    with django_db_blocker.unblock():
        load_dataset()
    yield
    with django_db_blocker.unblock():
        published.forget_everything()


@pytest.fixture
def dataset(_loaded_dataset, db):
    """The real data of `fixtures/`, published."""
    from cases.models import LoadedFile

    # A transactional test empties the database behind itself.
    if not LoadedFile.objects.exists():
        load_dataset()


@pytest.fixture
def empty(db):
    """A database in which nothing is published, until the test ends."""
    published.forget()


@pytest.fixture(scope="module")
def _published_world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        published.forget()
        published.publish(*examples.EVERYTHING)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(_published_world, db):
    """The examples, published once for all tests of a module; what a test adds goes with it."""


@pytest.fixture
def shared_database(transactional_db):
    """An empty database in which commits are seen by other connections; emptied afterwards."""
    published.forget_everything()
    yield connection.settings_dict["NAME"]
    published.forget_everything()


def load_dataset() -> None:
    from cases.importing.loading import load

    load([CHECKOUT / "fixtures"], "", lambda task, unit: iter)

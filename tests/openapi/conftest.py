import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from casesapi.state import CHECKOUT


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    """Each test is a process that has just started."""
    from cases.api import state

    cache.clear()
    monkeypatch.setattr(state, "_known", ("", {}))


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    from cases.importing.loading import load

    with django_db_blocker.unblock(), transaction.atomic():
        load([CHECKOUT / "fixtures"], "", lambda task, unit: iter)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def dataset(_loaded, db):
    """The real data, published; what a test adds goes with it."""


@pytest.fixture(scope="module")
def served(_loaded, django_db_blocker):
    with django_db_blocker.unblock():
        return Client().get("/api/v1/schema/").json()


@pytest.fixture
def schema(served, dataset):
    """The schema as it is served."""
    return served

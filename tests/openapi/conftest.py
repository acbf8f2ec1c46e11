import pytest
from django.test import Client

from tests import databases


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), databases.using(databases.LOADED):
        return Client().get("/api/v1/schema/").json()


@pytest.fixture
def schema(served, dataset):
    """The schema as it is served."""
    return served

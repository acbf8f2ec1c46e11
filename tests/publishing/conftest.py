import pytest

from tests import databases, synthetic


@pytest.fixture(scope="module")
def stored(django_db_setup, django_db_blocker):
    """One valid record of each kind, made once for all tests of a module and undone after them."""
    with django_db_blocker.unblock(), databases.rolled_back(synthetic.everything):
        yield


@pytest.fixture
def working_copy(stored, db):
    """One valid record of each kind; what the test changes is undone."""

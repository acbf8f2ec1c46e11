import pytest

from tests.api import shared_store


@pytest.fixture(scope="package")
def store():
    with shared_store.running() as store:
        yield store

import pytest

from tests.system import redis_server


@pytest.fixture(scope="package")
def store():
    with redis_server.running() as store:
        yield store

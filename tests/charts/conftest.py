import pytest
from django.core.cache import caches

from cases.charts.rendering import renderer

# The world and the reader of the API's tests.
from tests.api.conftest import (  # noqa: F401
    _loaded_dataset,
    _nothing_remembered,
    _published_world,
    _the_api_reads_as_the_reader,
    client,
    dataset,
    empty,
    world,
)


@pytest.fixture(autouse=True)
def _nothing_drawn():
    caches["pictures"].clear()


@pytest.fixture(scope="session", autouse=True)
def _no_process_is_left():
    yield
    renderer.stop()

import pytest
from django.core.cache import caches

from cases.charts.rendering import renderer


@pytest.fixture(autouse=True)
def _nothing_drawn():
    caches["pictures"].clear()


@pytest.fixture(scope="session", autouse=True)
def _no_process_is_left():
    yield
    renderer.stop()

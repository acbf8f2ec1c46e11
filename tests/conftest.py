"""What all tests share: their databases, their tiers, and the fixtures of published data."""

import gc
import os
from contextlib import suppress
from contextvars import ContextVar

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.template.base import Template
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis
from whitenoise.middleware import WhiteNoiseMiddleware

from casesapi.postgres import embedded, state_dir
from tests import databases
from tests.tiers import HERE, TIERS, tier_of
from tests.waiting import WAIT_TIMEOUT

# A server beside that of `make serve`. It keeps the templates, so that the next run starts at once;
# runs at the same time share it.
if not os.environ.get("DATABASE_URL"):
    os.environ["CASES_STATE_DIR"] = str(state_dir.state_folder() / "tests")

# The same examples in each run, so that a change is what makes a test fail. For others:
# --hypothesis-profile=default.
hypothesis.register_profile("same", derandomize=True)
hypothesis.load_profile("same")

# As it is outside of tests: pytest-django has not replaced it yet.
RENDER = Template._render


def pytest_configure(config):
    for name, meaning in TIERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    # Charts are drawn however busy the machine is.
    settings.CHART_SECONDS = int(WAIT_TIMEOUT)
    # The real one takes a tenth of a second for each password, by design.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(tier_of(item.path))
    # Short files come last, so that no worker waits for another one for long.
    items.sort(key=lambda item: item.path.parent == HERE)


def pytest_collection_finish():
    # Modules and tests stay to the end: to look for garbage among them takes a tenth of all time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure(config):
    embedded.server().leave()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """In place of pytest-django's: the databases are copied, not made."""
    with django_db_blocker.unblock():
        databases.clean_up()
        databases.use(databases.EMPTY)
        yield
        databases.disconnect()


@pytest.fixture
def _database(request, django_db_setup, django_db_blocker, monkeypatch):
    """Choose the database of a test: the loaded or the empty one; its own copy if it commits."""
    wanted = set(request.fixturenames)
    # A test that asks for less than the rest of its module gets less.
    loaded = "_loaded" in wanted and not wanted & {"empty", "world", "shared_database"}
    kind = databases.LOADED if loaded else databases.EMPTY
    commits = _commits(request)
    if "_written" in wanted and not loaded and not commits:
        kind = databases.WRITTEN
    with django_db_blocker.unblock():
        if commits:
            # Its copy is dropped, so there is no need to empty it.
            monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
            with databases.own_copy(kind):
                yield
        else:
            with databases.using(kind):
                yield


def _commits(request):
    marks = request.node.iter_markers("django_db")
    return "transactional_db" in request.fixturenames or any(
        mark.kwargs.get("transaction") for mark in marks
    )


@pytest.fixture
def _django_db_helper(_database, _django_db_helper):
    """The transaction of a test, in its database."""


@pytest.fixture(scope="module")
def _written():
    """Asks for the database of what a module wrote once."""


@pytest.fixture
def _loaded():
    """Asks for the database with the real data."""


@pytest.fixture
def dataset(_loaded, db):
    """The real data of `fixtures/`, published; what the test changes is undone."""


@pytest.fixture
def empty(db):
    """A database in which nothing is published."""


@pytest.fixture
def shared_database(transactional_db):
    """An empty database in which commits are seen by other connections; its name."""
    return connection.settings_dict["NAME"]


def _publish_examples():
    from tests.api import examples, published

    published.publish(*examples.EVERYTHING)


_published_world = databases.written_once(_publish_examples)


@pytest.fixture
def world(_published_world, db):
    """The examples, published once for all tests of a module; what a test adds goes with it."""


def _plant():
    from tests.planted import plant

    return plant()


_planted_once = databases.written_once(_plant)


@pytest.fixture
def planted(_planted_once, db):
    """The world of `tests/planted.py`; the account of its editor."""
    return get_user_model().objects.get(pk=_planted_once.pk)


@pytest.fixture
def client():
    """In place of Django's: it also asks the response cache, and compares."""
    from tests.api.checked import CheckedClient

    return CheckedClient()


@pytest.fixture
def reader(django_db_setup):
    """The name of a role that may read what is published and nothing else."""
    return databases.READER


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once():
    """WhiteNoise looks through all packages when a client is made, which each test does."""
    find, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add(self):
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_context_a_page(django_test_environment):
    """Django copies the context of each template for `response.context`: 5,000 for one form."""
    recorded = Template._render
    within = ContextVar("within", default=False)

    def render(self, context):
        if within.get():
            return RENDER(self, context)
        token = within.set(True)
        try:
            return recorded(self, context)
        finally:
            within.reset(token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    """Each test is a process that has just started."""
    from cases.api.queries import facets
    from cases.api.request import snapshots
    from cases.edge.latest import LatestPublication

    cache.clear()
    facets.standing_counts.forget()
    monkeypatch.setattr(snapshots, "_known", ("", {}))
    monkeypatch.setattr(snapshots, "_read", (LatestPublication(), {}))


@pytest.fixture(autouse=True)
def _the_api_reads_as_the_reader(request, monkeypatch):
    """Whatever these tests ask the API for, it needs no right but those of the reader."""
    from cases.api.views.snapshot_view import SnapshotView

    if not {"db", "transactional_db"} & set(request.fixturenames):
        return
    dispatch = SnapshotView.dispatch

    def as_reader(*args, **kwargs):
        # Past Django, so that no budget of queries counts it.
        connection.ensure_connection()
        raw = connection.connection
        raw.execute(f"SET ROLE {databases.READER}")
        try:
            return dispatch(*args, **kwargs)
        finally:
            # A transaction that failed is rolled back, and the role with it.
            with suppress(psycopg.errors.InFailedSqlTransaction):
                raw.execute("RESET ROLE")

    monkeypatch.setattr(SnapshotView, "dispatch", as_reader)

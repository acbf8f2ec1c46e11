import fcntl
import io
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from casesapi import embedded
from tests.system.browser.chromium import chromium as running_chromium
from tests.system.processes import Process, free_port, processes_of, state_folder
from tests.waiting import until

# A server of our own, so that tests run beside `make serve` and beside other tests.
_state = None
if not (os.environ.get("DATABASE_URL") or os.environ.get("CASES_STATE_DIR")):
    _state = tempfile.mkdtemp(prefix="cases-api-tests-")
    # As root, another user runs the server and must pass.
    os.chmod(_state, 0o711)
    os.environ["CASES_STATE_DIR"] = _state


# What takes long begins first, so that at the end no worker waits for another one. All else stays
# folder by folder: whoever changes the folder loads the dataset again.
HERE = Path(__file__).parent
LONG = [HERE / "system"]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not any(item.path.is_relative_to(long) for long in LONG))


def pytest_unconfigure(config):
    if _state:
        embedded.server().leave()
        shutil.rmtree(_state, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """With DATABASE_URL two runs share a server, so each has a database of its own."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"test_{name}_{os.getpid()}"


READER = "cases_api_test_reader"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database, with a role that may read what is published and nothing else.

    Here, before any test or module begins a transaction that takes its rights away again.
    """
    from django.db import IntegrityError, ProgrammingError, connection, transaction

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # Others who test on the same server may have made it, or make it just now.
        with suppress(ProgrammingError, IntegrityError), transaction.atomic():
            cursor.execute(f"CREATE ROLE {READER} LOGIN")
        call_command("grant_reader", READER, stdout=io.StringIO())


@pytest.fixture(scope="session")
def reader(django_db_setup):
    """The name of that role."""
    return READER


@pytest.fixture(scope="session")
def loaded_state(tmp_path_factory, worker_id):
    """A state folder with the real data, which the first of all workers makes for all of them.

    Each server has a copy: to copy a database takes less than a second, to make one ten.
    """
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    loaded = shared / "loaded"
    with (shared / "loaded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not loaded.exists():
            with state_folder() as folder:
                with serving(folder):
                    pass
                until(lambda: not processes_of(folder))
                copy(folder, shared / "draft")
            (shared / "draft").rename(loaded)
    return loaded


def copy(folder, target):
    # With owners and rights, by which PostgreSQL knows its own.
    subprocess.run(["cp", "-a", f"{folder}/.", target], check=True)


@contextmanager
def serving(folder):
    port = free_port()
    with Process(folder, "manage.py", "serve", PORT=str(port), WORKERS="2") as process:
        process.waits_for("Stop it with Ctrl-C.")
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def empty_state():
    """A state folder for servers that tests start as processes."""
    with state_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def state(empty_state, loaded_state):
    """The same, with a database that holds the real data."""
    copy(loaded_state, empty_state)
    return empty_state


@pytest.fixture(scope="session")
def server(loaded_state):
    """The origin of a real server with the real data."""
    with state_folder() as folder:
        copy(loaded_state, folder)
        with serving(folder) as origin:
            yield origin


@pytest.fixture(scope="module")
def chromium():
    """A browser, for one module: as long as it runs, no other loop can."""
    with running_chromium() as running:
        yield running

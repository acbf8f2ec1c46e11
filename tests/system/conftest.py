"""State folders, one server with the real data that all may read, and a browser."""

import fcntl
import subprocess

import pytest

from tests.system.browser.chromium import chromium as running_chromium
from tests.system.processes import Server, state_folder, until_nothing_runs
from tests.system.tools import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]  # a hook


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
                with Server(folder, WORKERS="1").started():
                    pass
                until_nothing_runs(folder)
                copy(folder, shared / "draft")
            (shared / "draft").rename(loaded)
    return loaded


def copy(folder, target):
    # With owners and rights, by which PostgreSQL knows its own.
    subprocess.run(["cp", "-a", f"{folder}/.", target], check=True)


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
    """A real server with the real data, for all tests that change nothing in it."""
    with state_folder() as folder:
        copy(loaded_state, folder)
        with Server(folder, LOG_LEVEL="info").started() as server:
            yield server


@pytest.fixture(scope="module")
def chromium():
    """A browser, for one module: as long as it runs, no other loop can."""
    with running_chromium() as running:
        yield running

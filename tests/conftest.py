import io
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from casesapi import embedded

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

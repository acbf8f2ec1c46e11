"""The role that the public API may read as: it sees what is published, and nothing else."""

import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections

from cases.models import READ_TABLES, Case, Source, published
from cases.vocabulary import RecordKind
from casesapi.databases import router
from tests import databases
from tests.api import examples
from tests.api import published as ledger

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


@pytest.fixture(scope="module", autouse=True)
def _a_connection_of_the_readers(django_db_setup):
    """Before the first test begins, which may use the databases that it finds."""
    with databases.known_as("reader", USER=databases.READER, PASSWORD=""):
        yield


@pytest.fixture
def reader_database(shared_database):
    """The published examples, and a connection of the reader's own."""
    ledger.publish(*examples.EVERYTHING)
    return connections["reader"]


@pytest.mark.parametrize(
    "address",
    [
        *("", "cases/", "cases/KZ-0001/", "cases/KZ-0001/versions/", "cases/?q=0001"),
        *("cases/facets/?by=status", "cases/?format=csv", "courts/", "changes/", "publications/"),
    ],
)
def test_the_api_reads_with_a_connection_of_the_readers(reader_database, client, address):
    with reader_database.execute_wrapper(lambda run, *args: (asked.append(args), run(*args))[1]):
        asked = []
        response = client.get(f"/api/v1/{address}")
        assert response.status_code == 200
        assert asked
        b"".join(response)


def test_nothing_private_is_read_for_the_public(reader_database):
    with router.use_public_database():
        assert published(RecordKind.CASE).count() > 0
        for private in (Case, Source):
            with pytest.raises(ProgrammingError, match="permission denied"):
                private.objects.count()
    assert Case.objects.count() == 0


def test_nothing_is_written_for_the_public(reader_database):
    with router.use_public_database(), pytest.raises(ProgrammingError, match="permission denied"):
        published(RecordKind.CASE).update(body="")


def granted(role):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = %s",
            [role],
        )
        return set(cursor.fetchall())


READING = {(model._meta.db_table, "SELECT") for model in READ_TABLES}


def test_the_reader_may_read_the_published_tables_and_nothing_else(shared_database, reader):
    assert granted(reader) == READING


def test_rights_that_were_given_before_are_taken(shared_database, reader):
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {reader}")
    said = io.StringIO()
    call_command("grant_reader", reader, stdout=said)
    assert said.getvalue() == f"{reader} may read {len(READ_TABLES)} tables and nothing else.\n"
    assert granted(reader) == READING


@pytest.mark.parametrize(
    ("role", "said"), [("nobody_of_that_name", "CREATE ROLE"), (None, "superuser or the owner")]
)
def test_a_role_that_cannot_be_a_reader_is_refused(shared_database, role, said):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = role or cursor.fetchone()[0]
    with pytest.raises(CommandError, match=said):
        call_command("grant_reader", role)


def test_without_a_reader_all_goes_to_the_one_database(monkeypatch):
    monkeypatch.delitem(settings.DATABASES, "reader")
    with router.use_public_database():
        assert router.connection() is connections["default"]

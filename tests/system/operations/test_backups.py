"""Backups of a real database, restored into others."""

import stat

import pytest
from psycopg.conninfo import make_conninfo

from casesapi.postgres.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests import real_data
from tests.system.processes import Server, manage
from tests.system.processes import database as connected


def done(state, *command, **env):
    code, said = manage(state, *command, **env)
    assert code == 0, said
    assert "Traceback" not in said
    return said


def refused(state, *command, **env):
    code, said = manage(state, *command, **env)
    assert code == 1, said
    assert "Traceback" not in said
    return said


@pytest.fixture(scope="module")
def running(state):
    """A server with the real data: it keeps the database up, and answers during the backup."""
    with Server(state, WORKERS="1").started():
        yield state


LEFT_OUT = {"django_session": 0, "axes_accesslog": 0}


@pytest.fixture(scope="module")
def backup(running, tmp_path_factory):
    file = tmp_path_factory.mktemp("backups") / "cases.dump"
    with connected(running) as connection:
        connection.execute("INSERT INTO django_session VALUES ('only-for-tests', '', now())")
        connection.execute(
            "INSERT INTO axes_accesslog "
            "(username, user_agent, http_accept, path_info, attempt_time, session_hash) "
            "VALUES ('only-for-tests', '', '', '', now(), '')"
        )
    said = done(running, "backup", file)
    assert f"{file.stat().st_size:,} bytes" in said
    return file


@pytest.fixture
def other(running):
    """The environment of an empty database on the same server."""
    name = "another"
    with connected(running) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    folder = str(EmbeddedPostgres(running).sockets)
    url = f"postgresql://{SUPERUSER}@/{name}?host={folder}"
    return {"DATABASE_URL": url, "SECRET_KEY": "only-for-tests"}


def head(said):
    return said.split("publication ")[1].split()[:2]


def contents(state, name):
    """Number of rows by table."""
    with connected(state, name) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for (table,) in tables
        }


def test_a_backup_is_for_its_owner_only_and_nothing_else_is_left(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    assert backup.read_bytes().startswith(b"PGDMP")


def test_what_is_restored_is_what_was_published_and_logins_are_not(running, backup, other):
    said = done(running, "restore", backup, **other)
    assert head(said) == head(done(running, "verify_ledger"))
    original = contents(running, DATABASE)
    assert original["cases_publishedcase"] >= real_data.sizes()["cases"]
    assert original["django_session"] == original["axes_accesslog"] == 1
    assert contents(running, "another") == original | LEFT_OUT
    assert done(running, "migrate", "--check", **other) is not None


def test_a_database_with_anything_in_it_is_not_touched(running, backup):
    before = contents(running, DATABASE)
    assert "not empty; nothing was changed" in refused(running, "restore", backup)
    assert contents(running, DATABASE) == before


def test_with_a_flag_it_takes_the_place_of_what_is_there(running, backup, other):
    done(running, "restore", backup, **other)
    with connected(running, "another") as connection:
        connection.execute("CREATE TABLE written_since (id int)")
        connection.execute("DELETE FROM cases_publishedsource")
    # One who is connected, as a server is.
    with connected(running, "another"):
        said = done(running, "restore", backup, "--replace", **other)
    assert "the ledger verifies" in said
    assert contents(running, "another") == contents(running, DATABASE) | LEFT_OUT
    assert databases(running) == {"cases", "another"}


def databases(state):
    with connected(state) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        return {name for (name,) in found} - {"postgres"}


def test_a_backup_whose_ledger_does_not_verify_replaces_nothing(running, backup, other, tmp_path):
    done(running, "restore", backup, **other)
    with connected(running, "another") as connection:
        connection.execute("UPDATE cases_entry SET digest = repeat('0', 64) WHERE id = 1")
    tampered = tmp_path / "tampered.dump"
    done(running, "backup", tampered, **other)
    done(running, "restore", backup, "--replace", **other)
    before = contents(running, "another")
    said = refused(running, "restore", tampered, "--replace", **other)
    assert "does not verify" in said
    assert "wrong digest" in said
    assert contents(running, "another") == before
    assert "verifies" in done(running, "verify_ledger", **other)
    assert databases(running) == {"cases", "another"}


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"no backup", None])
def test_a_file_that_is_no_backup_changes_nothing(running, backup, other, tmp_path, content):
    file = tmp_path / "broken.dump"
    # What a full disk leaves of one.
    file.write_bytes(backup.read_bytes()[:50_000] if content is None else content)
    assert "failed" in refused(running, "restore", file, **other)
    assert contents(running, "another") == {}
    assert "There is no file" in refused(running, "restore", tmp_path / "none.dump", **other)


def test_a_backup_overwrites_no_file(running, backup):
    before = backup.read_bytes()
    assert "exists" in refused(running, "backup", backup)
    assert backup.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(running, tmp_path):
    assert "Can't write" in refused(running, "backup", tmp_path / "no" / "folder.dump")
    assert list(tmp_path.iterdir()) == []


def test_a_password_stands_in_no_list_of_processes(running, tmp_path, monkeypatch):
    from django.db import connection

    from cases.operations import backups

    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "only-for-tests")
    assert "only-for-tests" not in backups._address()
    assert "dbname" in backups._address()
    assert make_conninfo(backups._address(), password="x")

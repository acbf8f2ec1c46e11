"""The embedded PostgreSQL: one server for many processes, whatever becomes of them."""

import shutil
import stat
import subprocess
import sys

import pytest

from casesapi.postgres.embedded import EmbeddedPostgres
from tests.system.processes import Process, database, processes_of, until_nothing_runs
from tests.waiting import until

# Joins, says so, and leaves when its input ends.
USER = """
from casesapi.postgres import embedded
print("joined", embedded.server().join(), flush=True)
input()
"""


@pytest.fixture(scope="module")
def state(empty_state):
    """Begins with nothing, as a first start does."""
    return empty_state


class User(Process):
    def __init__(self, state):
        super().__init__(state, "-c", USER)

    def leave(self):
        self.popen.stdin.write(b"\n")
        self.popen.stdin.close()
        assert self.wait() == 0, self.printed()


def ask(state, *statements):
    """The first row of the last statement."""
    with database(state) as connection:
        for statement in statements:
            answer = connection.execute(statement)
        return answer.fetchone()


def test_processes_that_start_at_once_share_one_new_server(state):
    users = [User(state) for _ in range(4)]
    for user in users:
        user.waits_for("joined")
    # A process that was forked just now is called like its parent for a moment.
    until(
        lambda: len([p for p in processes_of(state) if p.name() == "postgres"]) == 1,
        "one server runs",
        lambda: "\n".join(map(str, processes_of(state))),
    )
    for user in users:
        assert ask(state, "SELECT 1") == (1,)
        user.leave()
        user.__exit__()
    until_nothing_runs(state)


def test_a_killed_user_does_not_stop_the_server_of_another(state):
    with User(state) as killed, User(state) as other:
        killed.waits_for("joined")
        other.waits_for("joined")
        killed.kill()
        assert ask(state, "SELECT 1") == (1,)
        other.leave()
    until_nothing_runs(state)


def test_the_server_ends_when_its_last_user_is_killed(state):
    with User(state) as user:
        user.waits_for("joined")
        user.kill()
        until_nothing_runs(state)


@pytest.mark.parametrize("pid", ["1", "999999999", "own"])
def test_the_pid_file_of_a_dead_server_is_no_obstacle(state, pid):
    with User(state) as user:
        user.waits_for("joined")
        user.leave()
    left = EmbeddedPostgres(state).data / "postmaster.pid"
    with User(state) as user:
        user.waits_for("joined")
        content = left.read_text().splitlines()
        user.leave()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        content[0] = str(bystander.pid) if pid == "own" else pid
        left.write_text("\n".join(content) + "\n")
        with User(state) as user:
            user.waits_for("joined")
            assert ask(state, "SELECT 1") == (1,)


def test_a_server_that_lost_its_socket_is_replaced(state):
    with User(state) as first, User(state) as second:
        first.waits_for("joined")
        second.waits_for("joined")
        (EmbeddedPostgres(state).sockets / ".s.PGSQL.5432").unlink()
        with User(state) as third:
            third.waits_for("joined")
            assert ask(state, "SELECT 1") == (1,)


def test_a_server_that_lost_its_socket_still_ends_with_its_last_user(state):
    with User(state) as user:
        user.waits_for("joined")
        shutil.rmtree(EmbeddedPostgres(state).sockets)
        user.leave()
        until_nothing_runs(state)


def test_a_deep_folder_with_odd_letters_will_do(state):
    deep = state / "a folder, mine" / "папка" / ("x" * 100)
    with User(deep) as user:
        user.waits_for("joined")
        assert ask(deep, "SELECT 1") == (1,)


def test_only_the_owner_reaches_the_server(state):
    with User(state) as user:
        user.waits_for("joined")
        server = EmbeddedPostgres(state)
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert ask(state, "SHOW listen_addresses") == ("",)


def test_a_socket_folder_that_others_can_enter_is_refused(state):
    state = state / "refused"
    sockets = EmbeddedPostgres(state).sockets
    sockets.mkdir()
    sockets.chmod(0o777)
    with User(state) as user:
        assert user.wait() == 1
        assert f"{sockets} belongs to somebody else or is open to others" in user.printed()
    sockets.rmdir()


def test_it_knows_cyrillic_letters_and_sorts_by_code_point(state):
    with User(state) as user:
        user.waits_for("joined")
        assert ask(state, "SELECT lower('АСҚАР'), 'я' < 'қ'") == ("асқар", True)
        assert ask(
            state,
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            "CREATE EXTENSION IF NOT EXISTS unaccent",
            "SELECT similarity('Асқар', 'Аскар') > 0.2, unaccent('ё')",
        ) == (True, "е")

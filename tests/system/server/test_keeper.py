"""The keeper of the embedded PostgreSQL: it starts the server, and no server is without one."""

import signal

import psutil
import pytest

from casesapi.postgres.embedded import EmbeddedPostgres
from tests.system.processes import Process, processes_of, state_folder, until_nothing_runs
from tests.waiting import WAIT_TIMEOUT, until

USER = """
from casesapi.postgres import embedded
print("joined", embedded.server().join(), flush=True)
input()
"""


@pytest.fixture
def own_state():
    with state_folder() as folder:
        yield folder


def names(state):
    found = set()
    for process in processes_of(state):
        try:
            words = process.cmdline()
            found.add("keeper" if "casesapi.postgres.keeper" in words else process.name())
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("moment", ["keeper", "initdb", "postgres"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_user_that_ends_in_the_middle_of_a_first_start_leaves_nothing(own_state, moment, number):
    with Process(own_state, "-c", USER) as user:
        until(lambda: moment in names(own_state), f"{moment} runs", user.printed)
        user.popen.send_signal(number)
        user.wait()
    until_nothing_runs(own_state)
    with Process(own_state, "-c", USER) as user:
        user.waits_for("joined")


def test_a_user_that_comes_while_the_keeper_of_a_killed_one_starts_has_one_server(own_state):
    with Process(own_state, "-c", USER) as killed:
        until(lambda: "initdb" in names(own_state), "initdb runs", killed.printed)
        with Process(own_state, "-c", USER) as user:
            killed.kill()
            user.waits_for("joined")
            keepers = [
                p for p in processes_of(own_state) if "casesapi.postgres.keeper" in p.cmdline()
            ]
            assert len(keepers) == 1
    until_nothing_runs(own_state)


def test_a_server_that_cannot_start_says_why(own_state):
    with Process(own_state, "-c", USER) as user:
        user.waits_for("joined")
        user.popen.communicate(b"\n", timeout=WAIT_TIMEOUT)
    (EmbeddedPostgres(own_state).data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with Process(own_state, "manage.py", "migrate") as migrate:
        assert migrate.popen.wait(WAIT_TIMEOUT) == 1
        assert "pg_ctl failed" in migrate.printed()
        assert "Traceback" not in migrate.printed()

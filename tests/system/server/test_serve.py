"""`manage.py serve` as a person uses it: real processes, real signals."""

import os
import signal
import socket
import subprocess
import time

import pytest

from tests.system.processes import Server, processes_of, until_nothing_runs
from tests.waiting import until

# Seconds after its start at which a server is interrupted: while Python begins, while it imports,
# while the database starts, while the tables and the data are looked at, and while workers start.
MOMENTS = (0.0, 0.03, 0.06, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


def postgres(state):
    return [process for process in processes_of(state) if process.name() == "postgres"]


def assert_nothing_is_left(state):
    """The database ended first; helpers that watched it end when they see that."""
    assert postgres(state) == []
    until_nothing_runs(state)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_answers_until_it_is_told_to_stop_and_leaves_no_process(state, end):
    with Server(state).started() as serve:
        assert f"{serve.url}/api/v1/" in serve.printed()
        assert serve.status() == 200
        os.killpg(serve.pid, end)
        assert serve.wait() == 0, serve.printed()
        assert_nothing_is_left(state)
        assert serve.status() is None


def test_under_nohup_it_outlives_its_terminal(state):
    ignored = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731
    with Server(state, before=ignored).started() as serve:
        os.killpg(serve.pid, signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            serve.popen.wait(1)
        assert serve.status() == 200
        assert serve.ctrl_c() == 0


def test_it_can_be_stopped_while_its_database_starts(state):
    with Server(state) as serve:
        until(lambda: postgres(state), "the database starts", serve.printed)
        assert serve.ctrl_c() in (0, 130), serve.printed()
        assert "Traceback" not in serve.printed()
    until_nothing_runs(state)


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_can_be_stopped_at_any_moment_before_it_answers(state, moment):
    with Server(state) as serve:
        time.sleep(moment)
        code = serve.ctrl_c()
        # Until it runs a line of ours, Python ends as it will.
        if "init_import_site" not in serve.printed():
            assert code in (0, 130, -signal.SIGINT), serve.printed()
            assert "Traceback" not in serve.printed(), serve.printed()
    until_nothing_runs(state)


def test_a_killed_server_takes_everything_with_it_and_the_next_one_starts(state):
    with Server(state).started() as serve:
        serve.kill()
    until_nothing_runs(state)
    with Server(state).started() as again:
        assert again.status() == 200


def test_it_starts_after_everything_was_killed_at_once(state):
    with Server(state).started() as serve:
        for process in processes_of(state):
            process.suspend()
        for process in processes_of(state):
            process.kill()
        serve.wait()
    until_nothing_runs(state)
    with Server(state).started() as again:
        assert again.status() == 200


def test_a_port_in_use_is_refused_with_a_way_out(state):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with Server(state, port=port) as serve:
            assert serve.wait() == 1
            assert f"PORT={port + 1} make serve" in serve.printed()
            assert "Traceback" not in serve.printed()
    assert_nothing_is_left(state)


def test_a_second_server_shares_the_database_and_the_last_one_stops_it(state):
    with Server(state).started() as first, Server(state).started() as second:
        assert first.ctrl_c() == 0
        assert second.status() == 200
        assert second.ctrl_c() == 0
        assert_nothing_is_left(state)


def test_an_own_database_needs_an_own_secret(state):
    with Server(state, DATABASE_URL="postgresql://localhost/cases") as serve:
        assert serve.wait() == 1
        assert "SECRET_KEY must be set" in serve.printed()
        assert "Traceback" not in serve.printed()

"""`manage.py serve` as a person uses it: real processes, real signals."""

import os
import signal
import socket
import subprocess

import psutil
import pytest

from tests.system.processes import Process, free_port, processes_of, status
from tests.waiting import until

BANNER = "Stop it with Ctrl-C."


class Serve(Process):
    def __init__(self, state, port=None, before=None, **env):
        self.port = port or free_port()
        env = {"PORT": str(self.port), "WORKERS": "2"} | env
        super().__init__(state, "manage.py", "serve", before=before, **env)

    def started(self):
        self.waits_for(BANNER)
        return self

    def workers(self):
        return [
            child
            for child in psutil.Process(self.pid).children()
            if any("spawn_main" in word for word in child.cmdline())
        ]


@pytest.fixture(scope="module")
def state(empty_state):
    """Begins with nothing, as a first start does."""
    return empty_state


def database(state):
    return [process for process in processes_of(state) if process.name() == "postgres"]


def assert_nothing_is_left(state):
    """The database ended first; helpers that watched it end when they see that."""
    assert database(state) == []
    until(lambda: processes_of(state) == [])


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_answers_until_it_is_told_to_stop_and_leaves_no_process(state, end):
    with Serve(state) as serve:
        serve.started()
        assert status(serve.port) == 200
        os.killpg(serve.pid, end)
        assert serve.popen.wait(30) == 0
        assert_nothing_is_left(state)
        assert status(serve.port) is None


def test_under_nohup_it_outlives_its_terminal(state):
    with Serve(state, before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as serve:
        serve.started()
        os.killpg(serve.pid, signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            serve.popen.wait(1)
        assert status(serve.port) == 200
        assert serve.ctrl_c() == 0


def test_it_can_be_stopped_before_it_answers(state):
    with Serve(state) as serve:
        until(lambda: database(state))
        assert serve.ctrl_c() == 0
        assert "Traceback" not in serve.printed()
    until(lambda: processes_of(state) == [])


def test_the_banner_names_the_address(state):
    with Serve(state) as serve:
        serve.started()
        assert f"http://127.0.0.1:{serve.port}/api/v1/" in serve.printed()


def test_a_killed_server_takes_everything_with_it_and_the_next_one_starts(state):
    with Serve(state) as serve:
        serve.started()
        serve.kill()
    until(lambda: processes_of(state) == [])
    with Serve(state) as again:
        again.started()
        assert status(again.port) == 200


def test_it_starts_after_everything_was_killed_at_once(state):
    with Serve(state) as serve:
        serve.started()
        for process in processes_of(state):
            process.suspend()
        for process in processes_of(state):
            process.kill()
        serve.popen.wait(30)
    until(lambda: processes_of(state) == [])
    with Serve(state) as again:
        again.started()
        assert status(again.port) == 200


def test_a_port_in_use_is_refused_with_a_way_out(state):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with Serve(state, port) as serve:
            assert serve.popen.wait(30) == 1
            assert f"PORT={port + 1} make serve" in serve.printed()
            assert "Traceback" not in serve.printed()
    assert_nothing_is_left(state)


def test_a_second_server_shares_the_database_and_the_last_one_stops_it(state):
    with Serve(state) as first, Serve(state) as second:
        first.started()
        second.started()
        assert first.ctrl_c() == 0
        assert status(second.port) == 200
        assert second.ctrl_c() == 0
        assert_nothing_is_left(state)


def test_an_own_database_needs_an_own_secret(state):
    with Serve(state, DATABASE_URL="postgresql://localhost/cases") as serve:
        assert serve.popen.wait(30) == 1
        assert "SECRET_KEY must be set" in serve.printed()
        assert "Traceback" not in serve.printed()

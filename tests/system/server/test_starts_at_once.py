"""Several servers that start in the same moment on one database."""

import json
from contextlib import ExitStack

import pytest

from tests.system.faults.nodes import SECRET, Node
from tests.system.processes import Process, state_folder
from tests.waiting import WAIT_TIMEOUT


# More than once, as it depends on the moment.
@pytest.mark.parametrize(("number", "attempt"), [(2, 1), (2, 2), (3, 1)])
def test_migrations_at_once_of_an_empty_database_all_succeed(number, attempt):
    with state_folder() as state, ExitStack() as stack:
        running = [
            stack.enter_context(Process(state, "manage.py", "migrate", "--no-input"))
            for _ in range(number)
        ]
        for process in running:
            assert process.popen.wait(WAIT_TIMEOUT) == 0, process.printed()
        printed = [process.printed() for process in running]
        assert sum("No migrations to apply" in text for text in printed) == number - 1, printed


def test_starts_at_once_on_an_empty_database_all_serve():
    with state_folder() as state, ExitStack() as stack:
        nodes = [stack.enter_context(Node(state, WORKERS="1")) for _ in range(2)]
        for node in nodes:
            node.started()
            status, _, body = node.get("/health/ready")
            assert (status, json.loads(body)["publication"]) == (200, 1)
            assert "Traceback" not in node.printed()
        for node in nodes:
            assert node.ctrl_c() == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_server_for_the_public_says_that_it_answers(state, host):
    """It redirects whoever asks by plain HTTP, so also itself."""
    public = {"ALLOWED_HOSTS": "api.example.org", "PROXIES": "1", "SECRET_KEY": SECRET}
    with Node(state, WORKERS="1", HOST=host, **public) as node:
        node.started()
        assert "as api.example.org" in node.printed()
        assert node.ctrl_c() == 0

"""Several servers that start in the same moment on one database."""

from contextlib import ExitStack

import pytest

from tests import real_data
from tests.system.processes import BANNER, Process, Server, state_folder

SECRET = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"


# More than once, as it depends on the moment.
@pytest.mark.parametrize(("number", "attempt"), [(2, 1), (2, 2), (3, 1)])
def test_migrations_at_once_of_an_empty_database_all_succeed(number, attempt):
    with state_folder() as state, ExitStack() as stack:
        running = [
            stack.enter_context(Process(state, "manage.py", "migrate", "--no-input"))
            for _ in range(number)
        ]
        for process in running:
            assert process.wait() == 0, process.printed()
        printed = [process.printed() for process in running]
        assert sum("No migrations to apply" in text for text in printed) == number - 1, printed


def test_starts_at_once_on_an_empty_database_all_serve():
    with state_folder() as state, ExitStack() as stack:
        servers = [stack.enter_context(Server(state, WORKERS="1")) for _ in range(2)]
        for server in servers:
            ready = server.started().ask("/health/ready")
            assert ready.status == 200
            assert ready.json()["publication"] == real_data.publications()
            assert "Traceback" not in server.printed()
        for server in servers:
            assert server.ctrl_c() == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_server_for_the_public_says_that_it_answers(state, host):
    """It redirects whoever asks by plain HTTP, so also itself."""
    public = {"ALLOWED_HOSTS": "api.example.org", "PROXIES": "1", "SECRET_KEY": SECRET}
    with Server(state, WORKERS="1", HOST=host, **public) as server:
        server.waits_for(BANNER)
        assert "as api.example.org" in server.printed()
        assert server.ctrl_c() == 0

import os
import shutil
import signal
import subprocess
from contextlib import closing

import pytest
import redis

from tests.processes import SOON, free_port, until

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")


class Store:
    """A real Redis or Valkey, which can be stopped, killed and started again at its place."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process = None

    def start(self):
        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self._process = subprocess.Popen(
            [PROGRAM, "--port", str(self.port), *options],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self.answers)

    def answers(self):
        try:
            with closing(redis.Redis.from_url(self.url)) as client:
                return client.ping()
        except redis.RedisError:
            return False

    def seconds_left(self):
        """Seconds until each counter ends, by its name; -1 = never."""
        with closing(redis.Redis.from_url(self.url, decode_responses=True)) as client:
            found = {name: client.pttl(name) / 1_000 for name in client.scan_iter()}
        return {name: left for name, left in found.items() if left != -0.002}

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def kill(self):
        self._process.kill()
        self._process.wait(SOON)


@pytest.fixture(scope="package")
def store():
    if PROGRAM is None:
        assert "CI" not in os.environ, "redis-server is missing"
        pytest.skip("redis-server is missing")
    store = Store()
    store.start()
    yield store
    store.kill()

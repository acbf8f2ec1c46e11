"""A real Redis or Valkey, which processes share."""

import signal
import subprocess
from contextlib import closing, contextmanager

import redis

from tests.system.processes import free_port
from tests.system.tools import skip_without
from tests.waiting import WAIT_TIMEOUT, until


class Store:
    """It can be frozen, killed and started again at its place."""

    def __init__(self, program):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._program = program
        self._process = None

    def start(self):
        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self._process = subprocess.Popen(
            [self._program, "--port", str(self.port), *options],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(lambda: self.asked(lambda client: client.ping()), "Redis answers")

    def asked(self, question):
        """What a client of our own is told; null = no answer."""
        try:
            with closing(redis.Redis.from_url(self.url)) as client:
                return question(client)
        except redis.RedisError:
            return None

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def kill(self):
        self._process.kill()
        self._process.wait(WAIT_TIMEOUT)


@contextmanager
def running():
    store = Store(skip_without("redis-server"))
    store.start()
    try:
        yield store
    finally:
        store.kill()

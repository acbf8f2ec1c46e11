"""Servers, publishers and readers that go on while something breaks, and what must hold after."""

import http.client
import json
import re
import threading
import time

import psycopg

from tests.system.faults import publisher
from tests.system.processes import Process, free_port
from tests.waiting import WAIT_TIMEOUT

SECRET = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"


class Node(Process):
    """`manage.py serve`, as on one machine of several."""

    def __init__(self, state, **env):
        self.port = free_port()
        super().__init__(
            state,
            "manage.py",
            "serve",
            **{"PORT": str(self.port), "WORKERS": "2", "QUOTA_ANONYMOUS": "9000000/minute"} | env,
        )

    def started(self):
        self.waits_for("Stop it with Ctrl-C.")
        return self

    def get(self, address="/api/v1/sources/?page_size=1", timeout=WAIT_TIMEOUT, **headers):
        """Status, headers and body, from a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", address, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def seconds_until_it_answers(self):
        """From now on, with publications read from the database and none out of memory."""
        begin = time.monotonic()
        while time.monotonic() - begin < WAIT_TIMEOUT:
            try:
                # A number nobody asked for before.
                status, _, _ = self.get(f"/api/v1/sources/?page_size={fresh()}", timeout=5)
            except (OSError, http.client.HTTPException):
                status = None
            if status == 200:
                return time.monotonic() - begin
            time.sleep(0.02)
        raise AssertionError("it did not answer again: " + self.printed()[-2000:])


_numbers = iter(range(2, 10**6))


def fresh() -> str:
    """A page size with a parameter that makes the address new to every cache."""
    return f"{next(_numbers) % 199 + 1}&published_after=1{next(_numbers) % 1000:03}"


class Publisher(Process):
    """Publishes until it is killed; `confirmed` is what must never be lost."""

    def __init__(self, state, batch=0, **env):
        super().__init__(state, "-m", "tests.system.faults.publisher", str(batch), **env)

        self._kept: dict[int, str] | None = None

    def __exit__(self, *_):
        self._kept = self.confirmed
        super().__exit__()

    @property
    def confirmed(self) -> dict[int, str]:
        """The first id of each batch, by publication; also after it ended."""
        if self._kept is not None:
            return self._kept
        found = re.findall(r"^(\d+) (SRC-\d+)$", self.printed(), re.MULTILINE)
        return {int(number): first for number, first in found}


class Readers:
    """Threads that read without end; each keeps its connection. Statuses are counted, and a
    publication that is older than one seen before by the same worker is remembered."""

    def __init__(self, node, count=4):
        self.node, self.statuses, self.broken, self.slowest = node, {}, 0, 0.0
        self.newest, self.backwards = 0, []
        self._end, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._read) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _read(self):
        # A connection stays with one worker.
        connection, seen = None, 0
        while not self._end.is_set():
            begin = time.monotonic()
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=30)
                    seen = 0
                connection.request("GET", f"/api/v1/sources/?page_size={fresh()}")
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                if connection:
                    connection.close()
                connection = None
                with self._lock:
                    self.broken += 1
                time.sleep(0.02)
                continue
            with self._lock:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
                self.slowest = max(self.slowest, time.monotonic() - begin)
            if answer.status == 200:
                number = json.loads(body)["publication"]
                if number < seen:
                    self.backwards.append((seen, number))
                seen = number
                self.newest = max(self.newest, number)
        if connection:
            connection.close()


def assert_nothing_is_lost(dsn: str, confirmed: dict[int, str]) -> None:
    """Each confirmed publication is there whole, and none is half written."""
    assert confirmed, "nothing was confirmed, so nothing is proved"
    with psycopg.connect(dsn) as connection:
        numbers = connection.execute("SELECT number FROM cases_publication ORDER BY 1").fetchall()
        assert [number for (number,) in numbers] == list(range(1, len(numbers) + 1))
        entries = dict(
            connection.execute(
                "SELECT publication_id, count(*) FROM cases_entry GROUP BY 1"
            ).fetchall()
        )
        assert entries.keys() == {number for (number,) in numbers}
        for number, first in confirmed.items():
            batch = (int(first.removeprefix("SRC-")) - 10_000) // publisher.BATCH
            found = connection.execute(
                "SELECT public_id FROM cases_publishedsource WHERE since_id = %s"
                " AND public_id LIKE 'SRC-_____' AND body::jsonb ->> 'title' <> ''",
                [number],
            ).fetchall()
            assert {name for (name,) in found} == {*publisher.ids(batch)}, number


def assert_ledger_verifies(state, **env):
    with Process(state, "manage.py", "verify_ledger", **env) as verify:
        assert verify.popen.wait(WAIT_TIMEOUT) == 0, verify.printed()
        assert "The ledger verifies" in verify.printed()

"""Servers, publishers and readers that go on while something breaks, and what must hold after."""

import http.client
import json
import re
import threading
import time

import psycopg

from tests.system.faults import publisher
from tests.system.processes import Process, manage
from tests.waiting import WAIT_TIMEOUT, timed_out, until

SECRET = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"


def seconds_until_it_answers(server):
    """From now on, with publications read from the database and none out of memory."""
    begin = time.monotonic()
    # A number nobody asked for before.
    until(
        lambda: server.status(f"/api/v1/sources/?page_size={fresh()}") == 200,
        "it answers again",
        server.printed,
    )
    return time.monotonic() - begin


_numbers = iter(range(2, 10**6))


def fresh() -> str:
    """A page size with a parameter that makes the address new to every cache."""
    return f"{next(_numbers) % 199 + 1}&published_after=1{next(_numbers) % 1000:03}"


class Publisher(Process):
    """Publishes until it is killed; `confirmed` is what must never be lost."""

    def __init__(self, state, batch=0, **env):
        super().__init__(state, "-m", "tests.system.faults.publisher", str(batch), **env)

    @property
    def confirmed(self) -> dict[int, str]:
        """The first id of each batch, by publication; also after it ended."""
        found = re.findall(r"^(\d+) (SRC-\d+)$", self.printed(), re.MULTILINE)
        return {int(number): first for number, first in found}

    def publishes(self, more=1):
        """Until it has confirmed so many more."""
        wanted = len(self.confirmed) + more
        until(
            lambda: len(self.confirmed) >= wanted, f"{more} more publications are confirmed",
            self.printed,
        )  # fmt: skip


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
            thread.join(WAIT_TIMEOUT)
            if thread.is_alive():
                raise timed_out("a reader is answered", self.node.printed())

    def answered(self, more):
        """Until so many more requests are answered, whatever the answer."""
        wanted = sum(self.statuses.values()) + more
        until(
            lambda: sum(self.statuses.values()) >= wanted, f"{more} more answers",
            self.node.printed,
        )  # fmt: skip

    def _read(self):
        # A connection stays with one worker.
        connection, seen = None, 0
        while not self._end.is_set():
            begin = time.monotonic()
            try:
                if connection is None:
                    connection = self.node.connect()
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
    code, said = manage(state, "verify_ledger", **env)
    assert code == 0, said
    assert "The ledger verifies" in said

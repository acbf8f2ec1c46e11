"""One client uses its whole quota in the worst way, and readers of a real server are answered."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from itertools import count, pairwise
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from tests.system.processes import Server

QUOTA = 240
ATTACKER = "198.51.100.1"
CACHED = "/api/v1/cases/"
# More than a process computes for one client at a time.
AT_ONCE = 6
CONNECTIONS = AT_ONCE + 4

_reads = count()


class Timed(NamedTuple):
    """An answer. began, ended: seconds on a clock of ours."""

    status: int
    code: str | None
    headers: Message
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class OneWorker(Server):
    """One worker behind one proxy, so that tests can be many clients."""

    def __init__(self, state) -> None:
        # As it is where others can reach it.
        settings = {"WORKERS": "1", "PROXIES": "1", "COMPUTED_AT_ONCE": str(AT_ONCE)}
        quotas = {"QUOTA_ANONYMOUS": f"{QUOTA}/minute", "QUOTA_DESK": f"{QUOTA}/minute"}
        super().__init__(state, **settings | quotas)

    def asked_by(self, client, path, body=None, **headers) -> Timed:
        given = {"X-Forwarded-For": client, **headers}
        began = time.monotonic()
        answer = self.ask(path, "POST" if body else "GET", given, body)
        ended = time.monotonic()
        problem = answer.headers["Content-Type"] == "application/problem+json"
        code = answer.json()["code"] if problem else None
        return Timed(answer.status, code, answer.headers, began, ended)


@pytest.fixture(scope="module")
def serve(state):
    with OneWorker(state).started() as serve:
        yield serve


class Guesser:
    """Sends passwords that are wrong. Each has to be hashed: nothing else is as costly over so
    little data, and no other limit ends it."""

    def __init__(self, serve) -> None:
        self._serve = serve
        cookie = serve.asked_by(ATTACKER, "/desk/login/").headers["Set-Cookie"]
        self._cookie = cookie.partition(";")[0]

    def guess(self, number: int) -> Timed:
        form = {
            "csrfmiddlewaretoken": self._cookie.partition("=")[2],
            "username": f"synthetic-{number}",
            "password": "x",
        }
        given = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return self._serve.asked_by(ATTACKER, "/desk/login/", urlencode(form), **given)


def use_it_up(send) -> list[Timed]:
    """All that one client gets, over many connections, until its quota is used up."""
    numbers, found = count(), []
    used_up = threading.Event()

    def ask() -> None:
        while not used_up.is_set():
            answer = send(next(numbers))
            found.append(answer)
            if answer.code == "quota_exceeded":
                used_up.set()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for done in [pool.submit(ask) for _ in range(CONNECTIONS)]:
            done.result()
    return found


def read_on(serve, stop) -> tuple[list[Timed], list[Timed]]:
    """What readers get meanwhile: answers out of memory, and pages of a list that nobody asked for
    yet. Each reader stays below the quota."""
    cached, computed = [], []
    while not stop.is_set():
        number = next(_reads)
        reader = f"203.0.113.{number // 50 % 250}"
        cached.append(serve.asked_by(reader, CACHED))
        if number < 190:
            address = f"{CACHED}?country=KZ&page_size={number + 1}"
            computed.append(serve.asked_by(reader, address))
    return cached, computed


def test_a_client_that_spends_its_quota_on_the_costliest_does_not_hold_up_readers(serve):
    serve.asked_by("203.0.113.251", CACHED)
    guesser = Guesser(serve)
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        readers = pool.submit(read_on, serve, stop)
        try:
            attack = use_it_up(guesser.guess)
        finally:
            stop.set()
        cached, computed = readers.result()
    # It was charged for its work, so it got far fewer answers than its quota says.
    hashed = [answer for answer in attack if answer.status == 200]
    assert 0 < len(hashed) < QUOTA / 3
    refused = [answer for answer in attack if answer.status != 200]
    assert {answer.code for answer in refused} <= {"quota_exceeded", "too_many_at_once", "busy"}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    # Every reader was answered, and sooner than who asks for that much.
    assert {answer.status for answer in cached + computed} == {200}
    costly = median(answer.seconds for answer in hashed)
    assert median(answer.seconds for answer in cached) < costly / 2
    assert median(answer.seconds for answer in computed) < costly
    # No reader waited until a password was hashed: between any two, some were answered.
    ends = sorted(answer.ended for answer in hashed)
    pauses = [pause for pause in pairwise(ends) if pause[1] - pause[0] > costly / 2]
    answered = [any(a < one.ended <= b for one in cached) for a, b in pauses]
    assert sum(answered) >= 0.9 * len(answered)
    # The desk is counted apart: who reads from the same address goes on.
    assert serve.asked_by(ATTACKER, CACHED).status == 200


def test_many_at_once_for_the_same_new_answer_leave_threads_for_others(serve):
    """All but one of them wait for the first. The schema takes long to write, for any data."""
    address = "/api/v1/schema/?format=yaml"
    stop = threading.Event()
    with ThreadPoolExecutor(CONNECTIONS + 1) as pool:
        readers = pool.submit(read_on, serve, stop)
        try:
            same = list(pool.map(lambda _: serve.asked_by(ATTACKER, address), range(CONNECTIONS)))
        finally:
            stop.set()
        cached, _ = readers.result()
    assert {answer.code for answer in same} <= {None, "too_many_at_once"}
    written = [answer for answer in same if answer.status == 200]
    assert written
    first = min(answer.ended for answer in written)
    began = min(answer.began for answer in same)
    meanwhile = [answer for answer in cached if began < answer.ended < first]
    assert meanwhile
    assert {answer.status for answer in cached} == {200}

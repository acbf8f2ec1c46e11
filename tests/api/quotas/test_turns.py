"""How many requests are computed at a time."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from cases.api.quotas.computing import Computing
from cases.api.quotas.counts import ProcessCounter
from cases.api.quotas.keys import Keys
from cases.api.quotas.standing import Meter
from cases.api.quotas.turns import BusyError, TooManyAtOnceError, Turns
from cases.api.quotas.wsgi import Metered
from tests.waiting import until

A, B = "192.0.2.1", "192.0.2.2"


def test_a_client_has_only_so_many_and_others_are_not_held_up():
    turns = Turns(per_client=2)
    with turns.taken(A, False), turns.taken(A, False):
        with pytest.raises(TooManyAtOnceError), turns.taken(A, False):
            pass
        with turns.taken(B, False):
            pass
    with turns.taken(A, False):
        pass


def test_costly_ones_take_turns_and_few_may_wait():
    turns = Turns(at_a_time=1, in_turn=2, wait_timeout=60)
    entered, leave = Event(), Event()

    def compute(client):
        with turns.taken(client, True):
            entered.set()
            leave.wait(60)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(compute, A)
        entered.wait(60)
        entered.clear()
        second = pool.submit(compute, B)
        until(lambda: turns._waiting == 2, "the second one waits for its turn")
        assert not entered.is_set()
        with pytest.raises(BusyError), turns.taken("192.0.2.3", True):
            pass
        # What is quick waits for none of them.
        with turns.taken("192.0.2.3", False):
            pass
        leave.set()
        first.result()
        second.result()
    with turns.taken(A, True):
        pass


def test_who_waits_too_long_is_told_so_and_leaves_no_trace():
    turns = Turns(at_a_time=1, wait_timeout=0.01)
    with turns.taken(A, True), pytest.raises(BusyError), turns.taken(B, True):
        pass
    with turns.taken(B, True):
        pass
    assert not turns._pending


def test_a_request_that_fails_gives_its_turn_back():
    turns = Turns(per_client=1, at_a_time=1, in_turn=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.taken(A, True):
            raise ZeroDivisionError


class Server:
    """The application computes until it is told to go on."""

    def __init__(self, **limits):
        self.started, self.go_on = Barrier(2), Event()
        meter = Meter(ProcessCounter(), Keys())
        self.application = Metered(Computing(self.compute, meter, Turns(**limits)), meter)

    def compute(self, environ, start_response):
        self.started.wait(60)
        self.go_on.wait(60)
        start_response("200 OK", [])
        return [b""]

    def ask(self, address, **more):
        path, _, query = address.partition("?")
        environ = {
            **{"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET"},
            **{"REMOTE_ADDR": A},
            **more,
        }
        said = []
        body = b"".join(self.application(environ, lambda *given: said.append(given)))
        [(status, headers)] = said
        return int(status[:3]), {name.lower(): value for name, value in headers}, body


def test_a_client_with_too_many_at_once_gets_429_and_when_to_come_back():
    server = Server(per_client=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(server.ask, "/api/v1/cases/")
        server.started.wait(60)
        status, headers, body = server.ask("/api/v1/statistics/")
        server.go_on.set()
        assert first.result()[0] == 200
    assert (status, json.loads(body)["code"]) == (429, "too_many_at_once")
    assert headers["retry-after"] == "2"
    assert headers["cache-control"] == "no-store"
    assert headers["access-control-allow-origin"] == "*"
    assert "ratelimit" in headers


def test_a_costly_request_too_many_gets_503_and_when_to_come_back():
    server = Server(in_turn=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(server.ask, "/api/v1/cases/facets/?by=region")
        server.started.wait(60)
        answers = [
            server.ask("/api/v1/cases/?q=x"),
            server.ask("/kk/cases/?q=x", HTTP_ACCEPT="text/html,*/*"),
        ]
        server.go_on.set()
        assert first.result()[0] == 200
    [(status, headers, body), (page_status, page_headers, page)] = answers
    assert (status, json.loads(body)["code"], headers["retry-after"]) == (503, "busy", "2")
    # People are told in their language.
    assert (page_status, page_headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert '<html lang="kk">' in page.decode()
    assert page_headers["cross-origin-resource-policy"] == "same-origin"

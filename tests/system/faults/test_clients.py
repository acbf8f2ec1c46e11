"""Clients that behave badly: others must still be answered, meanwhile."""

import socket
import time

import pytest

from tests.system.faults.nodes import fresh
from tests.system.processes import Server
from tests.waiting import WAIT_TIMEOUT

MANY = 1_000


@pytest.fixture(scope="module")
def node(state):
    with Server(state).started() as node:
        yield node


def connected(node, receive=None):
    client = socket.socket()
    if receive:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    client.settimeout(WAIT_TIMEOUT)
    client.connect(("127.0.0.1", node.port))
    return client


def assert_others_are_answered(node, took, while_, requests=20):
    """Each in its time: one that is held up is answered only when the test has given up."""
    slowest = 0.0
    for _ in range(requests):
        begin = time.monotonic()
        assert node.ask(f"/api/v1/sources/?page_size={fresh()}").status == 200
        slowest = max(slowest, time.monotonic() - begin)
    took(f"{while_}; the slowest answer to another", slowest)


@pytest.mark.parametrize("form", ["json&page_size=200", "ndjson"])
def test_clients_that_never_read_hold_up_nobody(node, took, form):
    """More of them than there are threads that answer, each asking for much."""
    before = node.memory()
    clients = [connected(node, receive=4_096) for _ in range(40)]
    try:
        for client in clients:
            for _ in range(5):
                asked = f"/api/v1/sources/?format={form}"
                client.sendall(f"GET {asked} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert_others_are_answered(node, took, f"40 clients that never read {form}")
        # What was sent on request, a few hundred kB each, and no more.
        assert node.memory() - before < 200
    finally:
        for client in clients:
            client.close()


def test_clients_that_never_finish_asking_hold_up_nobody(node, took):
    clients = [connected(node) for _ in range(40)]
    try:
        for client in clients:
            client.sendall(b"GET /api/v1/sources/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for _ in range(3):
            for client in clients:
                client.sendall(b"x")
        assert_others_are_answered(node, took, "40 clients that never finish")
    finally:
        for client in clients:
            client.close()


def test_a_thousand_connections_leave_room_for_others(node, took):
    before = node.memory()
    clients = []
    try:
        for _ in range(MANY):
            clients.append(connected(node))
        assert_others_are_answered(node, took, f"{MANY} idle connections")
        # All of them ask at once, and each is answered.
        begin = time.monotonic()
        for client in clients:
            client.sendall(b"GET /api/v1/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for client in clients:
            assert client.recv(12) == b"HTTP/1.1 200"
        took(f"{MANY} connections asking at once, all answered", time.monotonic() - begin)
        assert node.memory() - before < 200
    finally:
        for client in clients:
            client.close()
    assert_others_are_answered(node, took, "after they left")

"""Clients that behave badly: others must still be answered."""

import socket
import time

import psutil
import pytest

from tests.system.faults.nodes import Node, fresh
from tests.waiting import until

MANY = 1_000
# Seconds that anybody else may wait while a client behaves badly, on a busy machine.
BEARABLE = 5


@pytest.fixture(scope="module")
def node(state):
    with Node(state) as node:
        yield node.started()


def connected(node, receive=None):
    client = socket.socket()
    if receive:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    client.settimeout(BEARABLE)
    client.connect(("127.0.0.1", node.port))
    return client


def memory(node):
    """Of all processes of the server, in MB."""
    main = psutil.Process(node.pid)
    return sum(p.memory_info().rss for p in (main, *main.children(recursive=True))) / 1e6


def slowest_answer(node, requests=20):
    slowest = 0.0
    for _ in range(requests):
        begin = time.monotonic()
        assert node.get(f"/api/v1/sources/?page_size={fresh()}", timeout=30)[0] == 200
        slowest = max(slowest, time.monotonic() - begin)
    return slowest


@pytest.mark.parametrize("form", ["json&page_size=200", "ndjson"])
def test_clients_that_never_read_hold_up_nobody(node, took, form):
    """More of them than there are threads that answer, each asking for much."""
    before = memory(node)
    clients = [connected(node, receive=4_096) for _ in range(40)]
    try:
        for client in clients:
            for _ in range(5):
                asked = f"/api/v1/sources/?format={form}"
                client.sendall(f"GET {asked} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        took(
            f"40 clients that never read {form}; the slowest answer to another",
            slowest_answer(node),
        )
        assert slowest_answer(node) < BEARABLE
        # What was sent on request, a few hundred kB each, and no more.
        assert memory(node) - before < 200
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
        took("40 clients that never finish; the slowest answer to another", slowest_answer(node))
        assert slowest_answer(node) < BEARABLE
    finally:
        for client in clients:
            client.close()


def test_a_thousand_connections_leave_room_for_others(node, took):
    before = memory(node)
    clients = []
    try:
        for _ in range(MANY):
            clients.append(connected(node))
        took(f"{MANY} idle connections; the slowest answer to another", slowest_answer(node))
        assert slowest_answer(node) < BEARABLE
        # All of them ask at once, and each is answered.
        begin = time.monotonic()
        for client in clients:
            client.sendall(b"GET /api/v1/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for client in clients:
            client.settimeout(60)
            assert client.recv(12) == b"HTTP/1.1 200"
        took(f"{MANY} connections asking at once, all answered", time.monotonic() - begin)
        assert memory(node) - before < 200
    finally:
        for client in clients:
            client.close()
    until(lambda: slowest_answer(node) < BEARABLE)

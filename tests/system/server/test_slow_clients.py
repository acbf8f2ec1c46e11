"""Slow and silent clients without any proxy: they must not hold a thread of the server."""

import re
import socket
import time
from functools import partial

import psutil
import pytest

from tests.system import attacks
from tests.system.faults.nodes import fresh
from tests.system.processes import Server
from tests.waiting import WAIT_TIMEOUT, until

FILE = "/api/v1/sources/?format=ndjson"
LARGE = 60_000_000  # bytes
MANY = 40


@pytest.fixture(scope="module")
def node(state):
    with Server(state).started() as node:
        assert node.ask(FILE).status == 200
        attacks.enlarge(state / "exports", LARGE)
        yield node


def host(node):
    """As `node.ask` calls it: a file holds addresses of the name that it was asked for by."""
    return f"127.0.0.1:{node.port}"


def ask(node):
    """Computed, and out of memory."""
    assert node.status(f"/api/v1/sources/?page_size={fresh()}") == 200
    assert node.status("/api/v1/") == 200


def assert_nobody_is_held_up(node, requests):
    attack = partial(attacks.clients, node.port, requests, host(node))
    attacks.hold_up_nobody(attack, partial(ask, node), node.printed)


@pytest.mark.parametrize("path", ["/api/v1/cases/", "/", "/charts/", "/desk/login/"])
def test_bodies_that_never_come_hold_up_nobody(node, path):
    silent = [attacks.silent_post(path)] * MANY
    assert_nobody_is_held_up(node, silent)
    if not path.startswith("/desk/"):
        # Nothing there reads a body, so the answer does not wait for it.
        with attacks.clients(node.port, silent) as connected:
            for client in connected:
                assert re.match(rb"HTTP/1.1 40[345] ", client.recv(100))


def test_one_client_may_have_few_uploads_on_their_way(node):
    with attacks.clients(node.port, [attacks.silent_post("/desk/login/")] * MANY) as silent:
        # Four in each of two workers are read.
        until(
            lambda: sum(map(is_refused, silent)) >= MANY - 8,
            "most uploads are refused",
            node.printed,
        )


def is_refused(client):
    client.setblocking(False)
    try:
        return client.recv(13, socket.MSG_PEEK) == b"HTTP/1.1 503 "
    except BlockingIOError:
        return False


def test_an_upload_that_breaks_off_leaves_no_error(node):
    with attacks.clients(node.port, [attacks.silent_post("/desk/login/")] * 3):
        pass
    for _ in range(8):
        ask(node)
    assert '"level":"error"' not in node.printed()


def test_downloads_that_are_never_read_hold_up_nobody(node):
    # Fewer than one client may have, so that the last one is not refused.
    unread = [attacks.download(FILE)] * MANY
    assert_nobody_is_held_up(node, unread)
    with attacks.clients(node.port, unread, host(node)):
        status, _, body = node.ask(FILE)
        assert (status, len(body)) == (200, LARGE)
        assert node.memory() < 1_000


def test_a_client_that_reads_slowly_gets_all_of_it(node):
    """Slowly, but faster than what is given up."""
    with attacks.clients(node.port, [attacks.download(FILE)], host(node)) as [client]:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(1_000)
        size = len(head.split(b"\r\n\r\n", 1)[1])
        begin = time.monotonic()
        while size < LARGE and (block := client.recv(1_000_000)):
            size += len(block)
            if time.monotonic() - begin < 5:
                time.sleep(0.01)
        assert size == LARGE


def test_idle_and_unread_connections_are_given_up(node):
    unread = [attacks.download("/api/v1/sources/?page_size=199")] * 3
    silent = [*unread, "GET / HTTP/1.1\r\nX-Half: "]
    with attacks.clients(node.port, silent) as given, socket.socket() as idle:
        for client in given[:3]:
            # More than the buffers of the kernel take.
            client.sendall(unread[0].replace("\r\n", "\r\nHost: localhost\r\n", 1).encode() * 50)
        idle.connect(("127.0.0.1", node.port))
        assert len(connections(node)) >= 5
        until(lambda: not connections(node), "the server closes its idle connections")


def connections(node):
    return [
        one
        for one in psutil.net_connections("tcp")
        if one.laddr and one.laddr.port == node.port and one.status == psutil.CONN_ESTABLISHED
    ]


def test_http_2_is_not_spoken(node):
    """Its header blocks were kept without bound."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=WAIT_TIMEOUT) as client:
        client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9))
        assert not client.recv(100).startswith(b"\0")


def test_the_renderer_of_charts_gets_no_secrets(node):
    # The first drawing starts the process, which takes long on a busy machine.
    until(lambda: node.status("/charts/cases-by-year.svg") == 200, "a chart is drawn")
    main = psutil.Process(node.pid)
    renderers = [
        process
        for process in main.children(recursive=True)
        if any(word.endswith("renderer.py") for word in process.cmdline())
    ]
    assert renderers
    for renderer in renderers:
        assert not {"SECRET_KEY", "DATABASE_URL", "METRICS_TOKEN"} & renderer.environ().keys()


def test_a_page_of_another_site_cannot_ask_by_a_name_of_its_own(node):
    """DNS rebinding: its name leads to this machine, and the browser sends that name."""
    headers = {"Host": f"evil.example:{node.port}"}
    assert node.ask("/api/v1/", headers=headers).status == 400

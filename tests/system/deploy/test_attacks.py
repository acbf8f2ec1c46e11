"""What a few harmful clients could do to the deployment of `deploy/`, behind Caddy and nginx.

Before `test_deploy.py`, which ends a node.
"""

import http.client
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from itertools import count
from statistics import median
from typing import NamedTuple

import pytest

from tests.system import attacks
from tests.system.deploy.proxies import SITE, answer, as_tls
from tests.waiting import WAIT_TIMEOUT, until

USAGE = "/api/v1/usage/"
FILE = "/api/v1/sources/?format=ndjson"
LARGE = 30_000_000  # bytes
MANY = 40
# An address of documentation, whose quota an attacker would use up.
VICTIM = "198.51.100.7"
# A client of its own, as the proxy sees it; connections of a browser and some more.
ATTACKER, CONNECTIONS = "127.0.0.2", 8
# Pairs of requests of a reader meanwhile.
READS = 6

_numbers = count(1)


@pytest.fixture(params=["site", "nginx_site"], ids=["caddy", "nginx"])
def port(request):
    return request.getfixturevalue(request.param)


def used(port, **options):
    """What this client has used of its quota, in the day that is counted."""
    status, _, body = answer(port, USAGE, **options)
    assert status == 200, body
    return json.loads(body)["windows"][-1]["used"]


def ask_node(node_port, path, *headers):
    """Asks a node itself, as our proxy would."""
    with closing(
        http.client.HTTPConnection("127.0.0.1", node_port, timeout=WAIT_TIMEOUT)
    ) as connection:
        connection.putrequest("GET", path, skip_host=True)
        for name, value in (("Host", SITE), ("X-Forwarded-Proto", "https"), *headers):
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.read()


def used_by(client, node_port):
    """The same of another client."""
    _, body = ask_node(node_port, USAGE, ("X-Forwarded-For", client))
    return json.loads(body)["windows"][-1]["used"]


SPELLINGS = (
    "X_Forwarded_For",
    "X-Forwarded-For",
    "X-Forwarded_For",
    "x_forwarded-for",
    "Forwarded",
)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_client_cannot_give_itself_another_address(port, nodes, name):
    mine, theirs = used(port), used_by(VICTIM, nodes[0][1])
    for _ in range(5):
        assert answer(port, "/api/v1/cases/", headers=[(name, VICTIM)])[0] == 200
    assert used(port) >= mine + 5
    assert used_by(VICTIM, nodes[0][1]) == theirs


@pytest.mark.parametrize("name", [name for name in SPELLINGS if "_" in name])
def test_behind_a_proxy_that_passes_it_on_a_node_drops_it(nodes, name):
    port = nodes[0][1]
    client = f"203.0.113.{next(_numbers)}"
    theirs = used_by(VICTIM, port)
    headers = (("X-Forwarded-For", client), (name, VICTIM))
    assert ask_node(port, "/api/v1/cases/", *headers)[0] == 200
    assert used_by(client, port) == 1
    assert used_by(VICTIM, port) == theirs


def test_guesses_at_a_password_are_locked_out_whatever_address_they_give(site):
    """Each guess from an address of its own, if it were believed. Behind one proxy only: to check a
    password takes half a second of a core."""
    statuses = []
    user = f"synthetic-{next(_numbers)}"
    token, cookie = login_form(site)
    for number in range(12):
        form = f"username={user}&password=wrong-{number}&csrfmiddlewaretoken={token}"
        statuses.append(log_in(site, form, cookie, f"192.0.2.{number}"))
    assert statuses[-1] == 429, statuses


def login_form(port):
    status, headers, body = answer(port, "/desk/login/")
    assert status == 200
    [token] = set(re.findall(rb'name="csrfmiddlewaretoken" value="(\w+)"', body))
    return token.decode(), headers["Set-Cookie"].partition(";")[0]


def log_in(port, form, cookie, address):
    headers = (
        f"Cookie: {cookie}\r\nReferer: https://{SITE}/desk/login/\r\nX_Forwarded_For: {address}\r\n"
        f"Content-Length: {len(form)}\r\nConnection: close\r\n{attacks.FORM}"
    )
    request = f"POST /desk/login/ HTTP/1.1\r\n{headers}\r\n{form}"
    with attacks.clients(port, [request], host=SITE, wrap=as_tls) as [client]:
        return int(client.recv(12).split()[1])


def assert_nobody_is_held_up(port, requests):
    def ask():
        status, _, body = answer(port, f"/api/v1/sources/?page_size={next(_numbers) % 199 + 1}")
        assert status == 200, body

    attack = partial(attacks.clients, port, requests, host=SITE, wrap=as_tls, source=ATTACKER)
    attacks.hold_up_nobody(attack, ask)


@pytest.mark.parametrize("path", ["/api/v1/cases/", "/desk/login/"])
def test_bodies_that_never_come_hold_up_nobody(port, path):
    assert_nobody_is_held_up(port, [attacks.silent_post(path)] * MANY)


def test_downloads_that_are_never_read_hold_up_nobody(port, folder):
    assert answer(port, FILE)[0] == 200
    attacks.enlarge(folder / "state" / "exports", LARGE)
    unread = [attacks.download(FILE)] * MANY
    assert_nobody_is_held_up(port, unread)
    with attacks.clients(port, unread, host=SITE, wrap=as_tls, source=ATTACKER):
        status, _, body = answer(port, FILE)
        assert (status, len(body)) == (200, LARGE)


class Timed(NamedTuple):
    status: int
    seconds: float


def timed(port, address, **options):
    begin = time.monotonic()
    status, _, body = answer(port, address, **options)
    assert status, body
    return Timed(status, time.monotonic() - begin)


def costly():
    """Facets that no other request has asked for."""
    by = "&".join(f"by={name}" for name in ("court", "region,formation", "opened_month,court"))
    address = f"/api/v1/defendants/facets/?{by}&measure=sentence_months"
    return f"{address}&opened_after={1_000 + next(_numbers)}"


def test_a_client_that_asks_for_the_costliest_holds_up_no_reader(port):
    cached, new = "/api/v1/cases/", "/api/v1/sources/?count=false&page_size="
    before, stop = used(port, source=ATTACKER), threading.Event()

    def attack():
        found = []
        while not stop.is_set():
            found.append(timed(port, costly(), source=ATTACKER))
        return found

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        attacks_ = [pool.submit(attack) for _ in range(CONNECTIONS)]
        try:
            until(lambda: used(port, source=ATTACKER) > before, "the attack has begun")
            numbers = [next(_numbers) % 199 + 1 for _ in range(READS)]
            read = [(timed(port, cached), timed(port, f"{new}{number}")) for number in numbers]
        finally:
            stop.set()
        attacked = [one for found in attacks_ for one in found.result()]
    assert {one.status for pair in read for one in pair} == {200}
    # More at a time than one client may have are refused, and what it got it paid for.
    assert {one.status for one in attacked} <= {200, 429}
    answered = [one.seconds for one in attacked if one.status == 200]
    assert used(port, source=ATTACKER) - before > len(answered)
    from_memory, computed = ([one.seconds for one in column] for column in zip(*read, strict=True))
    assert median(from_memory) < median(answered) / 2
    assert median(computed) < median(answered)


def test_nginx_bounds_the_connections_of_one_client(nginx_site):
    with attacks.clients(
        nginx_site, [attacks.silent_post("/desk/login/")] * MANY, host=SITE, wrap=as_tls
    ) as silent:
        refused = 0
        for client in silent:
            # The others are given up, without an answer.
            with suppress(ConnectionError):
                refused += client.recv(100).startswith(b"HTTP/1.1 429 ")
        # On a slow machine the first are given up before the last come.
        assert 0 < refused <= MANY - 20


def test_requests_for_another_name_are_refused(port):
    """DNS rebinding, and poisoned links."""
    with (
        attacks.clients(port, [attacks.download("/api/v1/")], host="evil.example", wrap=as_tls) as [
            client
        ],
        suppress(ConnectionError),
    ):
        # Caddy answers with nothing, nginx not at all.
        assert b"x-request-id" not in client.recv(10_000).lower()

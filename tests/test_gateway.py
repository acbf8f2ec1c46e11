"""What the gateway answers at once, what it lets others compute, and how it refuses."""

import fcntl
import json
import os
import socket
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings

from cases.edge.ratelimit.wsgi import refused
from casesapi.http.request_log import Observed
from casesapi.server.gateway import BLOCK_TIMEOUT, Gateway, end_unread_connections
from casesapi.server.lanes import Lanes
from casesapi.server.wsgi_environ import ENCODED, FOUND, Refusal, environment
from tests.test_environment import scope
from tests.waiting import until

KEPT = "/api/v1/kept/"
HEADERS = [("ETag", '"1"'), ("Server-Note", "caf\xe9")]
ENCODED_HEADERS = [(b"ETag", b'"1"'), (b"Server-Note", b"caf\xe9")]


class Connection:
    """The side of Granian."""

    def __init__(self):
        self.sent = []

    def send(self, message):
        self.sent.append(message)

    @property
    def answered(self):
        return len(self.sent) == 2

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return dict(self.sent[0]["headers"])

    @property
    def body(self):
        return self.sent[1]["body"]


class Site:
    """A gateway before an application that keeps one response."""

    def __init__(self, threads=1, most_per_client=10, **options):
        self.asked = []
        self.gateway = Gateway(
            self.answer,
            Observed(refused),
            self.knows,
            lambda environ: "quick",
            Lanes({"quick": threads}, most_per_client),
            **options,
        )

    def knows(self, environ):
        if environ["PATH_INFO"] == KEPT:
            environ[FOUND] = "synthetic"
        return FOUND in environ

    def answer(self, environ, start_response):
        self.asked.append(environ)
        if environ["PATH_INFO"] == KEPT:
            environ[ENCODED] = ENCODED_HEADERS
        start_response("200 OK", [*HEADERS, ("X-Request-ID", "1")])
        return [environ["PATH_INFO"].encode()]

    def ask(self, path, method="GET", headers=()):
        connection = Connection()
        asked = SimpleNamespace(scope=scope(path, method, headers), proto=connection)
        self.gateway.handle(asked)
        return connection


def test_a_kept_response_needs_no_thread():
    site = Site(threads=0)
    answer = site.ask(KEPT)
    assert (answer.status, answer.body) == (200, KEPT.encode())
    assert not site.ask("/api/v1/").answered


def test_headers_that_are_encoded_already_are_those_of_any_other_response():
    site = Site()
    computed = site.ask("/api/v1/")
    until(lambda: computed.answered, "the response is computed")
    kept = site.ask(KEPT)
    assert kept.sent[0] == computed.sent[0]
    assert kept.headers == dict([*ENCODED_HEADERS, (b"X-Request-ID", b"1")])


def test_where_a_store_must_be_asked_a_kept_response_is_looked_up_again_by_a_thread():
    """It may be replaced meanwhile, for example by a redaction."""
    site = Site(threads=0, counts_elsewhere=True)
    answer = site.ask(KEPT)
    until(lambda: answer.answered, "the response is sent")
    [environ] = site.asked
    assert FOUND not in environ


def test_a_client_with_too_many_requests_gets_429_and_when_to_come_back():
    site = Site(threads=0, most_per_client=1)
    assert not site.ask("/api/v1/cases/").answered
    answer = site.ask("/api/v1/cases/")
    problem = json.loads(answer.body)
    assert (answer.status, problem["code"]) == (429, "too_many_at_once")
    assert answer.headers[b"Retry-After"] == b"2"
    assert answer.headers[b"Access-Control-Allow-Origin"] == b"*"
    assert answer.headers[b"X-Request-ID"]
    # Answers out of memory are sent all the same.
    assert site.ask(KEPT).status == 200


def test_a_request_that_waited_too_long_gets_503_and_people_a_page(monkeypatch):
    monkeypatch.setattr(settings, "THREAD_SECONDS", 0)
    site = Site()
    answer = site.ask("/api/v1/cases/")
    page = site.ask("/kk/cases/", headers=[("accept", "text/html,*/*")])
    for one in (answer, page):
        until(lambda one=one: one.answered, "the request is refused")
        assert (one.status, one.headers[b"Retry-After"]) == (503, b"2")
    assert json.loads(answer.body)["code"] == "busy"
    assert b'<html lang="kk">' in page.body
    assert page.headers[b"Cross-Origin-Resource-Policy"] == b"same-origin"


def test_a_response_that_is_refused_has_no_headers_of_the_one_in_its_place():
    """A large kept response may find no slot to be sent in."""
    site, answer = Site(), Connection()
    asked = environment(scope(KEPT)) | {ENCODED: ENCODED_HEADERS}
    site.gateway._refuse(asked, answer, Refusal(503, "busy", "synthetic", 5))
    assert answer.status == 503
    assert b"ETag" not in answer.headers


def test_an_application_that_fails_is_answered_for(caplog):
    site = Site()
    site.gateway._application = None
    answer = site.ask(KEPT)
    assert (answer.status, answer.body) == (500, b"")
    assert "a request failed outside of the application" in caplog.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_head_gets_the_headers_alone(method):
    site = Site()
    assert site.ask(KEPT, method).body == (KEPT.encode() if method == "GET" else b"")


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels have no such option")
def test_to_find_the_socket_that_listens_keeps_no_file_open_and_closes_none(tmp_path):
    """A duplicate of a locked file would keep the lock for as long as the worker lives."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with (tmp_path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = len(os.listdir("/proc/self/fd"))
            end_unread_connections()
            assert len(os.listdir("/proc/self/fd")) == before
            lock.write("still open")
        option = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        assert option == BLOCK_TIMEOUT * 1_000
        with (tmp_path / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

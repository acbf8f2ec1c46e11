"""How a start finds out that its server answers."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.conf import settings
from django.core.management.base import OutputWrapper

from cases.management.commands import serve

PUBLIC = {"ALLOWED_HOSTS": [".example.org", "api.example.net"], "PUBLIC": True}


@pytest.fixture
def asked():
    """A server on this machine that redirects, as ours does in public, and what it was asked."""
    found = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found.append((self.path, self.headers["Host"]))
            self.send_response(301)
            self.send_header("Location", "https://nowhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found.append(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def announced(port, notes=(), ended=None):
    command = serve.Command(stdout=StringIO())
    command.announce("127.0.0.1", port, 0, notes, ended or threading.Event())
    assert isinstance(command.stdout, OutputWrapper)
    return command.stdout.getvalue()


def test_it_asks_directly_by_an_allowed_name_and_follows_nothing(asked, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    for name, value in PUBLIC.items():
        monkeypatch.setattr(settings, name, value)
    assert serve.answers("127.0.0.1", asked[0])
    assert asked[1:] == [("/health/live", "example.org")]


def test_what_it_asks_is_neither_redirected_nor_counted(client, settings):
    settings.ALLOWED_HOSTS = ["api.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/health/live", headers={"Host": "api.example.org"})
    assert response.status_code == 200
    assert "RateLimit" not in response.headers


def test_in_public_the_banner_names_what_a_proxy_needs(asked, monkeypatch):
    for name, value in PUBLIC.items():
        monkeypatch.setattr(settings, name, value)
    said = announced(asked[0])
    assert f"http://127.0.0.1:{asked[0]}   for your proxy, as .example.org, api.exampl" in said
    assert said.endswith("Stop it with Ctrl-C.\n")


def test_the_banner_repeats_what_went_wrong_before(asked):
    assert "\n  Not loaded.\n" in announced(asked[0], ["Not loaded."])


def test_it_gives_up_when_the_server_has_ended(monkeypatch):
    ended = threading.Event()
    tries = []

    def answers(host, port):
        tries.append(port)
        if len(tries) == 3:
            ended.set()
        return False

    monkeypatch.setattr(serve, "answers", answers)
    assert announced(1, ended=ended) == ""
    assert len(tries) == 3


def test_it_asks_less_and_less_often(monkeypatch):
    pauses = []

    class Ended:
        def wait(self, seconds):
            pauses.append(seconds)
            return len(pauses) == 40

    monkeypatch.setattr(serve, "answers", lambda host, port: False)
    announced(1, ended=Ended())
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (serve.SHORT_PAUSE, serve.LONG_PAUSE)


@pytest.mark.parametrize(
    ("listens", "found"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "::1"),
        ("0:0:0:0:0:0:0:0", "::1"),
        ("::1", "::1"),
        ("192.0.2.7", "192.0.2.7"),
        ("localhost", "localhost"),
    ],
)
def test_where_it_listens_and_where_it_is_asked(listens, found):
    assert serve.reachable(listens) == found


def test_an_address_of_ipv6_is_bracketed():
    assert serve.in_url("::1") == "[::1]"
    assert serve.in_url("127.0.0.1") == "127.0.0.1"

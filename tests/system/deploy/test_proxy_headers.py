"""What the proxies of deploy/ pass on to a node."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.system.deploy import proxies

# Each of these is X-Forwarded-For to a program that speaks WSGI.
SPELLINGS = ("X_Forwarded_For", "X-Forwarded_For", "x_forwarded-for", "X-Forwarded-For")
ADDRESS = "/api/v1/"


class Node(BaseHTTPRequestHandler):
    """Remembers the headers of the last request."""

    received: list[tuple[str, str]] = []

    def do_GET(self):
        if self.path == ADDRESS:  # no probe of Caddy
            type(self).received = self.headers.items()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def node():
    """The port of a stub: our own node would drop the headers itself."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Node)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", params=[proxies.caddy, proxies.nginx])
def proxy(request, node, tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxy")
    with request.param(folder, [node]) as port:
        yield port


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_client_cannot_give_itself_another_address(proxy, name):
    assert proxies.answer(proxy, ADDRESS, headers=[(name, "198.51.100.7")])[0] == 200
    assert not [header for header, _ in Node.received if "_" in header]
    forwarded = [value for header, value in Node.received if header.lower() == "x-forwarded-for"]
    # The last entry is the proxy's; further ones are not believed.
    assert [value.split(",")[-1].strip() for value in forwarded] == ["127.0.0.1"]

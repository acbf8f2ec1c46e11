"""What the proxy of deploy/ passes on to a node."""

import http.client
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from casesapi.state import CHECKOUT
from tests.system.processes import free_port
from tests.system.tools import skip_without
from tests.waiting import WAIT_TIMEOUT, until

SITE = "api.example.org"
# Each of these is X-Forwarded-For to a program that speaks WSGI.
SPELLINGS = ("X_Forwarded_For", "X-Forwarded_For", "x_forwarded-for", "X-Forwarded-For")


class Node(BaseHTTPRequestHandler):
    """Remembers the headers of the last request."""

    received: list[tuple[str, str]] = []

    def do_GET(self):
        type(self).received = self.headers.items()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """The port of Caddy with the Caddyfile as shipped, before one node."""
    caddy, port = skip_without("caddy"), free_port()
    folder = tmp_path_factory.mktemp("caddy")
    node = ThreadingHTTPServer(("127.0.0.1", 0), Node)
    threading.Thread(target=node.serve_forever, daemon=True).start()
    env = {
        "SITE": f"http://{SITE}:{port}",
        "HOST_NAME": SITE,
        "NODES": f"127.0.0.1:{node.server_port}",
        "HOME": str(folder),
    }
    command = [caddy, "run", "--config", CHECKOUT / "deploy/Caddyfile", "--adapter", "caddyfile"]
    log = folder / "caddy.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            until(lambda: ask(port, {}) == 200, "the proxy answers", log.read_text)
            yield port
        finally:
            server.terminate()
            server.wait(WAIT_TIMEOUT)
            node.shutdown()
            node.server_close()


def ask(port, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_TIMEOUT)
    try:
        connection.request("GET", "/api/v1/", headers={"Host": SITE} | headers)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_client_cannot_give_itself_another_address(proxy, name):
    assert ask(proxy, {name: "198.51.100.7"}) == 200
    assert not [header for header, _ in Node.received if "_" in header]
    forwarded = [value for header, value in Node.received if header.lower() == "x-forwarded-for"]
    # The last entry is the proxy's; further ones are not believed.
    assert [value.split(",")[-1].strip() for value in forwarded] == ["127.0.0.1"]

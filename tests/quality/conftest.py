"""A site that answers as a test wants, and a checker that does not wait."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cases.quality import links


class Site(BaseHTTPRequestHandler):
    """What it answers stands in `pages`: path: status, headers, body. Calls are written down."""

    pages: dict
    calls: list

    def do_HEAD(self):
        self.answer("HEAD")

    def do_GET(self):
        self.answer("GET")

    def answer(self, method):
        self.calls.append((method, self.path, self.headers["User-Agent"], time.monotonic()))
        page = self.pages.get(self.path, (404, {}, b""))
        if callable(page):
            page = page(self, method)
            if page is None:
                return
        status, headers, body = page
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if method == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def site(settings):
    """A site at `site.origin`; `site.pages` may be changed while it runs."""
    settings.LINKS_MAY_BE_PRIVATE = True
    handler = type("Handler", (Site,), {"pages": {}, "calls": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    handler.origin = f"http://127.0.0.1:{server.server_port}"
    handler.stop = server.shutdown
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def slept():
    return []


@pytest.fixture
def checker(slept):
    """It notes how long it would have waited."""
    return links.Checker(sleep=slept.append)

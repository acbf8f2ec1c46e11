"""Whatever a site sends, `check_links` calls it a finding, takes little of it, and goes on."""

import gzip
import socket
import tracemalloc
import zlib
from datetime import timedelta

import brotli
import httpx
import pytest
from django.utils import timezone

from cases.models import LinkCheck
from cases.quality import links, web
from tests import synthetic

MANY = 100_000_000  # bytes that a few kilobytes decode to


def brotli_bomb():
    packer = brotli.Compressor(quality=5)
    block = b"a" * 10_000_000
    return b"".join(packer.process(block) for _ in range(MANY // len(block))) + packer.finish()


def gzip_bomb():
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    block = b"a" * 10_000_000
    return b"".join(packer.compress(block) for _ in range(MANY // len(block))) + packer.flush()


BOMBS = {"br": brotli_bomb, "gzip": gzip_bomb}


@pytest.mark.parametrize("encoding", BOMBS)
def test_bytes_are_counted_as_they_are_decoded(site, checker, encoding):
    body = BOMBS[encoding]()
    assert len(body) < web.LARGEST
    site.pages["/robots.txt"] = (200, {"Content-Encoding": encoding}, body)
    site.pages["/a"] = (200, {"Content-Encoding": encoding}, body)
    tracemalloc.start()
    try:
        outcome = checker.check(f"{site.origin}/a")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (outcome.state, outcome.status) == ("fails", None)
    assert peak < 8 * web.LARGEST


def test_the_body_of_a_page_is_not_read(site, checker):
    site.pages["/a"] = lambda _, method: (
        (405, {}, b"") if method == "HEAD" else (200, {"Content-Encoding": "br"}, b"no brotli")
    )
    assert checker.check(f"{site.origin}/a")[:2] == ("answers", 200)


def test_robots_in_gzip_are_understood(site, checker):
    rules = gzip.compress(b"User-agent: *\nDisallow: /private\n")
    site.pages["/robots.txt"] = (200, {"Content-Encoding": "gzip"}, rules)
    site.pages["/private"] = site.pages["/a"] = (200, {}, b"")
    assert checker.check(f"{site.origin}/private").state == "forbidden"
    assert checker.check(f"{site.origin}/a").state == "answers"


REDIRECTS = {
    "an open bracket": "http://[",
    "no port": "http://a:b/",
    "a port of no computer": "http://127.0.0.1:99999/",
    "an address of five groups": "http://[1:2:3:4:5]/",
    "a tab": "http://a\tb/",
    "letters of latin-1": "http://\xe4\xff/\x80",
    "no address of the web": "data:text/html,x",
    "a name that is too long": f"http://{'a' * 300}.example/",
    "an address that is too long": f"/{'a' * 20_000}",
    "dots alone": "http://../",
    "an encoded null": "http://127.0.0.1:1/%00",
}


@pytest.mark.parametrize("name", REDIRECTS)
@pytest.mark.parametrize("path", ["/a", "/robots.txt"])
def test_a_malformed_redirect_is_a_finding(site, checker, name, path):
    site.pages["/a"] = (200, {}, b"")
    site.pages[path] = (302, {"Location": REDIRECTS[name]}, b"")
    outcome = checker.check(f"{site.origin}/a")
    assert outcome.state in ("fails", "refused", "unreachable", "gone"), outcome
    assert outcome.detail is None or outcome.detail.isprintable()
    assert "cannot be checked" not in (outcome.detail or "")


def raw(answer):
    """A page that is exactly these bytes."""

    def write(handler, _):
        handler.wfile.write(answer)

    return write


ANSWERS = {
    "no status": b"hello\r\n\r\n",
    "a status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "a status of six digits": b"HTTP/1.1 999999 OK\r\n\r\n",
    "a header without a colon": b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
    "a null in a header": b"HTTP/1.1 302 Found\r\nLocation: /a\x00b\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "a broken chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "an unknown charset": b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xff\xfe\r\n\r\nx",
    "an endless header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000,
    "a wait of many digits": b"HTTP/1.1 503 No\r\nRetry-After: " + b"9" * 5_000 + b"\r\n\r\n",
    "a wait of other digits": "HTTP/1.1 503 No\r\nRetry-After: ²\r\n\r\n".encode(),
    "nothing": b"",
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("path", ["/a", "/robots.txt"])
def test_a_malformed_answer_is_a_finding(site, checker, name, path):
    site.pages["/a"] = (200, {}, b"")
    site.pages[path] = raw(ANSWERS[name])
    outcome = checker.check(f"{site.origin}/a")
    assert "cannot be checked" not in (outcome.detail or "")
    assert outcome.detail is None or outcome.detail.isprintable()


def test_an_error_of_our_own_does_not_end_the_run(db, site, checker, monkeypatch):
    monkeypatch.setattr(links, "PAUSE", 0)
    for number in (1, 2, 3):
        site.pages[f"/{number}"] = (200, {}, b"")
        synthetic.source(f"SRC-900{number}", url=f"{site.origin}/{number}")
    asked = links.Checker._answer

    def fails(self, address):
        if address.endswith("/2"):
            raise RuntimeError("\x00 a text that names a person")
        return asked(self, address)

    monkeypatch.setattr(links.Checker, "_answer", fails)
    counts = links.check_all(timezone.now() - timedelta(days=7), checker)
    assert counts == {"answers": 2, "fails": 1}
    found = LinkCheck.objects.get(source="SRC-9002")
    assert found.detail == "it cannot be checked: RuntimeError"


def test_a_redirect_that_is_no_address_does_not_end_the_run(db, site, checker):
    site.pages["/1"] = (302, {"Location": "http://["}, b"")
    site.pages["/2"] = (200, {}, b"")
    for number in (1, 2):
        synthetic.source(f"SRC-900{number}", url=f"{site.origin}/{number}")
    counts = links.check_all(timezone.now() - timedelta(days=7), checker)
    assert counts == {"fails": 1, "answers": 1}
    assert LinkCheck.objects.get(source="SRC-9001").detail == "redirects to what is no address"


def test_all_redirects_together_have_a_limit_of_time(site, checker, monkeypatch):
    monkeypatch.setattr(links, "LONGEST_CHECK", -1)
    assert checker.check(f"{site.origin}/a").detail == "no answer in time"


@pytest.mark.parametrize(
    "address",
    [
        *("fec0::1", "feff::1", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "::", "::1"),
        *("::127.0.0.1", "::8.8.8.8", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:0:8.8.8.8"),
        *("64:ff9b::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "5f00::1", "4000::1"),
        *("2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1"),
        *("2606:4700::1%eth0", "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254"),
        *("127.0.0.1", "127.255.255.254", "169.254.169.254", "172.31.0.1", "192.0.0.1"),
        *("192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "no address", ""),
    ],
)
def test_what_is_not_of_the_public_web_is_not_public(address):
    assert not web.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1", "2a00:1450::1"])
def test_what_is_of_the_public_web_is_public(address):
    assert web.is_public(address)


class Names:
    """A name server that answers each question with the next of its answers, the last for ever."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host, port, *_, **__):
        self.asked += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]


@pytest.fixture
def connections(monkeypatch):
    """Where connections would go; none is made."""
    tried = []

    def connect(address, *_, **__):
        tried.append(address)
        raise OSError("synthetic: nobody is there")

    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


@pytest.fixture
def caller(settings):
    settings.LINKS_MAY_BE_PRIVATE = False
    with web.client() as client:
        yield client


def test_the_address_that_was_checked_is_the_one_that_is_called(caller, connections, monkeypatch):
    """Of a name that is public when it is checked and private when it is called."""
    names = Names(["93.184.216.34"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", names)
    with pytest.raises(httpx.ConnectError):
        caller.get("http://rebinding.example/")
    assert connections == [("93.184.216.34", 80)]
    assert names.asked == 1


def test_a_name_with_one_private_address_is_not_called_at_all(caller, connections, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", Names(["93.184.216.34", "10.0.0.1"]))
    with pytest.raises(httpx.ConnectError, match="no address of the public web"):
        caller.get("http://mixed.example/")
    assert connections == []


def test_the_second_address_is_tried_where_the_first_does_not_answer(
    caller, connections, monkeypatch
):
    found = [f"93.184.216.{number}" for number in range(30)]
    monkeypatch.setattr(socket, "getaddrinfo", Names(found))
    with pytest.raises(httpx.ConnectError):
        caller.get("http://two.example/")
    assert [address for address, _ in connections] == found[: web.MOST_ADDRESSES]

"""Calling addresses that people typed: public ones only, within bounds of time and size."""

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import certifi
import httpcore
import httpx
from django.conf import settings

# Seconds for one answer, however slowly it trickles in; and what of it is taken at most.
LONGEST = 30.0
LARGEST = 512 * 1024
TOO_LARGE = "the answer is too large"
# Of the addresses of one name, such as one of IPv6 and one of IPv4.
MOST_ADDRESSES = 2

# The only part of IPv6 that is given out for the web. All else is refused, also what is not yet
# defined: IPv4 addresses within IPv6 ones, site-local and link-local addresses, NAT64.
_GLOBAL = ipaddress.ip_network("2000::/3")
# Within it: Teredo and 6to4, which contain IPv4 addresses of any kind, and documentation.
_RESERVED = [
    ipaddress.ip_network(net)
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "192.88.99.0/24")
]

Options = Iterable[httpcore.SOCKET_OPTION] | None


class PrivateAddressError(httpcore.ConnectError):
    """The name leads to an address that is not of the public web."""


class TooMuchError(httpcore.ReadError):
    """The answer is larger than we take."""


class UnreadableError(ValueError):
    """The body is not in a form that we read; the message says why."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public web; one that we cannot read does not."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and (found not in _GLOBAL or found.scope_id):
        return False
    reserved = any(found.version == net.version and found in net for net in _RESERVED)
    return found.is_global and not found.is_multicast and not found.is_reserved and not reserved


def text_of(answer: httpx.Response) -> str:
    """A body of at most LARGEST bytes as text.

    The bytes are counted as they are decoded: 152 bytes can decode to 500 MB. httpx would decode a
    block as a whole, so it decodes nothing here. We ask for no encoding; gzip is understood all the
    same, as some servers always send it. UnreadableError for any other, and for a larger body.
    """
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        taken = _taken(answer.iter_raw(), lambda block, _: block)
    elif encoding in ("gzip", "x-gzip"):
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        taken = _taken(answer.iter_raw(), unpacking.decompress)
    else:
        raise UnreadableError("it is compressed in a way that was not asked for")
    return taken.decode("utf-8", "replace")


def _taken(blocks: Iterable[bytes], decoded: Callable[[bytes, int], bytes]) -> bytes:
    taken = bytearray()
    try:
        for block in blocks:
            # One more than fits, as 0 would mean any number to zlib.
            taken += decoded(block, LARGEST - len(taken) + 1)
            if len(taken) > LARGEST:
                raise UnreadableError(TOO_LARGE)
    except zlib.error as error:
        raise UnreadableError("it is no gzip, although it says so") from error
    return bytes(taken)


class Bounded(httpcore.NetworkStream):
    """A connection that ends when its time is over or its answer too large."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline
        self._left = LARGEST

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._within(timeout))
        self._left -= len(data)
        if self._left < 0:
            raise TooMuchError(TOO_LARGE)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._within(timeout))
        return Bounded(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _within(self, timeout: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer takes too long")
        return min(left, timeout or left)


class PublicBackend(httpcore.SyncBackend):
    """Connects to the very address that was looked at, so that no second answer of the name server
    can lead elsewhere. If one of the addresses of a name is private, none of them is called."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options = None,
    ) -> httpcore.NetworkStream:
        deadline = time.monotonic() + LONGEST
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} leads nowhere") from error
        addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
        if not settings.LINKS_MAY_BE_PRIVATE and not all(map(is_public, addresses)):
            raise PrivateAddressError(f"{host} is no address of the public web")
        *others, last = addresses[:MOST_ADDRESSES]
        for address in others:
            try:
                stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return Bounded(stream, deadline)
        stream = super().connect_tcp(last, port, timeout, local_address, socket_options)
        return Bounded(stream, deadline)


def client() -> httpx.Client:
    """Follows no redirect by itself, uses no proxy of the environment, keeps no connection."""
    transport = httpx.HTTPTransport()
    context = ssl.create_default_context(cafile=certifi.where())
    transport._pool = httpcore.ConnectionPool(
        ssl_context=context, max_keepalive_connections=0, network_backend=PublicBackend()
    )
    return httpx.Client(
        transport=transport,
        headers={"User-Agent": settings.LINKS_USER_AGENT, "Accept-Encoding": "identity"},
        timeout=10,
        trust_env=False,
    )

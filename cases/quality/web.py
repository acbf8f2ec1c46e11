"""Calling addresses that people typed: public ones only, within bounds of time and size."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import certifi
import httpcore
import httpx
from django.conf import settings

# Seconds for one answer, however slowly it trickles in; and what of it is taken at most.
LONGEST = 30.0
LARGEST = 512 * 1024

# They carry IPv4 addresses of any kind within.
_CARRIERS = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")]

Options = Iterable[httpcore.SOCKET_OPTION] | None


class PrivateAddressError(httpcore.ConnectError):
    """The name leads to an address that is not of the public web."""


class TooMuchError(httpcore.ReadError):
    """The answer is larger than we take."""


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    carried = any(found.version == net.version and found in net for net in _CARRIERS)
    return found.is_global and not found.is_multicast and not carried


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
            raise TooMuchError("the answer is too large")
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
    can lead elsewhere."""

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
        addresses = [str(place[4][0]) for place in found]
        if not settings.LINKS_MAY_BE_PRIVATE and not all(map(is_public, addresses)):
            raise PrivateAddressError(f"{host} is no address of the public web")
        stream = super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)
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
        headers={"User-Agent": settings.LINKS_USER_AGENT},
        timeout=10,
        trust_env=False,
    )

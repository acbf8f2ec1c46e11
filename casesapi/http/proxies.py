"""The address of the client, the only place that reads it from a request.

Each of our proxies appends the address that called it to X-Forwarded-For. Entries further left
come from the client and prove nothing.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest

# Bits of an IPv6 address that identify one customer of a network; the customer chooses the others.
NETWORK = 64
REMEMBERED = 10_000


def client_network(request: HttpRequest) -> str | None:
    """What identifies the client of a request, see `network`; for django-axes."""
    return network(request.META)


def network(environ: Mapping[str, Any]) -> str | None:
    """An IPv4 address, or the first address of an IPv6 network (/64); None = unknown.

    An entry of X-Forwarded-For that is no address, such as `unknown`, is ignored: then it is the
    address of the proxy.
    """
    if proxies := _proxies():
        forwarded: list[str] = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= proxies and (found := _network(forwarded[-proxies])):
            return found
    return _network(environ.get("REMOTE_ADDR") or "")


@cache  # to read a setting takes 1 to 2 µs
def _proxies() -> int:
    return settings.PROXIES


@receiver(setting_changed)  # by a test
def _forget(setting: str, **_: object) -> None:
    if setting == "PROXIES":
        _proxies.cache_clear()


@lru_cache(REMEMBERED)
def _network(entry: str) -> str | None:
    found = _parsed(entry.strip())
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> (128 - NETWORK) << (128 - NETWORK)))
    return str(found) if found else None


def _parsed(entry: str) -> IPv4Address | IPv6Address | None:
    """An address with or without a port or a zone: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    try:
        return ip_address(entry.partition("%")[0])
    except ValueError:
        return None

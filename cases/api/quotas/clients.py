"""Telling clients apart."""

import hashlib
import hmac
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings

from casesapi import proxies
from casesapi.observed import Environ

# Bits of an IPv6 address that one customer of a network has for himself.
NETWORK = 64
REMEMBERED = 10_000


def of_address(environ: Environ) -> str:
    """The client behind an address, as a name that does not show it: it leaves this process."""
    return _named(proxies.address(environ) or "")


@lru_cache(REMEMBERED)
def _named(address: str) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), _normal(address).encode(), hashlib.sha256)
    return f"address:{digest[:16].hex()}"


def _normal(address: str) -> str:
    """An IPv6 network, an IPv4 address without its port, or as it stands."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        host = address.removeprefix("[").partition("]")[0]
        if host == address:
            host = address.partition(":")[0]
        return _normal(host) if host != address else address[:100]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> (128 - NETWORK) << (128 - NETWORK)))

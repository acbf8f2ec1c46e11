"""Telling clients apart."""

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

from casesapi.http import proxies
from casesapi.http.request_log import Environ

REMEMBERED = 10_000


def of_address(environ: Environ) -> str:
    """The client behind an address, as a name that does not show it: it leaves this process."""
    return _named(proxies.network(environ) or "")


@lru_cache(REMEMBERED)
def _named(network: str) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), network.encode(), hashlib.sha256)
    return f"address:{digest[:16].hex()}"

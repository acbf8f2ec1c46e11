"""Who calls, behind as many proxies as are ours."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the client; null = not known."""
    return address(request.META)


def address(environ: Mapping[str, Any]) -> str | None:
    """The address of the client, out of the environment of a request; null = not known.

    Each of our proxies appends who called it to X-Forwarded-For. What stands further left was sent
    by the client and proves nothing.
    """
    if settings.PROXIES:
        forwarded: list[str] = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= settings.PROXIES and (found := forwarded[-settings.PROXIES].strip()):
            return found
    remote: str | None = environ.get("REMOTE_ADDR")
    return remote or None

"""Who calls, behind as many proxies as are ours."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the client; null = not known.

    Each of our proxies appends who called it to X-Forwarded-For. What stands further left was sent
    by the client and proves nothing.
    """
    if settings.PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if len(forwarded) >= settings.PROXIES and (found := forwarded[-settings.PROXIES].strip()):
            return found
    return request.META.get("REMOTE_ADDR") or None

"""Quotas, in front of Django and of answers out of memory: whoever asks, is counted.

Only what is open to all is counted: the API, charts and feeds.
"""

from collections.abc import Iterable
from typing import Any

import orjson
from django.conf import settings

from cases.api.errors import CONTENT_TYPE, problem
from cases.api.quotas.standing import Meter, Standing
from casesapi import headers
from casesapi.observed import Application, Environ, StartResponse

USAGE = "/api/v1/usage/"
# Where in the environment of a request its view finds how the client stands.
STANDING = "cases.standing"

Headers = list[tuple[str, str]]

# What every answer of the API has; these do not come from Django.
_ALWAYS: Headers = [
    *headers.HEADERS.items(),
    (headers.RESOURCE_POLICY, "cross-origin"),
    ("Content-Type", CONTENT_TYPE),
    ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(settings.CORS_EXPOSE_HEADERS)),
    ("Cache-Control", "no-store"),
]


class Metered:
    """A WSGI application that lets so many requests of a client through to another one."""

    def __init__(self, application: Application, meter: Meter) -> None:
        self._application = application
        self._meter = meter

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(headers.OPEN) or _is_preflight(environ):
            return self._application(environ, start_response)
        looks = path == USAGE
        standing = self._meter.take(environ, 0 if looks else 1)
        if standing.wrong_key or not (standing.taken.allowed or looks):
            return _refuse(standing, environ, start_response)
        environ[STANDING] = standing
        own = "HTTP_AUTHORIZATION" in environ

        def start(status: str, given: Headers, *failure: Any) -> Any:
            told = [*(_own(given) if own else given), *_told(standing)]
            return start_response(status, told, *failure)

        return self._application(environ, start)


def _is_preflight(environ: Environ) -> bool:
    """A browser's question whether a page may ask at all; it comes without the key."""
    asks = "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
    return asks and environ["REQUEST_METHOD"] == "OPTIONS"


def _told(standing: Standing) -> Headers:
    return [("RateLimit-Policy", standing.plan.policy), ("RateLimit", standing.left)]


def _own(given: Headers) -> Headers:
    """The answer to a key is for nobody else: no cache on the way may keep it."""
    return [
        (name, value.replace("public", "private") if name == "Cache-Control" else value)
        for name, value in given
    ]


def _refuse(standing: Standing, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if standing.taken.allowed:
        status, more = "401 Unauthorized", [("WWW-Authenticate", "Api-Key")]
        body = problem(
            401,
            "bad_key",
            "This key is not known, has ended or was revoked. Send a valid one, or none: "
            "nothing here needs a key.",
        )
    else:
        wait = standing.retry_after
        status, more = "429 Too Many Requests", [("Retry-After", str(wait))]
        body = problem(
            429, "quota_exceeded", _explained(standing, wait), violated=standing.violated
        )
    block = orjson.dumps(body)
    more = [*more, ("Content-Length", str(len(block)))]
    start_response(status, [*_ALWAYS, *more, *_told(standing)])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else block]


def _explained(standing: Standing, wait: int) -> str:
    used = " and ".join(
        f"{window.quota:,} a {window.name}"
        for window in standing.plan.windows
        if window.name in standing.violated
    )
    if standing.wrong_key:
        return f"Too many keys that are not valid were sent from here ({used}). Wait {wait} s."
    more = "" if standing.hint else " A key raises it, see /api/v1/docs/."
    return f"The quota of requests is used up ({used}). Wait {wait} s.{more} {USAGE} tells."

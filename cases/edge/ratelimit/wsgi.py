"""Quotas, in front of Django and of answers out of memory: every request counts.

What has to be computed counts once more, behind the answers out of memory: `computing.py`.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings

from cases.api.http.errors import CONTENT_TYPE, Json, problem
from cases.edge.ratelimit.costs import USAGE, Bucket, bucket_of
from cases.edge.ratelimit.limiter import Meter, RateLimitStatus
from cases.edge.ratelimit.refusal_page import PAGES, refusal_page
from casesapi.http import security_headers
from casesapi.http.request_log import Application, Environ, StartResponse
from casesapi.server.wsgi_environ import REFUSAL, Headers, Refusal

# Where in the environment of a request it is found how the client stands.
STANDING = "cases.standing"

# What every error has; these do not come from Django.
_ALWAYS: Headers = [
    *security_headers.HEADERS.items(),
    ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ("Cache-Control", "no-store"),
]
_OPEN_TO_ALL: Headers = [
    (security_headers.RESOURCE_POLICY, "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(settings.CORS_EXPOSE_HEADERS)),
]
_OUR_OWN: Headers = [(security_headers.RESOURCE_POLICY, "same-origin")]


class RateLimiter:
    """A WSGI application that lets so many requests of a client through to another one."""

    def __init__(self, application: Application, meter: Meter) -> None:
        self._application = application
        self._meter = meter

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        bucket = bucket_of(environ)
        if bucket is None:
            return self._application(environ, start_response)
        standing = self._meter.take(environ, bucket=bucket)
        if not standing.taken.allowed:
            return refuse(standing, environ, start_response)
        if environ["PATH_INFO"] == USAGE:
            standing = self._meter.take(environ, 0)
        if standing.wrong_key:
            return refuse(standing, environ, start_response)
        if bucket is Bucket.ASSETS and environ["PATH_INFO"] != USAGE:
            return self._application(environ, start_response)
        environ[STANDING] = standing
        own = "HTTP_AUTHORIZATION" in environ

        def start(status: str, given: Headers, *failure: Any) -> Any:
            # As it is by now: what was computed meanwhile is charged.
            told = [*(_own(given) if own else given), *_told(environ[STANDING])]
            return start_response(status, told, *failure)

        return self._application(environ, start)


def _told(standing: RateLimitStatus) -> Headers:
    return [("RateLimit-Policy", standing.plan.policy), ("RateLimit", standing.left)]


def _own(given: Headers) -> Headers:
    """The answer to a key is for nobody else: no cache on the way may keep it."""
    return [
        (name, value.replace("public", "private") if name == "Cache-Control" else value)
        for name, value in given
    ]


def refuse(
    standing: RateLimitStatus, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """401 for a key that does not count, else 429."""
    if standing.taken.allowed:
        detail = (
            "This key is not known, has ended or was revoked. Send a valid one, or none: "
            "nothing here needs a key."
        )
        body, more = problem(401, "bad_key", detail), [("WWW-Authenticate", "Api-Key")]
    else:
        wait = standing.retry_after
        more = [("Retry-After", str(wait))]
        body = problem(
            429, "quota_exceeded", _explained(standing, wait), violated=standing.violated
        )
    return say(body, [*more, *_told(standing)], environ, start_response)


def refused(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answers with the `Refusal` in the environment: a WSGI application."""
    refusal: Refusal = environ[REFUSAL]
    more = [("Retry-After", str(refusal.retry_after))] if refusal.retry_after else []
    body = problem(refusal.status, refusal.code, refusal.detail)
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        body["violated"] = []  # as where a quota is used up
    return say(body, more, environ, start_response)


def say(
    body: Json, more: Headers, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """An error that Django has no part in. more: headers beside those that every error has."""
    path = environ["PATH_INFO"]
    asks_for_page = not path.startswith(security_headers.OPEN) and "text/html" in environ.get(
        "HTTP_ACCEPT", ""
    )
    page = asks_for_page and body["status"] in PAGES
    block = refusal_page(body["status"], path) if page else orjson.dumps(body)
    open_to_all = [("Content-Type", CONTENT_TYPE), *_OPEN_TO_ALL]
    kind = [("Content-Type", "text/html; charset=utf-8"), *_OUR_OWN] if page else open_to_all
    status = f"{body['status']} {HTTPStatus(body['status']).phrase}"
    start_response(status, [*_ALWAYS, *kind, *more, ("Content-Length", str(len(block)))])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else block]


def _explained(standing: RateLimitStatus, wait: int) -> str:
    used = " and ".join(
        f"{window.quota:,} a {window.name}"
        for window in standing.plan.windows
        if window.name in standing.violated
    )
    if standing.wrong_key:
        return f"Too many keys that are not valid were sent from here ({used}). Wait {wait} s."
    more = "" if standing.hint else " A key raises it, see /api/v1/docs/."
    return f"The quota of requests is used up ({used}). Wait {wait} s.{more} {USAGE} tells."

"""What is observed of every request: an id, a line in the log, and figures for Prometheus.

It stands in front of everything else, so also of answers that do not come from Django.
"""

import logging
import os
import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from time import perf_counter
from typing import Any

from django.urls import Resolver404, resolve
from prometheus_client import Counter

from casesapi.http import logs, metrics
from casesapi.http.metrics import Latencies, Series

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HEADER = "X-Request-ID"
WELL_FORMED = re.compile("[A-Za-z0-9._-]{8,64}")
# Others are all one, for each label makes another series.
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
ROUTES_REMEMBERED = 4_096

REQUESTS = Counter("cases_requests", "Requests answered.", ["method", "route", "status"])
# In seconds. The first are for answers out of memory, the last ones for exports.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LATENCY = Latencies(
    "cases_request_seconds", "Seconds until an answer is ready to be sent.", ["route"],
    buckets=BUCKETS,
)  # fmt: skip

_log = logging.getLogger("cases.requests")


class Observed:
    """A WSGI application that observes another one."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        begun = perf_counter()
        metrics.start()
        request_id = _request_id(environ)
        logs.request_id.set(request_id)
        # Of a request that breaks off here nobody was told more.
        status = "500"

        def start(line: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            nonlocal status
            status = line
            return start_response(line, [*headers, (HEADER, request_id)], *failure)

        try:
            return self._application(environ, start)
        finally:
            _observe(environ, status[:3], perf_counter() - begun)
            # The thread goes on with something else.
            logs.request_id.set("")


def _request_id(environ: Environ) -> str:
    """The one that a proxy gave the request, else a new one."""
    given = environ.get("HTTP_X_REQUEST_ID")
    return given if given and WELL_FORMED.fullmatch(given) else os.urandom(16).hex()


def _observe(environ: Environ, status: str, seconds: float) -> None:
    method, place = environ["REQUEST_METHOD"], route(environ["PATH_INFO"])
    _series(method if method in METHODS else "other", place, status).observe(seconds)
    if _log.isEnabledFor(logging.INFO):
        fields = {
            "method": method,
            # As the program knows it: in what a stranger typed may stand a name.
            "route": place,
            "status": int(status),
            "seconds": round(seconds, 6),
        }
        _log.info("answered", extra={"fields": fields})


@cache  # there are only so many
def _series(method: str, place: str, status: str) -> Series:
    return Series(REQUESTS.labels(method, place, status), LATENCY.labels(place))


@lru_cache(ROUTES_REMEMBERED)
def route(path: str) -> str:
    """The pattern that an address stands under; there are only so many."""
    if path.startswith("/static/"):
        return "/static/"
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return "none"

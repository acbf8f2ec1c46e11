"""What a request costs its client: the one table of kinds and weights.

An answer out of memory costs 1. One that has to be computed costs 1 for each UNIT of work, begun or
whole. Its weight is held while it is computed, so that many at once cannot ask for more than is
left; afterwards the work that was done is charged in place of it.
"""

from collections.abc import Mapping
from enum import StrEnum
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from django.conf import settings

from cases.exporting.formats import FORMATS

# Seconds of work that 1 pays for. 600 a minute are 15 seconds: a quarter of one core.
UNIT = 0.025

DESK, STATIC = "/desk/", "/static/"
LOGIN = "/desk/login/"
USAGE = "/api/v1/usage/"
# Probes and metrics are for those inside: a load balancer must always be answered.
UNCOUNTED = {"/health/live", "/health/ready", "/metrics", "/favicon.ico"}


class Lane(StrEnum):
    """What is computed by the same threads of a process. They are as many as `THREADS` says."""

    QUICK = "quick"  # milliseconds
    COSTLY = "costly"  # up to seconds
    LONG = "long"  # up to minutes


THREADS: dict[str, int] = {
    # While one waits for the database, the other computes: see decision 0027.
    Lane.QUICK: 2,
    Lane.COSTLY: 2,
    # Besides files, two for editors: one publishes and another one goes on.
    Lane.LONG: settings.EXPORTS_AT_ONCE + 2,
}


class Kind(NamedTuple):
    """weight: held until the answer is there."""

    name: str
    weight: int
    lane: Lane


RECORDS = Kind("records", 1, Lane.QUICK)  # a record, a page of a list
PAGE = Kind("page", 4, Lane.COSTLY)  # for people
SEARCH = Kind("search", 4, Lane.COSTLY)
FACETS = Kind("facets", 8, Lane.COSTLY)
CHART = Kind("chart", 8, Lane.COSTLY)
FEED = Kind("feed", 2, Lane.COSTLY)
PASSWORD = Kind("login", 24, Lane.COSTLY)
FILE = Kind("file", 20, Lane.LONG)
EDITING = Kind("desk", 1, Lane.LONG)

KINDS = (RECORDS, PAGE, SEARCH, FACETS, CHART, FEED, PASSWORD, FILE, EDITING)


class Bucket(StrEnum):
    """What is counted apart: neither what a page loads nor an editor in the same office uses up
    the quota of a reader."""

    READING = "reading"
    DESK = "desk"
    ASSETS = "assets"  # files of pages, /usage/, preflights


def kind_of(environ: Mapping[str, Any]) -> Kind:
    """The kind of a request, by its address alone."""
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    if path.startswith(DESK):
        return PASSWORD if path == LOGIN and environ["REQUEST_METHOD"] == "POST" else EDITING
    if path.startswith("/charts/"):
        return CHART
    given = dict(map(_parameter, query.split("&"))) if query else {}
    if given.get("format") in FORMATS:
        return FILE
    if path.endswith("/facets/"):
        return FACETS
    if "q" in given:
        return SEARCH
    if path.startswith("/feeds/"):
        return FEED
    return RECORDS if path.startswith(("/api/", STATIC, "/health/")) or path in UNCOUNTED else PAGE


def lane_of(environ: Mapping[str, Any]) -> Lane:
    return kind_of(environ).lane


def bucket_of(environ: Mapping[str, Any]) -> Bucket | None:
    """Which of a client's windows a request is counted in; None = in none."""
    path = environ["PATH_INFO"]
    if path in UNCOUNTED:
        return None
    if path == USAGE or path.startswith(STATIC) or is_preflight(environ):
        return Bucket.ASSETS
    return Bucket.DESK if path.startswith(DESK) else Bucket.READING


def is_preflight(environ: Mapping[str, Any]) -> bool:
    """A browser's question whether a page may ask at all; it comes without the key."""
    asks = "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
    return asks and environ["REQUEST_METHOD"] == "OPTIONS"


def price(seconds: float) -> int:
    """What so much work costs."""
    return max(1, ceil(seconds / UNIT))


def _parameter(given: str) -> tuple[str, str]:
    name, _, value = given.partition("=")
    return unquote_plus(name), unquote_plus(value)

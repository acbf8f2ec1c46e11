"""What one request may ask for; each limit has an answer of its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import status

from cases.api.http.errors import UnavailableError, parameter_error, problem, response
from cases.api.request import negotiation

# Bytes of an address with its query; what proxies and browsers take as well.
LONGEST_ADDRESS = 8_000
# Values of all parameters together, repeated or divided by commas.
MOST_VALUES = 500
# Seconds to wait for another file. A small one is written by then, and who waits holds a thread.
PATIENCE = 0.25

Answerer = Callable[[HttpRequest], HttpResponseBase]

_exports = BoundedSemaphore(settings.EXPORTS_AT_ONCE)


def within_limits(get_response: Answerer) -> Answerer:
    """Refuses what is too long or too much before anybody reads it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if (length := len(request.get_full_path())) > LONGEST_ADDRESS:
            detail = (
                f"The address has {length:,} bytes, and {LONGEST_ADDRESS:,} are allowed: ask in "
                "several requests."
            )
            body = problem(status.HTTP_414_REQUEST_URI_TOO_LONG, "address_too_long", detail)
            return response(body)
        if len(query) > MOST_VALUES and (values := _values(query)).total() > MOST_VALUES:
            [(name, _)] = values.most_common(1)
            error = parameter_error(
                name,
                None,
                f"The request has {values.total():,} values, most of them here.",
                f"{MOST_VALUES} values of all parameters together",
            )
            detail = "The request has more values than are allowed."
            body = problem(status.HTTP_400_BAD_REQUEST, "too_many_values", detail, errors=[error])
            return response(body)
        return get_response(request)

    return middleware


def _values(query: str) -> Counter[str]:
    """How many values each parameter has."""
    found: Counter[str] = Counter()
    for given in query.split("&"):
        name, _, value = given.partition("=")
        # A comma may be written as %2C.
        found[unquote_plus(name)] += 1 + value.count(",") + value.lower().count("%2c")
    return found


def milliseconds(form: str) -> int:
    """How long each statement may take for an answer in a format."""
    seconds = seconds_together(form)
    return 1_000 * (settings.EXPORT_STATEMENT_SECONDS if seconds is None else seconds)


def seconds_together(form: str) -> int | None:
    """How long all statements may take together; None = no limit: a file is read in many."""
    pages = form in (negotiation.JSON, negotiation.YAML, negotiation.HTML)
    return settings.STATEMENT_SECONDS if pages else None


@contextmanager
def export_slot() -> Iterator[None]:
    """UnavailableError when this process writes as many files as it may already: the threads that
    are left answer everybody else."""
    if not _exports.acquire(timeout=PATIENCE):
        raise UnavailableError(
            "busy", "Other files are being written. Try again in a few seconds.", retry_after=5
        )
    try:
        yield
    finally:
        _exports.release()

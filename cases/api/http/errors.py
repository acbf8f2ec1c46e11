"""Errors as problem details (RFC 9457): each says what is wrong, with which value, and what is
allowed instead."""

import logging
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

import orjson
import psycopg
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework import exceptions, status
from rest_framework.response import Response

from casesapi.databases import router
from casesapi.http import logs
from casesapi.server import spending

CONTENT_TYPE = "application/problem+json"

# Seconds after which a database that was killed has usually come back.
RETRY_AFTER = 5
UNAVAILABLE = "The database does not answer. It is not your request."

FACTS = ("errors", "available")

# PostgreSQL's code of a statement that was cancelled, by its timeout.
CANCELLED = "57014"

_log = logging.getLogger(__name__)

Json = dict[str, Any]


class BadParametersError(exceptions.APIException):
    """400: every parameter that is wrong, at once."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_parameters"

    def __init__(self, errors: list[Json], unlisted: int = 0) -> None:
        """unlisted: mistakes beside these."""
        self.errors = errors
        names = ", ".join(dict.fromkeys(error["param"] for error in errors))
        more = f" {unlisted} more mistakes are not listed." if unlisted else ""
        super().__init__(f"The request has parameters that cannot be used: {names}.{more}")


class WithdrawnError(exceptions.APIException):
    """410: the record was public once and is no longer."""

    status_code = status.HTTP_410_GONE
    default_code = "withdrawn"


class UnavailableError(exceptions.APIException):
    """503: not now. retry_after: seconds."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE

    def __init__(self, code: str, detail: str, retry_after: int) -> None:
        super().__init__(detail, code)
        self.retry_after = retry_after


def parameter_error(
    param: str,
    value: str | None,
    detail: str,
    allowed: Iterable[str] | str | None = None,
    *,
    suggest: bool = True,
) -> Json:
    """One entry of `errors`. allowed: a list of values, or a sentence; null = not applicable.
    suggest: whether to look for values that are spelt alike, which takes milliseconds."""
    if isinstance(allowed, str) or allowed is None:
        return {"param": param, "value": value, "detail": detail, "allowed": allowed}
    choices = sorted(allowed)
    # No code and no name is that long.
    sought = (value or "")[:100]
    close = get_close_matches(sought, choices, n=3, cutoff=0.5) if suggest else []
    if close:
        detail += f" Did you mean {' or '.join(close)}?"
    return {"param": param, "value": value, "detail": detail, "allowed": choices}


def problem(code: int, kind: str, detail: str, **more: Any) -> Json:
    """The body of an error response."""
    request_id = logs.request_id.get()
    return {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "code": kind,
        "detail": detail,
        **({"request_id": request_id} if request_id else {}),
        **more,
    }


def exception_handler(exception: Exception, context: Json) -> Response | None:
    """DRF's hook. Null leaves the exception to `server_error`, which tells nothing internal."""
    if isinstance(exception, Http404):
        exception = exceptions.NotFound(*exception.args)
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    elif isinstance(exception, spending.TooMuchWorkError):
        exception = _too_slow()
    elif isinstance(exception, router.FAILURES):
        exception = _unavailable(exception)
    if not isinstance(exception, exceptions.APIException):
        return None
    if exception.status_code == status.HTTP_304_NOT_MODIFIED:
        return Response(status=exception.status_code)
    # What some of ours know beside the message.
    more = {name: getattr(exception, name) for name in FACTS if hasattr(exception, name)}
    kind = str(exception.get_codes())
    body = problem(exception.status_code, kind, str(exception.detail), **more)
    response = Response(body, exception.status_code, content_type=CONTENT_TYPE)
    for name, value in getattr(exception, "headers", {}).items():
        response[name] = value
    if wait := getattr(exception, "retry_after", None):
        response["Retry-After"] = str(wait)
    return response


def _unavailable(failure: Exception) -> UnavailableError:
    """What a failure of the database is to a client, who learns nothing else of it."""
    cause = failure if isinstance(failure, psycopg.Error) else failure.__cause__
    if getattr(cause, "sqlstate", None) == CANCELLED:
        _log.warning("a statement took too long", exc_info=failure)
        return _too_slow()
    _log.error("the database does not answer", exc_info=failure)
    return UnavailableError("unavailable", UNAVAILABLE, RETRY_AFTER)


def _too_slow() -> UnavailableError:
    return UnavailableError(
        "too_slow",
        "The answer took too long. Ask for less, with more filters or fewer facets.",
        retry_after=30,
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that leads nowhere."""
    detail = f"There is nothing at {request.path}; /api/v1/ lists what there is."
    return response(problem(404, "not_found", detail))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a word about the inside; 503 when it is the database that is gone."""
    if router.is_down(sys.exception()):
        return _without_database(request)
    return response(problem(500, "server_error", "The server failed. It is not your request."))


def _without_database(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith("/desk/"):
        answer = render(request, "cases/desk/unavailable.html", status=503)
    else:
        answer = response(problem(503, "unavailable", UNAVAILABLE))
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for a request that Django refuses, such as one for an unknown host."""
    return response(problem(400, "bad_request", "The request cannot be understood."))


def response(body: Json) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type=CONTENT_TYPE, status=body["status"])

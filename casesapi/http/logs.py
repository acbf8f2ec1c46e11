"""Logs as one JSON object a line.

They hold no personal data: no addresses of clients, no paths and no query strings as they were
typed, in which people are searched for, and of an exception where it arose and not what it said,
which may quote a value.
"""

import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import orjson

# The id of the request that is being answered; "" outside of one.
request_id = ContextVar("request_id", default="")


class JSONFormatter(logging.Formatter):
    """`extra={"fields": {...}}` of a call adds fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := getattr(record, "request", None):
            line |= _of_request(record, request)
        if known := request_id.get():
            line["request_id"] = known
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["exception"] = list(_chain(record.exc_info[1]))
        return orjson.dumps(line, default=str).decode()


def _of_request(record: logging.LogRecord, request: Any) -> dict[str, Any]:
    """What Django says of a request that it refuses or that failed, without its path and without
    the address that it came from: both are in the message, and both may contain names."""
    status = getattr(record, "status_code", 0)
    known = status in HTTPStatus._value2member_map_
    match = getattr(request, "resolver_match", None)
    return {
        "message": HTTPStatus(status).phrase if known else "request refused",
        "route": f"/{match.route}" if match else "none",
        "status": status,
    }


def _chain(error: BaseException | None) -> Any:
    """The exception and those behind it: each with its type, PostgreSQL's code for it and the
    places that it came through, the innermost last."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        about: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
        if code := getattr(error, "sqlstate", None):
            about["sqlstate"] = code
        about["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        yield about
        error = error.__cause__ or error.__context__


def configuration(level: str) -> dict[str, Any]:
    """Of Python's logging: everything to stderr, from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "casesapi.http.logs.JSONFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # A line for each request is written already; this one would be for all that are 4xx.
            "django.request": {"level": "ERROR"},
            # What a stranger claims our name to be is no news.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            # Granian's, which otherwise writes text to stdout.
            "_granian": {"handlers": [], "propagate": True},
        },
    }

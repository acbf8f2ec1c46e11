"""A line of the log says where something went wrong, and nothing of what it was about."""

import json
import logging
import sys

import psycopg

from casesapi.http import logs

CANARY = "Канарейкин"


def written(error=None, **fields):
    """What the formatter makes of one record."""
    failure = None
    if error:
        try:
            try:
                raise ValueError(f"invalid literal: '{CANARY}'")
            except ValueError as cause:
                raise error from cause
        except type(error):
            failure = sys.exc_info()
    record = logging.LogRecord("cases", logging.ERROR, __file__, 1, "it %s", ("failed",), failure)
    record.fields = fields
    return logs.JSONFormatter().format(record)


def test_an_exception_is_told_by_its_type_and_place_and_not_by_its_text():
    line = written(psycopg.errors.InvalidTextRepresentation(f"invalid input: {CANARY}"))
    assert CANARY not in line
    assert "\n" not in line
    outer, cause = json.loads(line)["exception"]
    assert outer["type"] == "psycopg.errors.InvalidTextRepresentation"
    assert outer["sqlstate"] == "22P02"
    assert outer["at"][-1].endswith(" written")
    assert (cause["type"], "sqlstate" in cause) == ("builtins.ValueError", False)


def test_a_line_holds_the_request_it_belongs_to_and_fields_of_its_own():
    token = logs.request_id.set("only-for-tests")
    try:
        line = json.loads(written(status=200))
    finally:
        logs.request_id.reset(token)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "error",
        "logger": "cases",
        "message": "it failed",
        "request_id": "only-for-tests",
        "status": 200,
    }
    assert "request_id" not in json.loads(written())

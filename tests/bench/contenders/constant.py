"""Bytes that never change, from a bare WSGI callable: what the server itself can send."""

import os

BODY = b"x" * int(os.environ.get("BENCH_BYTES", "100"))
HEADERS = [
    ("Content-Type", "application/json"),
    ("Content-Length", str(len(BODY))),
    ("ETag", '"constant"'),
]


def application(environ, start_response):
    if environ.get("HTTP_IF_NONE_MATCH") == '"constant"':
        start_response("304 Not Modified", HEADERS[2:])
        return [b""]
    start_response("200 OK", HEADERS)
    return [BODY]

"""The environment of a WSGI application, made of what Granian says of a request."""

import sys
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from casesapi.http.request_log import Environ

Headers = list[tuple[str, str]]
EncodedHeaders = list[tuple[bytes, bytes]]

# Where in the environment an application finds the `Refusal` to answer with.
REFUSAL = "cases.refusal"
# Where an application has left a cached response to this request, which it answers with.
FOUND = "cases.found"
# Encoded headers that those of the response begin with, from an application that keeps them.
ENCODED = "cases.encoded_headers"

# Only what lies under these addresses reads a body; it may be a workbook.
WITH_BODY = ("/desk/",)
SAFE = ("GET", "HEAD", "OPTIONS")

_ALWAYS: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


class Refusal(NamedTuple):
    """An error that no view has a part in. retry_after: seconds; None = it would be no use."""

    status: int
    code: str
    detail: str
    retry_after: int | None = None


def environment(scope: dict[str, Any]) -> Environ:
    """The environment of a WSGI application, of an ASGI scope.

    Headers with an underscore are dropped: WSGI could not tell X_Forwarded_For, which any client
    may send, from X-Forwarded-For, which our proxy sets.
    """
    path = scope["raw_path"]
    server, client = scope["server"], scope["client"]
    environ = {
        **_ALWAYS,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": server[1],
        "SERVER_PROTOCOL": "HTTP/" + scope["http_version"],
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
    }
    for name, value in scope["headers"]:
        key = _key(name)
        if key is None:
            continue
        if key in environ:
            environ[key] += "; " if key == "HTTP_COOKIE" else ","
            environ[key] += value.decode("latin-1")
        else:
            environ[key] = value.decode("latin-1")
    return environ


def encoded(headers: Headers) -> EncodedHeaders:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


@lru_cache(1_000)
def _key(name: bytes) -> str | None:
    """The name of a header in the environment; None = it is dropped."""
    if b"_" in name:
        return None
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def takes_body(environ: Environ) -> bool:
    """Whether the body of this request may be read; all others are as if they had none."""
    if environ["REQUEST_METHOD"] in SAFE or not environ["PATH_INFO"].startswith(WITH_BODY):
        environ.pop("CONTENT_LENGTH", None)
        return False
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ

"""Byte ranges of files (RFC 9110, section 14), for clients that resume or read parts of a file.

One range is answered with 206. Several at once, a form that is not understood and a range under
`If-Range` with another tag are answered with the whole file, as the RFC allows.
"""

from re import IGNORECASE, fullmatch
from typing import IO, Any, NamedTuple

from django.http import FileResponse
from rest_framework import exceptions, status
from rest_framework.request import Request

# More digits than any file needs; `int` is slow with thousands of them.
_RANGE = (
    r"\s*bytes\s*=\s*"
    r"(?:(?P<first>[0-9]{1,15})-(?P<last>[0-9]{0,15})|-(?P<suffix>[0-9]{1,15}))\s*"
)


class RangeNotSatisfiableError(exceptions.APIException):
    """416: the range begins behind the end of the file. size: bytes of the file."""

    status_code = status.HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE
    default_code = "range_not_satisfiable"

    def __init__(self, size: int) -> None:
        self.headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        super().__init__(f"The range has no byte of the file, which has {size:,} bytes.")


class Range(NamedTuple):
    """Bytes of a file of `size` bytes, both ends included."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Part:
    """The bytes of a range, read from an open file that is closed with it."""

    def __init__(self, file: IO[bytes], part: Range) -> None:
        file.seek(part.first)
        self._file, self._left = file, part.length

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(block)
        return block

    def close(self) -> None:
        self._file.close()


def asked_for(request: Request, tag: str, size: int) -> Range | None:
    """The range to send; None = the whole file. RangeNotSatisfiableError.

    tag: of the bytes that the file has. A date in `If-Range` never holds, as a publication and a
    redaction may follow within its second.
    """
    given = request.headers.get("Range")
    if given is None or request.method != "GET":
        return None
    if (known := request.headers.get("If-Range")) is not None and known.strip() != tag:
        return None
    found = fullmatch(_RANGE, given, IGNORECASE)
    if found is None:
        return None
    if found["suffix"] is not None:
        first, last = max(0, size - int(found["suffix"])), size - 1
    else:
        first, last = int(found["first"]), min(int(found["last"] or size), size - 1)
        if found["last"] and int(found["last"]) < first:
            return None
    if first >= size:
        raise RangeNotSatisfiableError(size)
    return Range(first, last, size)


def send(response: FileResponse, part: Range) -> None:
    """Lets the response of a whole file send a part of it."""
    response.status_code = status.HTTP_206_PARTIAL_CONTENT
    response["Content-Range"] = f"bytes {part.first}-{part.last}/{part.size}"
    response["Content-Length"] = str(part.length)


def content(file: IO[bytes], part: Range | None) -> Any:
    return file if part is None else Part(file, part)

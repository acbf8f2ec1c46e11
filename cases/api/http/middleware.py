"""Headers that need the finished answer."""

import base64
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Answerer = Callable[[HttpRequest], HttpResponseBase]


def digest_header(digest: bytes) -> str:
    """A SHA-256 as RFC 9530 writes it."""
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def repr_digest(get_response: Answerer) -> Answerer:
    """Adds `Repr-Digest` (RFC 9530): SHA-256 of the answer, after compression if there is any.

    It is of what is sent now, and stored nowhere; a digest of the ledger has a salt."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and response.status_code == 200:
            response["Repr-Digest"] = digest_header(hashlib.sha256(response.content).digest())
        elif response.status_code == 304:
            # It would say that the answer itself is empty (RFC 9110, 8.6).
            del response["Content-Length"]
            # What may be done with the address, the client was told with the answer.
            del response["Allow"]
        return response

    return middleware


def unencoded_digest(get_response: Answerer) -> Answerer:
    """Adds `Unencoded-Digest`: SHA-256 of the answer without compression, as clients have it whose
    library decompresses by itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and response.status_code == 200:
            digest = hashlib.sha256(response.content).digest()
            response["Unencoded-Digest"] = digest_header(digest)
        return response

    return middleware

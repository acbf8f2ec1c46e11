"""Compression of answers, as the client accepts it."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_http_compression.middleware import HttpCompressionMiddleware


class CompressionMiddleware(HttpCompressionMiddleware):
    """zstd, brotli or gzip. Files compress themselves, see `cases.api.exports.response`."""

    content_type_re = re.compile(
        r"application/([a-z.]+\+)?(json|xml)|application/x-ndjson|image/svg\+xml|text/"
    )
    # Random padding protects secrets, and all that we send is public.
    max_random_bytes = 0

    def maybe_compress(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().maybe_compress(request, response)
        if self.content_type_re.match(response.headers.get("Content-Type", "")):
            # Also of an answer that is not compressed: a cache must not give it to everybody.
            patch_vary_headers(response, ["Accept-Encoding"])

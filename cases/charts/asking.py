"""Questions to the API, answered in this process by the very views that serve it, so that the
numbers of a picture are the numbers of the API."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseRedirectBase
from django.urls import resolve
from django.utils import translation
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from cases.api.http.errors import BadParametersError, UnavailableError
from cases.publishing.serializers.fields import API

Json = dict[str, Any]
Query = Mapping[str, str | Sequence[str]]

# What an address is made of.
ORIGIN = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme")


class MovedError(Exception):
    """The record was merged into another. address: where that one is, relative to the record."""

    def __init__(self, address: str) -> None:
        self.address = address


class Asker:
    """Asks about one publication, in the name of a request."""

    def __init__(self, request: Request, publication: int) -> None:
        self._meta = {name: request.META[name] for name in ORIGIN if name in request.META}
        self._publication = publication

    def __call__(self, path: str, query: Query) -> Json:
        """The answer of `/api/v1/<path>`. BadParametersError, MovedError, or the API's own error
        as an APIException."""
        given = QueryDict(mutable=True)
        for name, value in query.items():
            given.setlist(name, [value] if isinstance(value, str) else list(value))
        # Nothing was published yet: then there is no publication to ask for.
        if self._publication:
            given["as_of"] = str(self._publication)
        request = HttpRequest()
        request.method = "GET"
        request.path = request.path_info = f"{API}/{path}"
        request.META = self._meta | {"QUERY_STRING": given.urlencode()}
        request.GET = given  # type: ignore[assignment]
        match = resolve(request.path)
        # What the API says does not depend on the language of the picture.
        with translation.override("en"):
            response = match.func(request, *match.args, **match.kwargs)
        if isinstance(response, HttpResponseRedirectBase):
            raise MovedError(response.url)
        if response.status_code != 200:
            raise _error(response)
        data = response.data
        answer: Json = data if isinstance(data, dict) else orjson.loads(data)
        return answer


def _error(response: Any) -> APIException:
    body = response.data
    if "errors" in body:
        return BadParametersError(body["errors"])
    if wait := response.headers.get("Retry-After"):
        return UnavailableError(body["code"], body["detail"], retry_after=int(wait))
    error = APIException(body["detail"], body["code"])
    error.status_code = response.status_code
    return error

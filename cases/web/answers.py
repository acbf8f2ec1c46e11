"""What the API answers, asked in process: whatever a page shows is the API's at the same address.

All questions of one page are asked at one publication, so that no page mixes two states.
"""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import orjson
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.urls import resolve
from django.utils import translation
from django.utils.functional import cached_property

from cases.api.views.records import RecordDetail
from cases.edge.cache.wsgi import READ_AT
from cases.publishing.serializers.fields import API

Json = dict[str, Any]

# Of the reader's request, what would make the answer another one than anybody gets.
OWN = (
    READ_AT,
    "HTTP_IF_",
    "HTTP_ACCEPT",
    "HTTP_COOKIE",
    "HTTP_AUTHORIZATION",
    "HTTP_RANGE",
    "CONTENT_",
)


class ProblemError(Exception):
    """The API refused. problem: its body, by RFC 9457."""

    def __init__(self, problem: Json) -> None:
        super().__init__(problem["detail"])
        self.problem = problem
        self.status: int = problem["status"]


class MovedError(Exception):
    """The record was merged. location: where it is now, relative to where it was."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class Answers:
    """Asks for one page. as_of: what the reader wants to see, by `?as_of=`; null = the newest."""

    def __init__(self, request: HttpRequest, as_of: str | None = None) -> None:
        self._request = request
        self._as_of = as_of
        self.tag = ""
        self.modified: str | None = None
        # The last operation on records of a past state, with its publication, by address.
        self.superseded: dict[str, tuple[str, str]] = {}

    @cached_property
    def dataset(self) -> Json:
        """The answer of `/api/v1/`: the state that everything else is asked at."""
        return self._ask("", {"as_of": self._as_of} if self._as_of is not None else {})

    def get(self, path: str, query: Json | None = None) -> Json:
        """The answer at a path below `/api/v1/`. query: values, or lists of them."""
        pinned = {"as_of": self.dataset["publication"]}
        return self._ask(path, (query or {}) | pinned)

    def record(self, path: str) -> Json:
        """The record at `<list>/<id>/`. ProblemError (404) for other answers of the API, such as
        `statistics/coverage/`, whose address looks like that of a record."""
        view = getattr(resolve(f"{API}/{path}").func, "view_class", None)
        if view is None or not issubclass(view, RecordDetail):
            detail = f"There is no record at {API}/{path}."
            raise ProblemError({"status": 404, "title": "Not found", "detail": detail})
        return self.get(path)

    def at(self, path: str, publication: int) -> Json:
        """The answer as of an earlier publication, for comparing."""
        return self._ask(path, {"as_of": publication})

    def _ask(self, path: str, query: Json) -> Json:
        address = f"{API}/{path}"
        view, args, named = resolve(address)
        inner = self._inner(address, urlencode(query, doseq=True))
        # What the API says does not depend on the language of the page.
        with translation.override("en"):
            response = view(inner, *args, **named)
            if hasattr(response, "render"):
                response.render()
        # Under which head a page may be kept; that of the first answer is the oldest.
        self._request.META.setdefault(READ_AT, inner.META.get(READ_AT))
        if response.status_code in (301, 308):
            raise MovedError(response["Location"])
        body: Json = orjson.loads(response.content)
        if response.status_code != 200:
            raise ProblemError(body)
        superseded = response.headers.get("Superseded")
        # Not of an even earlier version, which is asked for to compare.
        if superseded and query.get("as_of") == self.dataset["publication"]:
            operation, _, publication = superseded.partition(";publication=")
            self.superseded[address] = operation, publication
        self.tag = self.tag or response["ETag"]
        self.modified = self.modified or response.headers.get("Last-Modified")
        return body

    def _inner(self, address: str, query: str) -> WSGIRequest:
        meta = self._request.META.items()
        asked = {name: value for name, value in meta if not name.startswith(OWN)}
        own = {"PATH_INFO": address, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
        return WSGIRequest(asked | own | {"wsgi.input": BytesIO()})

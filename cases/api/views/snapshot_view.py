"""What all views share: one state of the dataset, strict parameters, and the headers of HTTP."""

import hashlib
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from cases.api.http import limits
from cases.api.http.code_version import CODE_VERSION
from cases.api.http.etags import coded, tags
from cases.api.http.query_strings import canonical
from cases.api.request import negotiation, parameter_docs, snapshots
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters
from cases.api.schemas.openapi import Schema
from cases.edge.cache.wsgi import READ_AT
from cases.edge.latest import LatestPublication
from casesapi.databases import router
from casesapi.databases.replicas import standing
from casesapi.server import spending

# Short, also for pinned addresses: what is redacted must be gone from caches within a minute, and
# before it comes to them, an answer may be as old as the lease of the head.
CACHE_CONTROL = "public, max-age=30, stale-while-revalidate=20"


class NotModifiedError(exceptions.APIException):
    """304: the client has this very answer."""

    status_code = status.HTTP_304_NOT_MODIFIED
    default_code = "not_modified"


class AnotherDatabaseError(Exception):
    """The request cannot be answered from this database, and perhaps from another."""


class SnapshotView(APIView):
    """A view of one state of the dataset, `as_of` or the newest.

    The publication is the validator of every answer, together with the newest redaction: nothing
    else can change what an address returns.
    """

    http_method_names = ["get", "head", "options"]
    schema = Schema()

    # Shape of the answer, and statuses beside those that every view answers with.
    answer: type[Serializer] = Serializer
    statuses: tuple[HTTPStatus, ...] = ()
    # Whether the answer is read from a publication, which then validates it.
    dated = True

    # Whether a failure of the database is not the last word.
    another_may_answer = False

    parameters: Parameters
    snapshot: snapshots.Snapshot
    format = negotiation.JSON

    @property
    def formats(self) -> list[str]:
        return [negotiation.JSON]

    def describe(self) -> dict[str, Described]:
        """Every query parameter, with its description and its type or what is allowed."""
        as_of = "Answers from the state at this publication, date or time."
        return {
            "as_of": parameter_docs.moment(as_of, self.snapshot.head),
            "format": parameter_docs.choice("Format of the answer.", self.formats, self.formats[0]),
        }

    def names(self) -> set[str]:
        return {"as_of", "format"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answers from one database; when that one fails, all over again from the next."""
        untouched = self.__dict__.copy()
        databases = standing.databases()
        for database in databases:
            try:
                with router.use_public_database(database), spending.own_limit():
                    self.another_may_answer = True
                    return super().dispatch(request, *args, **kwargs)
            except AnotherDatabaseError:
                self.__dict__.clear()
                self.__dict__.update(untouched)
        # The last one again: only a connection to it may have died since it was used.
        with router.use_public_database(databases[-1]), spending.own_limit():
            return super().dispatch(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, AnotherDatabaseError):
            raise exc
        if self.another_may_answer and router.another_may_answer(exc):
            standing.lose(router.alias())
            raise AnotherDatabaseError from exc
        return super().handle_exception(exc)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.parameters = Parameters(request.query_params)
        known = self.names()
        self.parameters.refuse_unknown(known)
        self.snapshot = snapshots.read(self.parameters)
        if not standing.reached(router.alias(), self.snapshot.head):
            # The head has moved since this replica was chosen.
            raise AnotherDatabaseError
        request.META[READ_AT] = LatestPublication(self.snapshot.head, self.snapshot.head_digest)
        # An address that names its own format leaves nothing to choose.
        if "format" in known:
            self.format = negotiation.chosen(request, self.parameters, self.formats)
        router.limit(router.connection(), limits.milliseconds(self.format))
        if (together := limits.seconds_together(self.format)) is not None:
            spending.limit_statements(together)
        # Before any other query: the client was given this tag with the answer it still holds.
        if not self.parameters.errors and self._etag in tags(
            request.headers.get("If-None-Match", "")
        ):
            raise NotModifiedError

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code not in (200, 206, 304) or request.method == "OPTIONS":
            return response
        response["Cache-Control"] = CACHE_CONTROL
        response["ETag"] = coded(self._etag, response.headers.get("Content-Encoding"))
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        if self.snapshot.modified_at is not None:
            modified = int(self.snapshot.modified_at.timestamp())
            response["Last-Modified"] = http_date(modified)
            answer = get_conditional_response(request, response["ETag"], modified, response)
            if answer is not response:
                # It may be a file that was begun. `close` would end the request, too.
                for close in response._resource_closers:
                    close()
            response = answer
        response["Dataset-Publication"] = str(self.snapshot.publication)
        if self.snapshot.publication < self.snapshot.head:
            self._mark_as_past(response)
        return response

    def superseded(self) -> tuple[str, str] | None:
        """What happened since to the record of an answer from a past state: the value of
        `Superseded` and the address of the record now; None = nothing, or it is no record."""
        return None

    def _mark_as_past(self, response: Any) -> None:
        """Headers that say that the answer is from a past state; its body never changes."""
        latest = self.request.build_absolute_uri(self.request.path)
        given = self.request.query_params.lists()
        query = [(name, value) for name, values in given for value in values if name != "as_of"]
        if superseded := self.superseded():
            response["Superseded"], latest = superseded
        if response.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            latest += f"?{urlencode(query)}" if query else ""
            link = f'<{latest}>; rel="latest-version"'
            response["Link"] = ", ".join(filter(None, [response.headers.get("Link"), link]))
        # What was corrected or withdrawn must not be found in its former state.
        response["X-Robots-Tag"] = "noindex"

    @cached_property
    def _etag(self) -> str:
        request = self.request
        place = request.build_absolute_uri(request.path)
        query = canonical(request.META.get("QUERY_STRING", ""))
        said = [CODE_VERSION, self.snapshot.key, place, query, self.format]
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:20]
        return f'"{self.snapshot.publication}.{digest}"'

"""The views: rows, filters, shape. All read the ledger and the read model, nothing else."""

from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponsePermanentRedirect
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.exports import response
from cases.api.http.errors import WithdrawnError
from cases.api.queries.fetch import Body, fetch, fetch_body
from cases.api.queries.pagination import KeysetPagination, address, ordered
from cases.api.queries.totals import totals
from cases.api.request import negotiation, sparse_fields
from cases.api.request.filter_types import RecordFilterSet, StrictFilterBackend
from cases.api.request.ordering import orderings
from cases.api.request.parameter_docs import Described
from cases.api.request.sparse_fields import Selection
from cases.api.schemas import lists
from cases.api.schemas.lists import row_of
from cases.api.views.snapshot_view import SnapshotView
from cases.exporting.codebook import codebook
from cases.exporting.columns import Table
from cases.exporting.formats import FORMATS
from cases.exporting.tables import TABLES
from cases.models import Entry, published
from cases.publishing.serializers.fields import API
from cases.vocabulary import Operation, RecordKind

LICENCE = {
    "data": dict(zip(("name", "url"), response.LICENCE, strict=True)),
    "code": {"name": "MIT", "url": "https://opensource.org/license/mit"},
}

RECORDS: dict[str, RecordKind] = {
    "cases": RecordKind.CASE,
    "defendants": RecordKind.DEFENDANT,
    "verdicts": RecordKind.VERDICT,
    "sources": RecordKind.SOURCE,
    "statistics": RecordKind.STATISTIC,
}
REFERENCE: dict[str, RecordKind] = {
    "regions": RecordKind.REGION,
    "courts": RecordKind.COURT,
    "formations": RecordKind.FORMATION,
    "articles": RecordKind.ARTICLE,
    "publishers": RecordKind.PUBLISHER,
}

OTHERS = ("codebook", "changes", "publications", "usage", "schema", "docs", "redoc")


class ApiRoot(SnapshotView):
    """The dataset: what it is, its state, its size and where everything is."""

    answer = lists.Dataset

    def get(self, request: Request) -> Response:
        self.parameters.done()
        at = self.snapshot
        counts = totals(at)
        return Response(
            {
                "title": "Cases API",
                "description": (
                    "Criminal cases against citizens of Central Asian countries who were "
                    "recruited to fight for Russia in Ukraine, every value with its sources."
                ),
                "licence": LICENCE,
                "citation": response.citation(request, at),
                "publication": at.publication,
                "published_at": at.published_at,
                "digest": at.digest or None,
                "counts": {name: counts[kind] for name, kind in (RECORDS | REFERENCE).items()},
                "links": {
                    name: request.build_absolute_uri(f"{API}/{name}/")
                    for name in (*RECORDS, *REFERENCE, *OTHERS)
                },
            }
        )


class FileView(SnapshotView):
    """A list that can be had whole, as a file."""

    record = RecordKind.CASE  # given by the address
    statuses = (HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,)

    @property
    def table(self) -> Table | None:
        """What the files hold; null = there are none."""
        return TABLES[self.record]

    @property
    def formats(self) -> list[str]:
        return negotiation.of_table(self.table) if self.table else [negotiation.JSON]

    @property
    def default_response_headers(self) -> dict[str, str]:
        return super().default_response_headers | {"Vary": "Accept"}

    def names(self) -> set[str]:
        return super().names() | response.names(self.table)

    def describe(self) -> dict[str, Described]:
        return super().describe() | response.describe(self.table)

    def file(self, rows: QuerySet[Any], parts: Selection | None) -> FileResponse:
        form, table = FORMATS[self.format], TABLES[self.record]
        found = response.Documents(rows)
        return response.answer(
            self.request, self.parameters, self.snapshot, table, form, found, parts, self._etag
        )


class RecordList(FileView, GenericAPIView):
    """A list of records: filtered, ordered, paged, all at one publication."""

    filter_backends = [StrictFilterBackend]
    pagination_class = KeysetPagination

    # These and `answer` are given by the address.
    record = RecordKind.CASE
    filterset_class = RecordFilterSet

    def get(self, request: Request) -> Response | FileResponse:
        rows = self.filter_queryset(self.get_queryset())
        parts = sparse_fields.selection(row_of(self.answer), self.parameters)
        if self.format != negotiation.JSON:
            return self.file(ordered(rows, self.filterset_class, self.parameters), parts)
        response.refuse_options(self.table, self.parameters)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([parts.of(body) for body in page] if parts else page)

    def get_queryset(self) -> QuerySet[Any]:
        return records(self.record, self.snapshot.publication)

    def names(self) -> set[str]:
        paging = {"ordering", "page_size", "cursor", "count"}
        return super().names() | sparse_fields.NAMES | paging | self.filterset_class.names()

    def describe(self) -> dict[str, Described]:
        filters = self.filterset_class
        return (
            super().describe()
            | filters.describe(self.snapshot)
            | KeysetPagination.describe(orderings(filters), filters.default_ordering)
            | sparse_fields.describe(row_of(self.answer))
        )

    def get_view_name(self) -> str:
        return f"{self.record.label.capitalize()} list"


class RecordDetail(SnapshotView):
    """One record as it stands at one publication."""

    # These and `answer` are given by the address.
    record = RecordKind.CASE
    example = ""
    statuses = (HTTPStatus.PERMANENT_REDIRECT, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

    def names(self) -> set[str]:
        return super().names() | sparse_fields.NAMES

    def describe(self) -> dict[str, Described]:
        return super().describe() | sparse_fields.describe(self.answer)

    def get(self, request: Request, public_id: str) -> Response | HttpResponsePermanentRedirect:
        parts = sparse_fields.selection(self.answer, self.parameters)
        self.parameters.done()
        body = fetch_body(self.record, public_id, self.snapshot.publication)
        if body is None:
            return self._absent(public_id)
        return Response(parts.of(body) if parts else body)

    def superseded(self) -> tuple[str, str] | None:
        """The last operation since that changed a fact. One query."""
        public_id = self.kwargs["public_id"]
        entries = Entry.objects.filter(
            record=self.record,
            public_id=public_id,
            publication__gt=self.snapshot.publication,
            significant=True,
        )
        last = entries.order_by("publication").last()
        if last is None:
            return None
        ending = entries.filter(operation__in=[Operation.WITHDRAW, Operation.MERGE])
        if last.operation == Operation.REDACT and (ended := ending.order_by("publication").last()):
            # A redaction of a record that was withdrawn leaves it withdrawn.
            last = ended
        said = f"{last.operation};publication={last.publication_id}"
        place = self.request.path
        if last.into:
            place = f"{place.removesuffix(f'{public_id}/')}{last.into}/"
        return said, self.request.build_absolute_uri(place)

    def _absent(self, public_id: str) -> HttpResponsePermanentRedirect:
        """Why a record is not there: merged, withdrawn, or never published by then."""
        entries = Entry.objects.filter(
            record=self.record, public_id=public_id, publication__lte=self.snapshot.publication
        )
        # A redaction of a record that was withdrawn leaves it withdrawn.
        last = entries.exclude(operation=Operation.REDACT).order_by("publication").last()
        if last is None:
            raise exceptions.NotFound(
                f"No {self.record.label} {public_id} is published as of publication "
                f"{self.snapshot.publication}; ids are like {self.example}."
            )
        if last.operation == Operation.MERGE:
            query = self.request.META.get("QUERY_STRING")
            target = f"../{last.into}/" + (f"?{query}" if query else "")
            return HttpResponsePermanentRedirect(target, preserve_request=True)
        reason = last.note or "no reason was given"
        raise WithdrawnError(
            f"{public_id} was withdrawn with publication {last.publication_id}: {reason}"
        )

    def get_view_name(self) -> str:
        return self.record.label.capitalize()


class ReferenceList(FileView):
    """A whole reference table; small, so not paged."""

    record = RecordKind.REGION  # this and `answer` are given by the address

    def names(self) -> set[str]:
        return super().names() | sparse_fields.NAMES

    def describe(self) -> dict[str, Described]:
        return super().describe() | sparse_fields.describe(row_of(self.answer))

    def get(self, request: Request) -> Response | FileResponse:
        at = self.snapshot.publication
        rows = published(self.record).as_of(at).order_by("public_id")
        parts = sparse_fields.selection(row_of(self.answer), self.parameters)
        if self.format != negotiation.JSON:
            return self.file(rows, parts)
        response.refuse_options(self.table, self.parameters)
        self.parameters.done()
        bodies = [body for (body,) in fetch(*rows.values_list(Body()).query.sql_with_params())]
        if parts:
            bodies = [parts.of(body) for body in bodies]
        permalink = address(request, at, {})
        head = {"count": len(bodies), "publication": at, "permalink": permalink}
        results = b'"results":[' + b",".join(bodies) + b"]}"
        return Response(orjson.dumps(head)[:-1] + b"," + results)

    def get_view_name(self) -> str:
        return f"{self.record.label.capitalize()} list"


class Codebook(SnapshotView):
    """What every column of the files means. It belongs to the program, not to a publication."""

    answer = lists.Codebook

    def get(self, request: Request) -> Response:
        self.parameters.done()
        return Response(codebook())

    def names(self) -> set[str]:
        return {"format"}

    def describe(self) -> dict[str, Described]:
        return {"format": super().describe()["format"]}


@lru_cache(maxsize=64)
def _records(record: RecordKind, publication: int) -> QuerySet[Any]:
    return published(record).as_of(publication)


def records(record: RecordKind, publication: int) -> QuerySet[Any]:
    """The records of a kind at a publication; the query is put together once."""
    return _records(record, publication).all()

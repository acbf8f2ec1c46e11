"""Answers that hold a whole selection, as a file in one of many formats.

A file is written to disk before its first byte is sent, for three reasons. The server ends a
chunked answer that fails on the way as if it were complete, so only a `Content-Length` shows a
client that something is missing; whatever goes wrong while records are read is an error and no
half file; and the database is done with when a slow client has hardly begun.
"""

import hashlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import IO, Any, Protocol

import orjson
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.cache import patch_vary_headers
from django_http_compression import middleware as compression
from rest_framework.request import Request

from cases.api.exports.files import FullDiskError, finished
from cases.api.http import limits, ranges
from cases.api.http.errors import BadParametersError, UnavailableError, parameter_error
from cases.api.http.etags import coded
from cases.api.http.middleware import digest_header
from cases.api.queries.fetch import fetch_all
from cases.api.queries.pagination import VIEW_ONLY, address
from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters
from cases.api.request.snapshots import Snapshot
from cases.api.request.sparse_fields import Selection
from cases.edge.latest import LatestPublication
from cases.exporting.columns import Table
from cases.exporting.export import PROVENANCE, PUBLISHER, TITLE, About, Export, UnfitError
from cases.exporting.export import citation as cited
from cases.exporting.formats import CSV, FORMATS, GEOJSON, Format
from cases.models import Entry, published
from cases.publishing.serializers.fields import API
from cases.vocabulary import Operation, RecordKind

LICENCE = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"

PAGING = ("page_size", "cursor", "count")
# Parameters of the form of a file, which select nothing.
FILE_ONLY = {"bom", "delimiter", "provenance"}
# 1 and 0 too, as other open data sites have it.
BOM = {"true": True, "false": False, "1": True, "0": False}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}

FULL_DISK = "The server has no room for this file at the moment. Pages of JSON need none."

# Bytes that are handed to the server at a time.
BLOCK = 1 << 16

COMPRESSORS: dict[str, Callable[[Any], Iterable[bytes]]] = {
    "zstd": compression.zstd_compress_sequence,
    "br": compression.brotli_compress_sequence,
    "gzip": compression.gzip_compress_sequence,
}


class Answer(FileResponse):
    block_size = BLOCK


def describe(table: Table | None) -> dict[str, Described]:
    """The parameters that only exports of a table have; null = nothing is exported."""
    bom = "true begins a CSV file with a byte order mark, which Excel needs to see UTF-8."
    delimiter = (
        "Divides the cells of a CSV file. Excel expects a semicolon where the comma is the decimal "
        "sign."
    )
    provenance = (
        "inline puts after each column of a fact one with the ids of its sources, footnote one "
        "with publisher, title, day, address and place; not in ndjson."
    )
    options = {
        "bom": parameter_docs.choice(bom, list(BOM)),
        "delimiter": parameter_docs.choice(delimiter, list(DELIMITERS)),
        "provenance": parameter_docs.choice(provenance, list(PROVENANCE)),
    }
    return {name: about for name, about in options.items() if name in names(table)}


def names(table: Table | None) -> set[str]:
    if table is None:
        return set()
    of_csv = {"bom", "delimiter"}
    return of_csv | {"provenance"} if table.cited else of_csv


def refuse_options(table: Table | None, parameters: Parameters) -> None:
    """Notes each parameter that a page of JSON does not have."""
    for name in sorted(names(table)):
        if name in parameters:
            detail = "Only files have it, and JSON comes in pages."
            parameters.wrong(name, parameters.one(name) or "", detail, "format=csv or another")


class Rows(Protocol):
    """What a file is made of."""

    def count(self) -> int:
        """How many there are."""

    def bodies(self) -> Generator[bytes]:
        """A JSON document for each, in constant memory."""


@dataclass(frozen=True)
class Documents:
    """Published documents in the order of a query."""

    rows: QuerySet[Any]

    def count(self) -> int:
        return self.rows.count()

    def bodies(self) -> Generator[bytes]:
        return fetch_all(self.rows)


def answer(
    request: Request,
    parameters: Parameters,
    snapshot: Snapshot,
    table: Table,
    form: Format,
    rows: Rows,
    parts: Selection | None,
    tag: str,
) -> FileResponse:
    """The rows, in their order, as a file. parts: of their documents, and so the columns; null =
    all. tag: tells what is asked for from all else, at any state. BadParametersError, also where
    the rows do not fit in it."""
    for name in PAGING:
        if name in parameters:
            detail = "A file holds the whole selection; it has no pages."
            given = parameters.one(name) or ""
            parameters.wrong(name, given, detail, "leave it out, or ask for format=json")
    bom = parameters.choice("bom", list(BOM))
    delimiter = parameters.choice("delimiter", list(DELIMITERS))
    if bom and form is not CSV:
        parameters.wrong("bom", bom, "Only CSV has a byte order mark.", "format=csv")
    if delimiter and form is not CSV:
        parameters.wrong("delimiter", delimiter, "Only CSV has delimiters.", "format=csv")
    provenance = parameters.choice("provenance", list(PROVENANCE))
    if provenance and not form.flat:
        detail = "The documents carry their citations."
        parameters.wrong("provenance", provenance, detail, "leave it out")
    parameters.done()

    if parts:
        table = replace(
            table, columns=tuple(column for column in table.columns if parts.holds(column.keys))
        )
    export = Export(
        table=table,
        about=_about(request, parameters, snapshot, form),
        bodies=[],
        provenance=provenance,
        bom=BOM.get(bom or "false", False),
        delimiter=DELIMITERS.get(delimiter or "comma", ","),
    )
    coding = "identity"
    if not form.packed:
        coding = compression.best_coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    head = LatestPublication(snapshot.head, snapshot.head_digest)
    key = hashlib.sha256(f"{tag} {coding}".encode()).hexdigest()
    try:
        made = finished.kept(head, key)
        if made is None:
            # Who waits for another one's file takes up a thread as well.
            with limits.export_slot():
                made = finished.get(
                    head, key, lambda file: _write(file, export, form, rows, parts, coding)
                )
            if _redacted_since(snapshot):
                made.file.close()
                raise UnavailableError(
                    "redacted",
                    "A person was redacted while the file was written. Ask again.",
                    retry_after=1,
                )
    except UnfitError as error:
        raise _unfit(form, str(error)) from error
    except FullDiskError as error:
        raise UnavailableError("disk_full", FULL_DISK, retry_after=60) from error
    try:
        part = ranges.asked_for(request, coded(tag, coding), os.fstat(made.file.fileno()).st_size)
    except ranges.RangeNotSatisfiableError:
        made.file.close()
        raise
    response = Answer(
        ranges.content(made.file, part),
        as_attachment=True,
        filename=f"{table.name}-p{snapshot.publication}.{form.name}",
        content_type=form.content_type,
    )
    response["Accept-Ranges"] = "bytes"
    if part:
        ranges.send(response, part)
    response["Dataset-Publication"] = str(snapshot.publication)
    response["Dataset-Count"] = str(made.records)
    response["Repr-Digest"] = digest_header(made.digest)
    response["Unencoded-Digest"] = digest_header(made.unencoded)
    response["Link"] = (
        f'<{export.about.permalink}>; rel="bookmark", '
        f'<{export.about.permalink}>; rel="cite-as", <{LICENCE[1]}>; rel="license", '
        f'<{export.about.codebook}>; rel="describedby"'
    )
    if coding != "identity":
        response["Content-Encoding"] = coding
    if not form.packed:
        patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _write(
    file: IO[bytes],
    export: Export,
    form: Format,
    rows: Rows,
    parts: Selection | None,
    coding: str,
) -> tuple[int, bytes, bytes]:
    """Writes the file; its number of records, its SHA-256, and that of it before compression."""
    if form.max_rows and rows.count() > form.max_rows:
        raise UnfitError(f"An Excel sheet holds no more than {form.max_rows:,} records.")
    if form is GEOJSON:
        export.centroids = centroids(export.about.publication)
    digest, unencoded = hashlib.sha256(), hashlib.sha256()
    # It may have been begun before, on a full disk.
    export.count = 0
    # Closed at once when the writing fails: it holds the connection until all was read.
    with closing(rows.bodies()) as bodies:
        export.bodies = map(parts.of, bodies) if parts and not form.flat else bodies
        for block in _coded(_digested(form.write(export), unencoded), coding):
            file.write(block)
            digest.update(block)
    return export.count, digest.digest(), unencoded.digest()


def _digested(blocks: Iterator[bytes], digest: Any) -> Iterator[bytes]:
    for block in blocks:
        digest.update(block)
        yield block


def _redacted_since(snapshot: Snapshot) -> bool:
    """Whether a redaction was committed after the state was read. A file takes longer to write than
    caches may keep an answer, so what it read before must not be sent any more. One query."""
    later = {"operation": Operation.REDACT, "publication__gt": snapshot.redaction}
    return Entry.objects.filter(**later).exists()


def _coded(blocks: Iterator[bytes], coding: str) -> Iterable[bytes]:
    return COMPRESSORS[coding](blocks) if coding in COMPRESSORS else blocks


def _about(request: Request, parameters: Parameters, snapshot: Snapshot, form: Format) -> About:
    given = parameters.given(without=VIEW_ONLY - {"ordering"} | FILE_ONLY)
    selection = ((name, value) for name, values in sorted(given.items()) for value in values)
    return About(
        publication=snapshot.publication,
        published_at=snapshot.published_at,
        # Also where the format was asked for by a header, which an address does not hold.
        permalink=address(request, snapshot.publication, {"format": form.name}),
        licence=LICENCE,
        codebook=request.build_absolute_uri(f"{API}/codebook/"),
        selection=tuple(selection),
    )


def citation(request: Request, snapshot: Snapshot) -> dict[str, Any]:
    """How to cite the dataset as a whole."""
    permalink = address(request, snapshot.publication, {})
    return {
        "title": TITLE,
        "publisher": PUBLISHER,
        "publication": snapshot.publication,
        "permalink": permalink,
        "text": cited(snapshot.publication, snapshot.published_at, permalink, LICENCE),
    }


def centroids(publication: int) -> dict[str, tuple[float, float]]:
    """Longitude and latitude by code of each region that has a centroid at a publication."""
    bodies = published(RecordKind.REGION).as_of(publication).values_list("body", flat=True)
    regions = map(orjson.loads, bodies)
    return {
        region["code"]: (region["centroid"]["longitude"], region["centroid"]["latitude"])
        for region in regions
        if region.get("centroid")
    }


def _unfit(form: Format, detail: str) -> BadParametersError:
    allowed = [other.name for other in FORMATS.values() if other.max_rows is None]
    return BadParametersError([parameter_error("format", form.name, detail, allowed)])

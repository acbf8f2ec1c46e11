"""The ledger as the public sees it: versions of a record, changes, publications.

A mirror starts at `/changes/?since=0`, fetches each `url` (pinned to the publication that brought
it), and can prove with the digests of `/publications/` that it has everything, unaltered. `salt`
belongs to the document as it is now. Where a row says `redacted`, that is no longer the document of
then, whose salt was destroyed, and `redacted` has the digest to expect. A row of `redact` replaces:
what was fetched before must be fetched again.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.db.models import QuerySet, Value
from django.http import FileResponse
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.exports import response
from cases.api.queries.changed_values import changed_values
from cases.api.queries.pagination import address, signed, unsigned
from cases.api.request import negotiation, parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.request.snapshots import Snapshot
from cases.api.request.snapshots import since as publication_before
from cases.api.schemas import history
from cases.api.views.snapshot_view import SnapshotView
from cases.exporting.columns import Table
from cases.exporting.formats import FORMATS
from cases.exporting.tables.lists import CHANGES
from cases.models import Entry, Publication, published
from cases.publishing.documents.record_refs import root_of
from cases.publishing.ledger.digests import moment, note_salt, note_sha256
from cases.publishing.ledger.verify import Redactions
from cases.publishing.serializers.fields import API
from cases.vocabulary import RecordKind

Row = dict[str, Any]


class LedgerList(SnapshotView, ABC):
    """A list out of the ledger in the order it was written, which never changes."""

    page_size = 100
    max_page_size = 1000
    # What files of it hold; None = there are none.
    table: Table | None = None

    @property
    def formats(self) -> list[str]:
        return negotiation.of_table(self.table) if self.table else [negotiation.JSON]

    @abstractmethod
    def rows(self, since: int) -> QuerySet[Any]:
        """What was written after one publication and up to the one that is read."""

    @abstractmethod
    def shapes(self, rows: list[Any]) -> list[Row]: ...

    def names(self) -> set[str]:
        own = {"since", "page_size", "cursor"}
        return super().names() | own | response.names(self.table)

    def describe(self) -> dict[str, Described]:
        since = (
            "Only what came after this publication, on or after this day, or after this time; 0 is "
            "everything."
        )
        form = f"a whole number from 1 to {self.max_page_size}"
        return super().describe() | {
            "since": parameter_docs.moment(since, self.snapshot.head, 0),
            "page_size": parameter_docs.integer(
                f"Rows a page; {self.page_size} by default.",
                form,
                1,
                self.max_page_size,
                self.page_size,
            ),
            "cursor": parameter_docs.text("Place in the list, from `next`.", "a cursor"),
            **response.describe(self.table),
        }

    def get(self, request: Request) -> Response | FileResponse:
        since = publication_before(self.parameters, "since", self.snapshot) or 0
        size = self.parameters.integer("page_size", 1, self.max_page_size) or self.page_size
        rows = self.rows(since)
        if self.table and self.format != negotiation.JSON:
            return self._file(rows, self.table)
        response.refuse_options(self.table, self.parameters)
        bound = [request.path, self.parameters.given(without=VIEW_ONLY), self.snapshot.digest]
        place = unsigned(self.parameters, "cursor", bound)
        self.parameters.done()

        behind = rows.filter(pk__gt=place) if place is not None else rows
        page = list(behind.order_by("pk")[: size + 1])
        more, page = len(page) > size, page[:size]
        following = {"cursor": signed(bound, page[-1].pk)} if more else None
        at = self.snapshot.publication
        body = {
            "count": rows.count(),
            "next": address(request, at, following) if following else None,
            "publication": at,
            "permalink": address(request, at, {}),
            "results": self.shapes(page),
        }
        headers = {"Link": f'<{body["next"]}>; rel="next"'} if body["next"] else None
        return Response(body, headers=headers)

    def _file(self, rows: QuerySet[Any], table: Table) -> FileResponse:
        form, found = FORMATS[self.format], _ChangeRows(rows, self.snapshot)
        return response.answer(
            self.request, self.parameters, self.snapshot, table, form, found, None, self._etag
        )


@dataclass(frozen=True)
class _ChangeRows:
    """Changes as a file has them: each value that changed is a text."""

    rows: QuerySet[Entry]
    snapshot: Snapshot

    def count(self) -> int:
        return self.rows.count()

    def bodies(self) -> Generator[bytes]:
        last = 0
        while entries := list(self.rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            last = entries[-1].pk
            for row in changes(entries, self.snapshot, salts=False):
                changed = [
                    {key: _as_text(value) for key, value in fact.items()}
                    for fact in row["changed"] or ()
                ]
                yield orjson.dumps(row | {"note": row["note"] or None, "changed": changed})


def _as_text(value: Any) -> str | None:
    """A value that changed in a cell: a text as it is, anything else as JSON. None stays."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


# The parameter that leaves out what is read from documents.
CHANGED = "changed"
CHANGED_DESCRIBED = parameter_docs.boolean("false leaves `changed` null.", default=True)

VIEW_ONLY = {"cursor", "page_size", "as_of", "format", CHANGED}

# Rows of a file that are made together.
CHUNK = 100


class Changes(LedgerList):
    """Every record published, corrected, withdrawn, merged or redacted, tombstones included."""

    answer = history.ChangeList
    table = CHANGES

    def rows(self, since: int) -> QuerySet[Any]:
        entries = Entry.objects.filter(
            publication__gt=since, publication__lte=self.snapshot.publication
        ).select_related("publication")
        kinds = self.parameters.choices("record", RecordKind.values)
        self.parameters.boolean(CHANGED)
        if (significant := self.parameters.boolean("significant")) is not None:
            entries = entries.filter(significant=significant)
        return entries.filter(record__in=kinds) if kinds else entries

    def names(self) -> set[str]:
        return super().names() | {"record", "significant", CHANGED}

    def describe(self) -> dict[str, Described]:
        kind = parameter_docs.choices("Only records of this kind.", RecordKind.values, "RecordKind")
        return super().describe() | {
            "record": kind,
            "significant": parameter_docs.boolean(
                "true: only changes of facts; false: only corrections that changed something that "
                "a document quotes, or added a translation. A mirror needs both."
            ),
            CHANGED: CHANGED_DESCRIBED,
        }

    def shapes(self, rows: list[Entry]) -> list[Row]:
        return changes(rows, self.snapshot, changed=self.parameters.boolean(CHANGED) is not False)


class Publications(LedgerList):
    """The ledger: each state of the dataset with its digest."""

    answer = history.PublicationList

    def rows(self, since: int) -> QuerySet[Any]:
        numbers = {"number__gt": since, "number__lte": self.snapshot.publication}
        return Publication.objects.filter(**numbers)

    def shapes(self, rows: list[Publication]) -> list[Row]:
        return [
            {
                "number": row.number,
                "published_at": moment(row.published_at),
                "note": row.note,
                "digest": row.digest,
                "digest_version": row.digest_version,
                "url": f"{API}/changes/?since={row.number - 1}&as_of={row.number}",
            }
            for row in rows
        ]


class Versions(SnapshotView):
    """The history of one record, oldest first: what each publication did to it, and why."""

    # Both are given by the address.
    record = RecordKind.CASE
    example = ""

    answer = history.VersionList
    statuses = (HTTPStatus.NOT_FOUND,)

    def names(self) -> set[str]:
        return super().names() | {CHANGED}

    def describe(self) -> dict[str, Described]:
        return super().describe() | {CHANGED: CHANGED_DESCRIBED}

    def get(self, request: Request, public_id: str) -> Response:
        changed = self.parameters.boolean(CHANGED) is not False
        self.parameters.done()
        if "\0" in public_id:  # which PostgreSQL cannot look for
            raise exceptions.NotFound("No id holds such a character.")
        at = self.snapshot.publication
        entries = (
            Entry.objects.filter(record=self.record, public_id=public_id, publication__lte=at)
            .select_related("publication")
            .order_by("publication")
        )
        results = changes(entries, self.snapshot, changed=changed)
        if not results:
            raise exceptions.NotFound(
                f"No {self.record.label} {public_id} was published up to publication {at}."
            )
        permalink = address(request, at, {})
        body = {"count": len(results), "publication": at, "permalink": permalink}
        return Response(body | {"results": results})

    def get_view_name(self) -> str:
        return f"{self.record.label.capitalize()} versions"


PLURALS = {
    RecordKind.CASE: "cases",
    RecordKind.DEFENDANT: "defendants",
    RecordKind.VERDICT: "verdicts",
    RecordKind.SOURCE: "sources",
    RecordKind.STATISTIC: "statistics",
    RecordKind.REGION: "regions",
    RecordKind.COURT: "courts",
    RecordKind.FORMATION: "formations",
    RecordKind.ARTICLE: "articles",
    RecordKind.PUBLISHER: "publishers",
}


Salts = dict[tuple[str, str, int], str]


def changes(
    entries: Iterable[Entry], snapshot: Snapshot, salts: bool = True, changed: bool = True
) -> list[Row]:
    """Rows of the feed. One query where anything was ever redacted.

    salts: one query; without it they are null. changed: two queries, which read the documents that
    corrections brought and replaced; without them what changed is null.
    """
    entries = list(entries)
    redactions = Redactions() if snapshot.redaction else None
    found = _salts(entries) if salts else {}
    values = changed_values(entries, snapshot.publication) if changed else {}
    return [
        _change(entry, redactions, found) | {"changed": values.get(entry.pk)} for entry in entries
    ]


def _salts(entries: list[Entry]) -> Salts:
    """The salt of each document that entries brought, as it is now. One query."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.body_sha256 is not None:
            wanted[entry.record].add(entry.public_id)
    queries = [
        published(RecordKind(kind))
        .filter(public_id__in=ids)
        .values_list(Value(kind), "public_id", "version", "salt")
        for kind, ids in wanted.items()
    ]
    if not queries:
        return {}
    found = queries[0].union(*queries[1:], all=True)
    return {(kind, public_id, version): salt for kind, public_id, version, salt in found}


def _change(entry: Entry, redactions: Redactions | None, salts: Salts) -> Row:
    """url: the document it brought, null where it brought none. body_sha256: of that document as
    it was then; redacted: null, or the publication that replaced it since and what it is now.
    salt: of the document as it is now. note_sha256: of the note as it was written. replaced: what
    a redaction replaced. case: of a defendant or verdict."""
    brings = entry.body_sha256 is not None
    place = f"{API}/{PLURALS[RecordKind(entry.record)]}/{entry.public_id}/"
    later = redactions.latest(entry) if redactions and brings else None
    salt = salts.get((entry.record, entry.public_id, entry.version)) if brings else None
    number = entry.publication_id
    root = root_of(RecordKind(entry.record), entry.public_id)
    note = note_sha256(entry)
    if redactions:
        note = redactions.note_before(entry, note)
    return {
        "publication": number,
        "published_at": moment(entry.publication.published_at),
        "op": entry.operation,
        "record": entry.record,
        "id": entry.public_id,
        "case": root.public_id if root.record != entry.record else None,
        "version": entry.version,
        "significant": entry.significant,
        "into": entry.into,
        "note": entry.note,
        "note_sha256": note,
        "note_salt": note_salt(entry) or None,
        "url": f"{place}?as_of={number}" if brings else None,
        "body_sha256": entry.body_sha256,
        "salt": salt or None,
        "redacted": {"publication": later.publication, "body_sha256": later.now} if later else None,
        "replaced": entry.replaced,
        "digest": entry.digest,
        "digest_version": entry.publication.digest_version,
    }

"""The ledger as the public sees it: versions of a record, changes, publications.

A mirror starts at `/changes/?since=0`, fetches each `url` (pinned to the publication that brought
it), and can prove with the digests of `/publications/` that it has everything, unaltered. `salt`
belongs to the document as it is now. Where a row says `redacted`, that is no longer the document of
then, whose salt was destroyed, and `redacted` has the digest to expect. A row of `redact` replaces:
what was fetched before must be fetched again.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet, Value
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import described, history_answers
from cases.api.described import Described
from cases.api.pagination import address, signed, unsigned
from cases.api.state import State
from cases.api.state_view import StateView
from cases.models import Entry, Publication, published
from cases.publishing.digests import moment, note_salt, note_sha256
from cases.publishing.shapes.fields import API
from cases.publishing.verification import Redactions
from cases.vocabulary import RecordKind

Row = dict[str, Any]


class LedgerList(StateView, ABC):
    """A list out of the ledger in the order it was written, which never changes."""

    page_size = 100
    max_page_size = 1000

    @abstractmethod
    def rows(self, since: int) -> QuerySet[Any]:
        """What was written after one publication and up to the one that is read."""

    @abstractmethod
    def shapes(self, rows: list[Any]) -> list[Row]: ...

    def names(self) -> set[str]:
        return super().names() | {"since", "page_size", "cursor"}

    def describe(self) -> dict[str, Described]:
        since = "Only what came after this publication; 0 is everything."
        form = f"a whole number from 1 to {self.max_page_size}"
        return super().describe() | {
            "since": described.publication(since, self.state.head),
            "page_size": described.integer(
                f"Rows a page; {self.page_size} by default.",
                form,
                1,
                self.max_page_size,
                self.page_size,
            ),
            "cursor": described.text("Place in the list, from `next`.", "a cursor"),
        }

    def get(self, request: Request) -> Response:
        since = self.parameters.integer("since", 0, self.state.head) or 0
        size = self.parameters.integer("page_size", 1, self.max_page_size) or self.page_size
        rows = self.rows(since)
        bound = [request.path, self.parameters.given(without=VIEW_ONLY), self.state.digest]
        place = unsigned(self.parameters, "cursor", bound)
        self.parameters.done()

        behind = rows.filter(pk__gt=place) if place is not None else rows
        page = list(behind.order_by("pk")[: size + 1])
        more, page = len(page) > size, page[:size]
        following = {"cursor": signed(bound, page[-1].pk)} if more else None
        at = self.state.publication
        body = {
            "count": rows.count(),
            "next": address(request, at, following) if following else None,
            "publication": at,
            "permalink": address(request, at, {}),
            "results": self.shapes(page),
        }
        headers = {"Link": f'<{body["next"]}>; rel="next"'} if body["next"] else None
        return Response(body, headers=headers)


VIEW_ONLY = {"cursor", "page_size", "as_of", "format"}


class Changes(LedgerList):
    """Every record published, corrected, withdrawn, merged or redacted, tombstones included."""

    answer = history_answers.ChangeList

    def rows(self, since: int) -> QuerySet[Any]:
        entries = Entry.objects.filter(
            publication__gt=since, publication__lte=self.state.publication
        ).select_related("publication")
        kinds = self.parameters.choices("record", RecordKind.values)
        return entries.filter(record__in=kinds) if kinds else entries

    def names(self) -> set[str]:
        return super().names() | {"record"}

    def describe(self) -> dict[str, Described]:
        kind = described.choices("Only records of this kind.", RecordKind.values, "RecordKind")
        return super().describe() | {"record": kind}

    def shapes(self, rows: list[Entry]) -> list[Row]:
        return changes(rows, self.state)


class Publications(LedgerList):
    """The ledger: each state of the dataset with its digest."""

    answer = history_answers.PublicationList

    def rows(self, since: int) -> QuerySet[Any]:
        numbers = {"number__gt": since, "number__lte": self.state.publication}
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


class Versions(StateView):
    """The history of one record, oldest first: what each publication did to it, and why."""

    # Both are given by the address.
    record = RecordKind.CASE
    example = ""

    answer = history_answers.VersionList
    statuses = (HTTPStatus.NOT_FOUND,)

    def get(self, request: Request, public_id: str) -> Response:
        self.parameters.done()
        if "\0" in public_id:  # which PostgreSQL cannot look for
            raise exceptions.NotFound("No id holds such a character.")
        at = self.state.publication
        entries = (
            Entry.objects.filter(record=self.record, public_id=public_id, publication__lte=at)
            .select_related("publication")
            .order_by("publication")
        )
        results = changes(entries, self.state)
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


def changes(entries: Iterable[Entry], state: State, salts: bool = True) -> list[Row]:
    """Rows of the feed. One query where anything was ever redacted, and one for the salts; without
    it they are null."""
    entries = list(entries)
    redactions = Redactions() if state.redaction else None
    found = _salts(entries) if salts else {}
    return [_change(entry, redactions, found) for entry in entries]


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
    a redaction replaced."""
    brings = entry.body_sha256 is not None
    place = f"{API}/{PLURALS[RecordKind(entry.record)]}/{entry.public_id}/"
    later = redactions.latest(entry) if redactions and brings else None
    salt = salts.get((entry.record, entry.public_id, entry.version)) if brings else None
    number = entry.publication_id
    note = note_sha256(entry)
    if redactions:
        note = redactions.note_before(entry, note)
    return {
        "publication": number,
        "published_at": moment(entry.publication.published_at),
        "op": entry.operation,
        "record": entry.record,
        "id": entry.public_id,
        "version": entry.version,
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

"""The feeds: `/feeds/changes.atom`, and `/feeds/cases.atom` with any filter of the list."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from cases.api import described, history
from cases.api.addresses import canonical
from cases.api.described import Described
from cases.api.filtering import RecordFilterSet
from cases.api.history import PLURALS
from cases.charts.asking import Asker, Json
from cases.charts.cards import WORDS
from cases.charts.worded import WordedView
from cases.charts.words import day, filter_in_words
from cases.feeds.atom import Entry, Feed, written
from cases.models import Entry as LedgerEntry
from cases.models import Publication
from cases.publishing.shapes.fields import API
from cases.vocabulary import Operation, RecordKind

MEDIA_TYPE = "application/atom+xml; charset=utf-8"

# Entries of a feed; what is older is in the API.
MOST_ENTRIES = 50

TITLES = {
    "cases": _("Cases"),
    "defendants": _("Defendants"),
    "verdicts": _("Rulings"),
    "sources": _("Sources"),
    "statistics": _("Published figures"),
}


class FeedView(WordedView, ABC):
    """The newest entries of something, newest first."""

    def get(self, request: Request) -> HttpResponse:
        language = self.language()
        self.parameters.done()
        with translation.override(language):
            content = written(self.feed(request))
        return HttpResponse(content, content_type=MEDIA_TYPE)

    @abstractmethod
    def feed(self, request: Request) -> Feed:
        """Its texts in the language that is active."""

    def head(self) -> str:
        """Number and digest of the publication: copies in many hands prove the ledger."""
        at = self.state
        return _of(at.publication, at.published_at, at.digest) if at.published_at else ""

    def key(self, request: Request) -> str:
        """What tells this feed from all others, on every host."""
        return f"{request.path}?{canonical(request.META.get('QUERY_STRING', ''))}"

    def page(self, request: Request, kind: RecordKind, public_id: str) -> str:
        """Where to read a record: its page, or where there is none the record itself."""
        try:
            place = reverse(f"web:{kind}", args=[self.language(), public_id])
        except NoReverseMatch:
            place = f"{API}/{PLURALS[kind]}/{public_id}/"
        return request.build_absolute_uri(place)


class Changes(FeedView):
    """What the ledger says: each record published, corrected, withdrawn, merged or redacted."""

    def names(self) -> set[str]:
        return super().names() | {"record"}

    def describe(self) -> dict[str, Described]:
        kind = described.choices("Only records of this kind.", RecordKind.values, "RecordKind")
        return super().describe() | {"record": kind}

    def get(self, request: Request) -> HttpResponse:
        self.kinds = self.parameters.choices("record", RecordKind.values)
        return super().get(request)

    def feed(self, request: Request) -> Feed:
        entries = LedgerEntry.objects.filter(publication__lte=self.state.publication)
        if self.kinds:
            entries = entries.filter(record__in=self.kinds)
        changes = gettext("changes")
        newest = entries.select_related("publication").order_by("-pk")[:MOST_ENTRIES]
        return Feed(
            key=self.key(request),
            title=f"Cases API: {changes}",
            head=self.head(),
            language=self.language(),
            link=request.build_absolute_uri(f"{API}/changes/"),
            self=request.build_absolute_uri(),
            updated=self.state.modified_at,
            entries=[
                self._entry(request, row, entry.publication.digest)
                for entry, row in zip(
                    newest, history.changes(newest, self.state, salts=False), strict=True
                )
            ],
        )

    def _entry(self, request: Request, row: Json, digest: str) -> Entry:
        kind, operation = RecordKind(row["record"]), Operation(row["op"])
        link = self.page(request, kind, row["into"] or row["id"])
        if operation == Operation.WITHDRAW:
            # There is nothing at its own address any more.
            place = f"{API}/{PLURALS[kind]}/{row['id']}/versions/"
            link = request.build_absolute_uri(place)
        done = pgettext("Operation", str(operation.label))
        into = f" → {row['into']}" if row["into"] else ""
        at = datetime.fromisoformat(row["published_at"])
        return Entry(
            key=f"{kind} {row['id']} publication {row['publication']} {operation}",
            title=f"{pgettext('RecordKind', str(kind.label))} {row['id']}: {done}{into}",
            link=link,
            updated=at,
            # The editors' note may name somebody, and no redaction reaches what readers keep.
            lines=[_of(row["publication"], at, digest)],
            category=operation,
        )


class Records(FeedView):
    """The records of a list, by its filters, those published or corrected last first."""

    # These are given by the address.
    record = RecordKind.CASE
    filterset_class = RecordFilterSet

    @property
    def plural(self) -> str:
        return PLURALS[self.record]

    def names(self) -> set[str]:
        return super().names() | self.filterset_class.names()

    def describe(self) -> dict[str, Described]:
        return self.filterset_class.describe(self.state) | super().describe()

    def feed(self, request: Request) -> Feed:
        given = self.parameters.given(without={"lang", "as_of"})
        ask = Asker(request, self.state.publication)
        newest = {"ordering": "-publication", "page_size": str(MOST_ENTRIES), "count": "false"}
        records = ask(f"{self.plural}/", {**given, **newest})["results"]
        selection = filter_in_words(self.filterset_class, self.parameters, self.state)
        return Feed(
            key=self.key(request),
            title=" · ".join([f"Cases API: {TITLES[self.plural]}", *selection]),
            head=self.head(),
            language=self.language(),
            link=request.build_absolute_uri(f"{API}/{self.plural}/") + _query(given),
            self=request.build_absolute_uri(),
            updated=self.state.modified_at,
            entries=list(self._entries(request, records)),
        )

    def _entries(self, request: Request, records: list[Json]) -> Iterator[Entry]:
        numbers = {record["publication"] for record in records}
        moments = dict(
            Publication.objects.filter(number__in=numbers).values_list("number", "published_at")
        )
        redacted = self._redacted([record["id"] for record in records])
        for record in records:
            public_id, at = record["id"], moments[record["publication"]]
            headline, lines = WORDS[self.plural](record)
            first, *more = [line for line in lines if line]
            corrected = record["version"] > 1
            done = Operation.CORRECT if corrected else Operation.PUBLISH
            suffix = f" ({pgettext('Operation', str(done.label))})" if corrected else ""
            yield Entry(
                key=f"{self.record} {public_id} version {record['version']}",
                title=f"{headline}: {first}{suffix}",
                link=self.page(request, self.record, public_id),
                updated=max(at, redacted.get(public_id, at)),
                lines=[*more, _of(record["publication"], at)],
                category=done,
            )

    def _redacted(self, ids: list[str]) -> dict[str, datetime]:
        """When each of them was redacted last."""
        if not self.state.redaction:
            return {}
        entries = LedgerEntry.objects.filter(
            record=self.record, public_id__in=ids, operation=Operation.REDACT
        )
        latest = entries.values("public_id").annotate(at=Max("publication__published_at"))
        return dict(latest.values_list("public_id", "at"))


def _of(number: int, at: datetime, digest: str = "") -> str:
    """A publication in words, with its digest if it is given."""
    said = gettext("Publication %(number)s, %(date)s") % {"number": number, "date": day(at)}
    return f"{said}: {digest}" if digest else said


def _query(given: dict[str, list[str]]) -> str:

    said: Any = sorted((name, value) for name, values in given.items() for value in values)
    return f"?{urlencode(said)}" if said else ""

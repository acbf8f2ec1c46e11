"""Feeds of lists: `/feeds/cases.atom` with any filter of the list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from rest_framework.request import Request

from cases.api.request.filter_types import RecordFilterSet
from cases.api.request.parameter_docs import Described
from cases.api.views.history import PLURALS
from cases.charts.asking import Asker, Json
from cases.charts.cards import WORDS
from cases.charts.words import filter_in_words
from cases.feeds.atom import Entry, Feed
from cases.feeds.views import MAX_ENTRIES, VIEW_ONLY, FeedView, of_publication
from cases.models import Entry as LedgerEntry
from cases.vocabulary import Operation, RecordKind

TITLES = {
    "cases": _("Cases"),
    "defendants": _("Defendants"),
    "verdicts": _("Rulings"),
    "sources": _("Sources"),
    "statistics": _("Published figures"),
}

BRINGING = (Operation.PUBLISH, Operation.CORRECT)


class Records(FeedView):
    """The records of a list, by its filters, those published or corrected last first.

    An entry is a version of a record: the newest that changed a fact, unless all are asked for.
    """

    # These are given by the address.
    record = RecordKind.CASE
    filterset_class = RecordFilterSet

    @property
    def plural(self) -> str:
        return PLURALS[self.record]

    def names(self) -> set[str]:
        return super().names() | self.filterset_class.names()

    def describe(self) -> dict[str, Described]:
        return self.filterset_class.describe(self.snapshot) | super().describe()

    def feed(self, request: Request) -> Feed:
        given = self.parameters.given(without=VIEW_ONLY)
        newest: dict[str, Any] = {
            "ordering": "-publication",
            "page_size": str(MAX_ENTRIES),
            "count": "false",
        }
        if cursor := self.parameters.one("cursor"):
            newest["cursor"] = cursor
        found = Asker(request, self.snapshot.publication)(f"{self.plural}/", {**given, **newest})
        selection = filter_in_words(self.filterset_class, self.parameters, self.snapshot)
        return Feed(
            key=self.key(request),
            title=" · ".join([f"Cases API: {TITLES[self.plural]}", *selection]),
            head=self.head(),
            language=self.language(),
            link=self._list(request, given),
            self=request.build_absolute_uri(),
            first=self.first(request),
            next=self.following(request, _cursor(found["next"])) if found["next"] else None,
            updated=self.snapshot.modified_at,
            entries=list(self._entries(request, found["results"])),
        )

    def _list(self, request: Request, given: dict[str, list[str]]) -> str:
        """The page with the same selection."""
        place = reverse(f"web:explorer-{self.plural}-list", args=[self.language()])
        return request.build_absolute_uri(place) + _query(given)

    def _entries(self, request: Request, records: list[Json]) -> Iterator[Entry]:
        shown = self._versions([record["id"] for record in records])
        redacted = self._redacted([record["id"] for record in records])
        for record in records:
            public_id = record["id"]
            number, version, at = shown[public_id]
            headline, lines = WORDS[self.plural](record)
            first, *more = [line for line in lines if line]
            corrected = version > 1
            done = Operation.CORRECT if corrected else Operation.PUBLISH
            suffix = f" ({pgettext('Operation', str(done.label))})" if corrected else ""
            yield Entry(
                key=f"{self.record} {public_id} version {version}",
                title=f"{headline}: {first}{suffix}",
                link=self.page(request, self.record, public_id),
                updated=max(at, redacted.get(public_id, at)),
                lines=[*more, of_publication(number, at)],
                category=done,
            )

    def _versions(self, ids: list[str]) -> dict[str, tuple[int, int, datetime]]:
        """Of each record the newest version with the significance that is asked for, or its first:
        publication, version and time. One query."""
        entries = LedgerEntry.objects.filter(
            record=self.record,
            public_id__in=ids,
            publication__lte=self.snapshot.publication,
            operation__in=BRINGING,
        )
        if self.significant():
            entries = entries.filter(significant=True)
        newest = entries.order_by("public_id", "-publication").distinct("public_id")
        rows = newest.values_list(
            "public_id", "publication", "version", "publication__published_at"
        )
        return {public_id: (number, version, at) for public_id, number, version, at in rows}

    def _redacted(self, ids: list[str]) -> dict[str, datetime]:
        """When each of them was redacted last."""
        if not self.snapshot.redaction:
            return {}
        entries = LedgerEntry.objects.filter(
            record=self.record, public_id__in=ids, operation=Operation.REDACT
        )
        latest = entries.values("public_id").annotate(at=Max("publication__published_at"))
        return dict(latest.values_list("public_id", "at"))


def _cursor(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]


def _query(given: dict[str, list[str]]) -> str:
    said: Any = sorted((name, value) for name, values in given.items() for value in values)
    return f"?{urlencode(said)}" if said else ""

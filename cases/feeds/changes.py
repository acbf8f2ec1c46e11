"""The feed of the ledger: one entry for each record and publication, its parts summarised."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value
from django.http import HttpResponse
from django.utils.translation import gettext, pgettext
from rest_framework.request import Request

from cases.api.queries.pagination import signed, unsigned
from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.views import history
from cases.charts.asking import Json
from cases.feeds.atom import Entry, Feed
from cases.feeds.views import MAX_ENTRIES, VIEW_ONLY, FeedView, of_publication
from cases.models import Entry as LedgerEntry
from cases.models import Publication
from cases.publishing.documents.record_refs import PARTS, ROOTS
from cases.vocabulary import Operation, RecordKind

Key = tuple[int, str]

# The id of a case, out of that of its defendant or verdict.
_CASE = Func(F("public_id"), Value("^[^-]+-[^-]+"), function="substring", output_field=TextField())


class Changes(FeedView):
    """Each record published, corrected, withdrawn, merged or redacted, newest first.

    A case represents its defendants and verdicts, which its entry counts: they change with it, and
    a case of many people would fill the feed.
    """

    def names(self) -> set[str]:
        return super().names() | {"record"}

    def describe(self) -> dict[str, Described]:
        kind = parameter_docs.choices(
            "Only records of this kind; if not given, all but defendants and verdicts, which the "
            "entries of cases count.",
            RecordKind.values,
            "RecordKind",
        )
        return super().describe() | {"record": kind}

    def get(self, request: Request) -> HttpResponse:
        kinds = self.parameters.choices("record", RecordKind.values)
        self.kinds = kinds or [kind.value for kind in ROOTS]
        self.bound = [request.path, self.parameters.given(without=VIEW_ONLY), self.snapshot.digest]
        self.place = unsigned(self.parameters, "cursor", self.bound)
        return super().get(request)

    def feed(self, request: Request) -> Feed:
        rows = self._entries().filter(record__in=self.kinds).select_related("publication")
        if self.place is not None:
            rows = rows.filter(pk__lt=self.place)
        found = list(rows.order_by("-pk")[: MAX_ENTRIES + 1])
        newest = found[:MAX_ENTRIES]
        more = len(found) > MAX_ENTRIES
        parts = self._parts(newest)
        told = history.changes(newest, self.snapshot, salts=False, changed=False)
        changes = gettext("changes")
        return Feed(
            key=self.key(request),
            title=f"Cases API: {changes}",
            head=self.head(),
            language=self.language(),
            link=self.home(request),
            self=request.build_absolute_uri(),
            first=self.first(request),
            next=self.following(request, signed(self.bound, newest[-1].pk)) if more else None,
            updated=self.snapshot.modified_at,
            entries=[
                self._entry(request, row, entry.publication, parts[row["publication"], row["id"]])
                for entry, row in zip(newest, told, strict=True)
            ],
        )

    def _entries(self) -> QuerySet[LedgerEntry]:
        """Entries up to the publication that is read, of the significance that is asked for."""
        entries = LedgerEntry.objects.filter(publication__lte=self.snapshot.publication)
        return entries.filter(significant=True) if self.significant() else entries

    def _parts(self, entries: Iterable[LedgerEntry]) -> dict[Key, list[str]]:
        """What was done to defendants and verdicts, in words, by publication and id of their case.
        One query, which counts them."""
        found: dict[Key, list[str]] = defaultdict(list)
        cases = [entry for entry in entries if entry.record == RecordKind.CASE]
        if not cases:
            return found
        ids = sorted({entry.public_id for entry in cases})
        within = reduce(or_, (Q(public_id__startswith=f"{public_id}-") for public_id in ids))
        rows = (
            self._entries()
            .filter(
                within,
                record__in=PARTS,
                publication__in={entry.publication_id for entry in cases},
            )
            .annotate(case_id=_CASE)
            .values_list("publication", "case_id", "record", "operation", "significant")
            .annotate(number=Count("pk"))
            .order_by("record", "operation", "-significant")
        )
        for publication, case, record, operation, significant, number in rows:
            kind = pgettext("RecordKind", str(RecordKind(record).label))
            said = f"{kind}, {done(Operation(operation), significant)}: {number}"
            found[publication, case].append(said)
        return found

    def _entry(
        self, request: Request, row: Json, publication: Publication, parts: list[str]
    ) -> Entry:
        kind, operation = RecordKind(row["record"]), Operation(row["op"])
        into = f" → {row['into']}" if row["into"] else ""
        at = datetime.fromisoformat(row["published_at"])
        what = f"{pgettext('RecordKind', str(kind.label))} {row['id']}"
        return Entry(
            key=f"{kind} {row['id']} publication {row['publication']} {operation}",
            title=f"{what}: {done(operation, row['significant'])}{into}",
            # The page of a withdrawn record says that it was withdrawn, and why.
            link=self.page(request, kind, row["into"] or row["id"]),
            updated=at,
            # The editors' note may name a person, and no redaction reaches what readers keep.
            lines=[*parts, of_publication(row["publication"], at, publication.digest)],
            category=operation,
        )


def done(operation: Operation, significant: bool) -> str:
    """What a publication did to a record, in words."""
    if significant:
        return pgettext("Operation", str(operation.label))
    return gettext("updated, no fact changed")

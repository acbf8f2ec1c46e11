"""What all feeds share: parameters, links and pages."""

from abc import ABC, abstractmethod
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from rest_framework.request import Request

from cases.api.http.query_strings import canonical
from cases.api.queries.pagination import address
from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.charts.worded import WordedView
from cases.charts.words import day
from cases.feeds.atom import Feed, written
from cases.publishing.documents.record_refs import PARTS, root_of
from cases.vocabulary import RecordKind

MEDIA_TYPE = "application/atom+xml; charset=utf-8"

# Entries of one document; older ones are in the next.
MAX_ENTRIES = 50

# Which entries a feed has by default, and with all.
SIGNIFICANT = {"true": True, "any": None}

# What does not change which records a feed is about.
VIEW_ONLY = {"lang", "as_of", "cursor", "significant"}


class FeedView(WordedView, ABC):
    """The newest entries of something, newest first, in pages (RFC 5005)."""

    def names(self) -> set[str]:
        return super().names() | {"cursor", "significant"}

    def describe(self) -> dict[str, Described]:
        significant = (
            "true leaves out corrections that changed no fact of the record, but only what its "
            "document quotes or translates."
        )
        return super().describe() | {
            "cursor": parameter_docs.text("Place in the feed, from its link `next`.", "a cursor"),
            "significant": parameter_docs.choice(significant, list(SIGNIFICANT), "true"),
        }

    def get(self, request: Request) -> HttpResponse:
        language = self.language()
        self.significant()
        self.parameters.done()
        with translation.override(language):
            content = written(self.feed(request))
        return HttpResponse(content, content_type=MEDIA_TYPE)

    @abstractmethod
    def feed(self, request: Request) -> Feed:
        """Its texts in the language that is active."""

    def significant(self) -> bool | None:
        """Whether only changes of facts are shown; None = all."""
        given = self.parameters.choice("significant", list(SIGNIFICANT))
        return SIGNIFICANT[given or "true"]

    def head(self) -> str:
        """Number and digest of the publication: copies in many hands prove the ledger."""
        at = self.snapshot
        return of_publication(at.publication, at.published_at, at.digest) if at.published_at else ""

    def key(self, request: Request) -> str:
        """What tells this feed from all others, on every host. Its pages are one feed."""
        return f"{request.path}?{canonical(self._query_of_first(request))}"

    def first(self, request: Request) -> str:
        """The newest page."""
        query = self._query_of_first(request)
        return request.build_absolute_uri(f"{request.path}?{query}" if query else request.path)

    def _query_of_first(self, request: Request) -> str:
        """Without the place in the feed, and the publication that the place belongs to."""
        query = request.META.get("QUERY_STRING", "")
        if "cursor" not in request.query_params:
            return str(query)
        given = request.query_params.copy()
        for name in ("cursor", "as_of"):
            given.pop(name, None)
        return given.urlencode()

    def following(self, request: Request, cursor: str) -> str:
        """The page that follows, of the same state of the data."""
        return address(request, self.snapshot.publication, {"cursor": cursor})

    def home(self, request: Request) -> str:
        return request.build_absolute_uri(reverse("web:home", args=[self.language()]))

    def page(self, request: Request, kind: RecordKind, public_id: str) -> str:
        """The page of a record; of a defendant or verdict its place on the page of the case."""
        root = root_of(kind, public_id)
        place = reverse(f"web:{root.record}", args=[self.language(), root.public_id])
        anchor = f"#{public_id}" if kind in PARTS else ""
        return request.build_absolute_uri(place) + anchor


def of_publication(number: int, at: datetime, digest: str = "") -> str:
    """A publication in words, with its digest if it is given."""
    said = gettext("Publication %(number)s, %(date)s") % {"number": number, "date": day(at)}
    return f"{said}: {digest}" if digest else said

"""Atom (RFC 4287), as Django writes it, with ids and times that depend on the ledger alone."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.safestring import mark_safe

from cases.api.exports.response import LICENCE
from cases.charts.rendering import printable

# Never to be changed: readers know entries by the ids that are made from it.
OURS = UUID("5b0d5f6c-3f0e-4c53-9c1b-0d0a4f0e7d21")
# Of a feed of nothing, before the first publication.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """key: what the id is made of. link: absolute. lines: of the summary."""

    key: str
    title: str
    link: str
    updated: datetime
    lines: list[str]
    category: str


class Feed(NamedTuple):
    """key: what the id is made of. head: number and digest of the publication that it shows. link:
    what the feed is of; self: its own address. first, next: of the newest and the following page
    (RFC 5005), None = this is the last."""

    key: str
    title: str
    head: str
    language: str
    link: str
    self: str
    first: str
    next: str | None
    updated: datetime | None
    entries: Iterable[Entry]


def urn(key: str) -> str:
    """The same for the same key, on every host."""
    return uuid5(OURS, key).urn


def written(feed: Feed) -> str:
    atom = _Atom(
        title=printable(feed.title),
        link=feed.link,
        description=None,
        subtitle=feed.head,
        language=feed.language,
        author_name="Cases API",
        feed_url=feed.self,
        feed_guid=urn(feed.key),
        feed_copyright=f"{LICENCE[0]}, {LICENCE[1]}",
    )
    atom.modified = feed.updated or BEGINNING
    atom.pages = {"first": feed.first} | ({"next": feed.next} if feed.next else {})
    for entry in feed.entries:
        atom.add_item(
            title=printable(entry.title),
            link=entry.link,
            description=_html(entry.lines),
            unique_id=urn(entry.key),
            updateddate=entry.updated,
            categories=(entry.category,),
        )
    return str(atom.writeString("utf-8"))


class _Atom(Atom1Feed):
    modified = BEGINNING
    pages: Mapping[str, str] = {}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for rel, address in self.pages.items():
            handler.addQuickElement("link", "", {"rel": rel, "href": address})

    def latest_post_date(self) -> datetime:
        """When the dataset changed: an entry that is gone changes a feed too."""
        return self.modified


def _html(lines: list[str]) -> str:
    return mark_safe(  # nosec B308 B703 - each line is escaped
        "<br>".join(escape(printable(line)) for line in lines if line)
    )

"""One export: which records go out, as which columns, and what is said about them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import orjson

from cases.exporting.columns import Column, Table, with_sources
from cases.exporting.footnotes import with_footnotes
from cases.exporting.paths import Json, Link

T = TypeVar("T")

Row = list[Any]
Cell = Callable[[Any], Any]

# Records held in memory at a time; a document has some 10 kB.
CHUNK = 200


class UnfitError(Exception):
    """The selection cannot be had in this format; the message says why."""


# What `provenance` puts beside each fact.
PROVENANCE: dict[str, Callable[[Iterable[Column]], list[Column]]] = {
    "inline": with_sources,
    "footnote": with_footnotes,
}

TITLE = (
    "Cases API: criminal cases against citizens of Central Asian countries recruited to fight for "
    "Russia in Ukraine"
)
PUBLISHER = "Cases API"


def citation(
    publication: int, published_at: datetime | None, permalink: str, licence: tuple[str, str]
) -> str:
    """How to cite the dataset or a part of it: whoever follows the permalink reads the same."""
    day = f", {published_at.date().isoformat()}" if published_at else ""
    return f"{TITLE}. {PUBLISHER}, publication {publication}{day}. {permalink}. {licence[0]}."


@dataclass(frozen=True)
class About:
    """What a file says about itself.

    published_at: null = nothing was published yet. licence: name and address. codebook: address.
    selection: the query parameters that chose and ordered the rows.
    """

    publication: int
    published_at: datetime | None
    permalink: str
    licence: tuple[str, str]
    codebook: str
    selection: tuple[tuple[str, str], ...] = ()

    @property
    def citation(self) -> str:
        return citation(self.publication, self.published_at, self.permalink, self.licence)


@dataclass
class Export:
    """bodies: the published documents, each as its JSON in UTF-8. centroids: longitude and latitude
    by code of a region. provenance: a name in PROVENANCE; None = no sources. delimiter: of CSV.
    count: how many records went out, complete when the writing is."""

    table: Table
    about: About
    bodies: Iterable[bytes]
    centroids: dict[str, tuple[float, float]] = field(default_factory=dict)
    provenance: str | None = None
    bom: bool = False
    delimiter: str = ","
    count: int = 0

    @property
    def columns(self) -> list[Column]:
        declared = [column.of(self.about.publication) for column in self.table.columns]
        return PROVENANCE[self.provenance](declared) if self.provenance else declared

    def chunks(self) -> Iterator[list[bytes]]:
        bodies = iter(self.bodies)
        while chunk := list(islice(bodies, CHUNK)):
            self.count += len(chunk)
            yield chunk

    def rows(self, cell: Cell | None = None) -> Iterator[list[Row]]:
        """Chunks of rows with a cell for each column. cell: what makes it of the value in the
        document; null = it is that value, days and moments as text."""
        read = row_reader(self.columns, cell)
        for chunk in self.chunks():
            yield [read(orjson.loads(body)) for body in chunk]


def row_reader(columns: Iterable[Column], cell: Cell | None = None) -> Callable[[Json], Row]:
    """What reads a row out of a document. cell: how a value becomes a cell; null = as it is.

    Each part of the document that several columns lead through is looked up once.
    """
    steps: list[tuple[int, Callable[[Any], Any]]] = []
    places: dict[tuple[str, ...], int] = {(): 0}
    ends = []
    for column in columns:
        names: tuple[str, ...] = ()
        end = [Link("cell", cell)] if cell else []
        for link in (*column.way(), *end):
            before, names = places[names], (*names, link.name)
            if names not in places:
                places[names] = len(places)
                steps.append((before, link.apply))
        ends.append(places[names])

    def read(document: Json) -> Row:
        found: list[Any] = [document]
        for before, apply in steps:
            found.append(apply(found[before]))
        return [found[end] for end in ends]

    return read


def joined(items: Iterable[Any]) -> str:
    """A list as one cell: items divided by "; ", a semicolon or backslash within one behind a
    backslash. An item that is not known is empty."""
    items = ["" if item is None else str(item) for item in items]
    line = "; ".join(items)
    if "\\" not in line and line.count(";") < max(1, len(items)):
        return line
    return "; ".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)

"""The sources of a fact as footnotes: publisher, title, day, place in the source, address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cases.exporting.columns import EMPTY, Citation, Column, Take
from cases.exporting.paths import Json, Link, follow, links

_RANGE = re.compile(r"¶\s*(\d+)\s*[-–]\s*(\d+)")
_ONE = re.compile(r"¶\s*(\d+)")


@dataclass(frozen=True)
class Footnotes(Column):
    """The footnotes of a fact, beside it; behind one that states something else
    ` (states something else)`, behind one that is outdated ` (outdated)`."""

    cited: Citation = field(default_factory=lambda: Citation("", ""))

    def way(self) -> list[Link]:
        at, name = self.cited.objects, self.cited.field
        find = follow(links(at)) if at else lambda document: document

        def read(found: tuple[Json, dict[str, Json]]) -> list[str]:
            document, sources = found
            objects = find(document)
            notes = [
                _note(citation, name, sources)
                for item in (objects if "[" in at else [objects])
                if item is not None
                for citation in item["citations"]
                if name in citation["fields"]
            ]
            return list(dict.fromkeys(notes))

        return [Link("[with sources]", _with_sources), Link(f"footnotes of {at}.{name}", read)]


def with_footnotes(columns: Iterable[Column]) -> list[Column]:
    """The columns, and behind each fact one with its footnotes."""
    found: list[Column] = []
    for column in columns:
        found.append(column)
        if cited := column.citation:
            found.append(
                Footnotes(
                    name=f"{column.name}__footnotes",
                    path=".".join(filter(None, (cited.objects, "citations[]"))),
                    description=f"Footnotes for {column.name}: who published it, and where.",
                    take=Take.DISTINCT,
                    null=EMPTY,
                    cited=cited,
                )
            )
    return found


def in_words(locator: str) -> str:
    """`¶1-6` as “paragraphs 1–6”."""
    said = _RANGE.sub(r"paragraphs \1–\2", locator)
    return _ONE.sub(r"paragraph \1", said).replace("¶", "paragraph")


def _with_sources(document: Json) -> tuple[Json, dict[str, Json]]:
    return document, {source["id"]: source for source in document["sources"]}


def _note(citation: Json, name: str, sources: dict[str, Json]) -> str:
    source = sources.get(citation["source"])
    marks = [
        *([" (states something else)"] if name in citation["values"] else []),
        *([" (outdated)"] if citation["rank"] == "deprecated" else []),
    ]
    locator = in_words(citation["locator"]) if citation["locator"] else ""
    return ", ".join(filter(None, (*_described(source, citation), locator))) + "".join(marks)


def _described(source: Json | None, citation: Json) -> list[str]:
    """What is unknown of a source is left out; its id where all of it is."""
    if source is None:
        return [citation["source"]]
    name = next((text for text in source["publisher"]["name"].values() if text), None)
    title, day = source.get("title"), source.get("published")
    found: list[Any] = [
        name,
        title and f"“{title}”",
        day and day["value"],
        source.get("url") or source.get("archive_url"),
    ]
    return [part for part in found if part] or [citation["source"]]

"""What a column of a flat table is, and short ways to declare one.

Column names, types and paths are part of the public contract; the codebook is made from them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices

from cases.exporting.paths import Items, Json, Link, links, steps
from cases.models.fields import LANGUAGES
from cases.vocabulary import RecordKind

Vocabulary = type[TextChoices]


class Type(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DAY = "day"
    MOMENT = "moment"


class Take(StrEnum):
    """How the values that a path finds become one cell."""

    ONE = "one"
    EACH = "each"  # a list with an item for each object, so that such lists stand side by side
    DISTINCT = "distinct"  # a list of what is known, each once
    COUNT = "count"
    LEAST = "least"
    GREATEST = "greatest"
    EXISTS = "exists"
    FILE = "file"  # not of the document: the same in each row of a file


NOT_KNOWN = "not known"
EMPTY = "never null; empty = none is known"
NEVER = "never null"

# Keys that lead to an object with citations of its own.
CITING = {"case", "defendant", "defendants", "services", "verdicts"}


@dataclass(frozen=True)
class Citation:
    """Where the sources of a value stand: in the `citations` of the objects at a path ("" = the
    document itself), under the name of their field."""

    objects: str
    field: str


@dataclass(frozen=True)
class Column:
    """One column of a table.

    path: in the published document. null: what an empty cell means. vocabulary, codes: the closed
    list, or the reference list, that its codes are explained in. fact: whether it states something
    that has citations, rather than identifies, counts, labels or derives.
    """

    name: str
    path: str
    description: str
    type: Type = Type.TEXT
    take: Take = Take.ONE
    unit: str | None = None
    null: str = NOT_KNOWN
    vocabulary: Vocabulary | None = None
    codes: str | None = None
    fact: bool = False

    @property
    def keys(self) -> list[str]:
        """The path without its selectors."""
        return [step.key for step in steps(self.path)]

    @property
    def many(self) -> bool:
        return self.take in (Take.EACH, Take.DISTINCT)

    @property
    def citation(self) -> Citation | None:
        if not self.fact:
            return None
        parts, keys = self.path.split("."), self.keys
        objects = max((i + 1 for i, key in enumerate(keys[:-1]) if key in CITING), default=0)
        return Citation(".".join(parts[:objects]), keys[objects])

    def of(self, publication: int) -> "Column":
        """The column of a file of a publication."""
        return self

    def way(self) -> list[Link]:
        """From a document to the cell's value."""
        way = links(self.path)
        if "[" not in self.path:
            if self.take is Take.ONE:
                return way
            way.append(_ALONE)
        shape = _SHAPES.get(self.take)
        return [*way, Link(self.take, shape)] if shape else way


@dataclass(frozen=True)
class FileColumn(Column):
    """The publication that a file is of, in each row. value: None = outside of a file."""

    take: Take = Take.FILE
    value: int | None = None

    def of(self, publication: int) -> Column:
        return replace(self, value=publication)

    def way(self) -> list[Link]:
        return [Link(self.name, lambda document: self.value)]


@dataclass(frozen=True)
class Inline(Column):
    """The sources of a fact, beside it: `SRC-0005 ¶7`, and ` (differs)` behind one that states
    something else, ` (deprecated)` behind one that is outdated."""

    cited: Citation = Citation("", "")

    def way(self) -> list[Link]:
        at, field = self.cited.objects, self.cited.field
        way = links(at) if at else []
        if "[" not in at:
            way.append(_ALONE)

        def read(objects: Items) -> list[str]:
            found = [
                _cited(citation, field)
                for item in objects
                if item is not None
                for citation in item["citations"]
                if field in citation["fields"]
            ]
            return list(dict.fromkeys(found))

        return [*way, Link(f"sources of {field}", read)]


@dataclass(frozen=True)
class Table:
    """How records of one kind lie flat. row: what one row is. region: path of the code of the
    region where it lies on a map; null = it lies nowhere. record: None = of a list of something
    else, which can be had as CSV only."""

    record: RecordKind | None
    name: str
    row: str
    columns: tuple[Column, ...]
    region: str | None = None

    @property
    def cited(self) -> bool:
        return any(column.fact for column in self.columns)


def with_sources(columns: Iterable[Column]) -> list[Column]:
    """The columns, and behind each fact one with the sources of it."""
    found: list[Column] = []
    for column in columns:
        found.append(column)
        if cited := column.citation:
            found.append(
                Inline(
                    name=f"{column.name}__sources",
                    path=".".join(filter(None, (cited.objects, "citations[]"))),
                    description=f"Sources cited for {column.name}, with the place in each.",
                    take=Take.DISTINCT,
                    null=EMPTY,
                    codes="sources",
                    cited=cited,
                )
            )
    return found


def placed(columns: Iterable[Column], prefix: str, at: str) -> tuple[Column, ...]:
    """Columns of an object that stands inside another, under names of their own."""
    return tuple(
        replace(column, name=f"{prefix}{column.name}", path=f"{at}.{column.path}")
        for column in columns
    )


def fact(name: str, description: str, path: str | None = None, **more: Any) -> Column:
    """A value with citations, called like its field unless a path says otherwise."""
    return Column(name, path or name, description, fact=True, **more)


def plain(name: str, description: str, path: str | None = None, **more: Any) -> Column:
    """A value without citations."""
    return Column(name, path or name, description, **more)


def fact_list(name: str, description: str, path: str, **more: Any) -> Column:
    """A list of values with citations, each once."""
    return Column(name, path, description, take=Take.DISTINCT, fact=True, **_EMPTY | more)


def plain_list(name: str, description: str, path: str, **more: Any) -> Column:
    """A list of values without citations, each once."""
    return Column(name, path, description, take=Take.DISTINCT, **_EMPTY | more)


def fact_items(name: str, description: str, path: str, **more: Any) -> Column:
    """A list with an item for each object, null where it is not known."""
    return Column(name, path, description, take=Take.EACH, fact=True, **_EMPTY | more)


def plain_items(name: str, description: str, path: str, **more: Any) -> Column:
    """The same, without citations."""
    return Column(name, path, description, take=Take.EACH, **_EMPTY | more)


_EMPTY: dict[str, Any] = {"null": EMPTY}


def count(name: str, description: str, path: str) -> Column:
    return Column(name, path, description, Type.INTEGER, Take.COUNT, null=NEVER)


def partial_date(
    name: str, description: str, path: str | None = None, *, cited: bool = True
) -> tuple[Column, ...]:
    """A date known only in part: as stated, and the first and last day that it may mean."""
    at = path or name
    bound = f"day that {name} may mean."
    return (
        Column(
            name,
            f"{at}.value",
            f"{description.removesuffix('.')}, as far as it is known.",
            unit="EDTF date",
            fact=cited,
        ),
        plain(
            f"{name}_earliest",
            f"First {bound}",
            f"{at}.earliest",
            type=Type.DAY,
            null="not known, or open",
        ),
        plain(
            f"{name}_latest",
            f"Last {bound}",
            f"{at}.latest",
            type=Type.DAY,
            null="not known, or open",
        ),
    )


def languages(
    column: Callable[..., Column],
    name: str,
    description: str,
    path: str | None = None,
    items: str = "",
    **more: Any,
) -> tuple[Column, ...]:
    """Text in each language that we publish in. items: `[]` where each language has a list."""
    at = path or name
    return tuple(
        column(
            f"{name}_{language}",
            f"{description.removesuffix('.')}, in {_LANGUAGE_NAMES[language]}.",
            f"{at}.{language}{items}",
            **{"null": "not known, or not in this language"} | more,
        )
        for language in LANGUAGES
    )


_LANGUAGE_NAMES = {"en": "English", "ru": "Russian", "kk": "Kazakh"}


_ALONE = Link("[alone]", lambda value: [value])


def _known(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if value is not None]


_SHAPES: dict[Take, Callable[[list[Any]], Any]] = {
    Take.ONE: lambda values: values[0] if values else None,
    Take.DISTINCT: lambda values: _known(dict.fromkeys(values)),
    Take.COUNT: lambda values: len(_known(values)),
    Take.LEAST: lambda values: min(_known(values), default=None),
    Take.GREATEST: lambda values: max(_known(values), default=None),
    Take.EXISTS: lambda values: bool(_known(values)),
}


def _cited(citation: Json, field: str) -> str:
    marks = [
        *([" (differs)"] if field in citation["values"] else []),
        *([" (deprecated)"] if citation["rank"] == "deprecated" else []),
    ]
    return " ".join(filter(None, (citation["source"], citation["locator"]))) + "".join(marks)

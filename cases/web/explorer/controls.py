"""What one filter looks like on the form."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from cases.web.answers import Json
from cases.web.explorer import labels


@dataclass
class Value:
    """One thing to choose. label: in words; count: records that have it, null = none or not
    counted; pointer: where the answer with the facets says so.

    only: query of the records that have it, all other filters kept; null = no query says so.
    """

    value: str
    label: SafeString | str
    count: int | None = None
    pointer: str = ""
    chosen: bool = False
    only: str | None = None
    depth: int = 0


@dataclass
class Group:
    """One filter. answer: path and query of the API's answer that counts its values; form: which
    controls it has; suffixes: of its parameters; given: their values, by suffix; unknown: the
    records without a value; hidden: how many values are left out."""

    name: str
    form: str
    suffixes: tuple[str, ...]
    answer: str = ""
    values: list[Value] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    unknown: Value | None = None
    hidden: int = 0
    opened: bool = False
    help: str = ""
    example: str = ""
    errors: list[Json] = field(default_factory=list)

    @property
    def label(self) -> str:
        return labels.name_of(self.name)

    @property
    def excludes(self) -> bool:
        return "__not" in self.suffixes

    @property
    def isnull(self) -> str | None:
        """What is asked of the unknown; null = nothing can be."""
        return self.given.get("isnull", "") if "__isnull" in self.suffixes else None


def nested(values: list[Value], parents: dict[str, str | None]) -> list[Value]:
    """Each value behind the nearest one above it that is listed, on each level as they came."""
    listed = {value.value for value in values}
    under: dict[str | None, list[Value]] = {}
    for value in values:
        parent = parents.get(value.value)
        while parent and parent not in listed:
            parent = parents.get(parent)
        under.setdefault(parent, []).append(value)

    def unfolded(parent: str | None, depth: int) -> Iterator[Value]:
        for value in under.get(parent, []):
            value.depth = depth
            yield value
            yield from unfolded(value.value, depth + 1)

    return list(unfolded(None, 0))

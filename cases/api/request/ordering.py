"""In which order a list stands: as asked for, else best first in a search, else as declared."""

from cases.api.request.filter_types import RecordFilterSet
from cases.api.request.parameters import Parameters

# How well a record answers `q`; also the annotation that says it.
RELEVANCE = "relevance"


def orderings(filters: type[RecordFilterSet]) -> list[str]:
    """Every ordering of a list, with its sign; relevance, where there is a search, has none."""
    signed = [f"{sign}{name}" for name in filters.orderings for sign in ("", "-")]
    return [*signed, RELEVANCE] if "q" in filters.base_filters else signed


def chosen(filters: type[RecordFilterSet], parameters: Parameters) -> str:
    """The ordering asked for, else the one that fits."""
    searched = "q" in filters.base_filters and "q" in parameters
    ordering = parameters.choice("ordering", orderings(filters))
    if ordering == RELEVANCE and not searched:
        allowed = [name for name in orderings(filters) if name != RELEVANCE]
        parameters.wrong("ordering", ordering, "Only a search with q has relevance.", allowed)
    return ordering or (RELEVANCE if searched else filters.default_ordering)


def sort_keys(filters: type[RecordFilterSet], ordering: str) -> tuple[list[str], bool]:
    """The columns to sort by, all in one direction, and whether it is the descending one.

    Records that are equally relevant stand in the default order, which is a descending one.
    """
    if ordering == RELEVANCE:
        columns, descending = sort_keys(filters, filters.default_ordering)
        return [RELEVANCE, *columns], descending
    descending = ordering.startswith("-")
    return [filters.orderings[ordering.removeprefix("-")][descending], "public_id"], descending

"""What a figure leaves open: two figures contradict each other if no number fits both.

"About 700" and "at least 700" fit a count of 709: they round it. 141 does not.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cases.vocabulary import Qualifier

# What says how large a figure is.
FIELDS = ("value", "value_min", "value_max", "qualifier")


class Bounds(NamedTuple):
    """The numbers that a figure allows. None = open."""

    low: float | None
    high: float | None

    def meets(self, other: "Bounds") -> bool:
        """Whether a number fits both."""
        return _not_above(self.low, other.high) and _not_above(other.low, self.high)


def of(figure: Mapping[str, Any]) -> Bounds | None:
    """The bounds of a figure by its fields; None if it is in words only.

    An approximate value is rounded at its last digit that is not zero: 700 stands for 650 to 750.
    """
    value, qualifier = figure.get("value"), figure.get("qualifier")
    if value is None:
        low, high = figure.get("value_min"), figure.get("value_max")
        return None if low is None or high is None else Bounds(low, high)
    if qualifier == Qualifier.AT_LEAST:
        return Bounds(value, None)
    if qualifier == Qualifier.AT_MOST:
        return Bounds(None, value)
    if qualifier == Qualifier.APPROXIMATE:
        half = _last_digit(int(value)) / 2
        return Bounds(value - half, value + half)
    return Bounds(value, value)


def exclude_each_other(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether no number fits both figures. Words exclude nothing that can be computed."""
    first, second = of(one), of(other)
    return first is not None and second is not None and not first.meets(second)


def meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a number fits both figures; not if one of them is in words only."""
    first, second = of(one), of(other)
    return first is not None and second is not None and first.meets(second)


def rounds(figure: Mapping[str, Any], stated: Mapping[str, Any]) -> bool:
    """Whether what a source states in place of a figure only rounds it."""
    if not stated or not set(stated) <= set(FIELDS):
        return False
    return meet(figure, {name: stated.get(name, figure.get(name)) for name in FIELDS})


def _last_digit(value: int) -> int:
    """The place of the last digit that is not zero: 100 of 700, 10 of 1110."""
    place = 1
    while value and value % (place * 10) == 0:
        place *= 10
    return place


def _not_above(low: float | None, high: float | None) -> bool:
    return low is None or high is None or low <= high

"""Dates known only in part, as EDTF (ISO 8601-2) strings.

Supported: a year, month or day (`2025`, `2025-02`, `2025-02-14`), unspecified digits (`202X`),
the qualifiers `?` (uncertain) and `~` (approximate), and intervals (`2022-02-24/2025-12`, open or
unknown ends as `..` or nothing). Seasons and sets are refused: the parsing library gives seasons
wrong months, and nobody can filter by a set.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time
from typing import Any

from edtf import parse_edtf
from edtf.parser import parser_classes as edtf_classes
from edtf.parser.edtf_exceptions import EDTFParseException

EXPECTED = (
    "a year, month or day such as 2025, 2025-02 or 2025-02-14, with ~ (approximate) or "
    "? (uncertain) behind it, or an interval such as 2022-02-24/2025-12 or ../2025-07"
)

# The parser takes more than we do: impossible days, digits missing in the middle, percent signs.
_POINT = r"[0-9]{2}([0-9]{2}|[0-9]X|XX)(-([0-9]{2}|XX)(-([0-9]{2}|XX))?)?[?~]?"
_WRITTEN = re.compile(rf"{_POINT}|({_POINT}|\.\.|)/({_POINT}|\.\.|)")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

_POINTS = (edtf_classes.Date, edtf_classes.UncertainOrApproximate, edtf_classes.Unspecified)
_OPEN = edtf_classes.UnspecifiedIntervalSection
_INTERVALS = (edtf_classes.Interval, edtf_classes.Level1Interval)


@dataclass(frozen=True)
class PartialDate:
    """What is known of a date.

    value: the EDTF string as entered.
    earliest, latest: first and last possible day, both inclusive; null = open or unknown end.
        The qualifiers `?` and `~` do not widen them.
    """

    value: str
    earliest: date | None
    latest: date | None

    def as_json(self) -> dict[str, str | None]:
        """`{"value", "earliest", "latest"}`, days as ISO 8601."""
        return {
            "value": self.value,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
        }


@lru_cache(maxsize=4096)
def parse(value: str) -> PartialDate:
    """The partial date that an EDTF string means. ValueError says what is expected instead."""
    unreadable = f"“{value}” is no date that can be read; expected {EXPECTED}"
    try:
        parsed = parse_edtf(value)
    except (EDTFParseException, ValueError) as error:
        raise ValueError(unreadable) from error
    ends = (parsed.lower, parsed.upper) if isinstance(parsed, _INTERVALS) else (parsed, parsed)
    if any(map(_is_of_another_kind, ends)):
        raise ValueError(f"“{value}” is a kind of date not supported here; expected {EXPECTED}")
    if not _WRITTEN.fullmatch(value):
        raise ValueError(unreadable)
    try:
        for day in _DAY.findall(value):
            date.fromisoformat(day)
        earliest, latest = _bound(ends[0], "lower"), _bound(ends[1], "upper")
    except ValueError as error:
        raise ValueError(unreadable) from error
    if earliest is None and latest is None:
        raise ValueError(f"“{value}” says nothing; leave an unknown date out")
    if earliest and latest and earliest > latest:
        raise ValueError(f"“{value}” ends before it begins")
    return PartialDate(value, earliest, latest)


def _is_of_another_kind(end: Any) -> bool:
    qualified = isinstance(end, edtf_classes.UncertainOrApproximate)
    point = end.date if qualified else end
    return isinstance(point, edtf_classes.Season) or not isinstance(point, (*_POINTS, _OPEN))


def _bound(point: object, side: str) -> date | None:
    """One end of a parsed interval as a day; null when it is open or unknown."""
    if not isinstance(point, _POINTS):
        return None
    bound: struct_time = getattr(point, f"{side}_strict")()
    return date(bound.tm_year, bound.tm_mon, bound.tm_mday)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_QUALIFIERS = {"~": "about ", "?": "perhaps "}


def in_words(value: str) -> str:
    """How an EDTF string is understood: “2025-02~” is “about February 2025: 1–28 February 2025”.

    A single day needs no more words than itself. ValueError says what is expected instead.
    """
    partial = parse(value)
    ends = value.split("/")
    said = " to ".join(_point_in_words(end) for end in ends)
    if partial.earliest == partial.latest:
        return said
    return f"{said}: {_range_in_words(partial.earliest, partial.latest)}"


def _point_in_words(point: str) -> str:
    if point in ("", ".."):
        return "open" if point else "unknown"
    qualifier = _QUALIFIERS.get(point[-1], "")
    year, *rest = (point[:-1] if qualifier else point).split("-")
    parts = [part.lstrip("0") for part in reversed(rest) if part != "XX"]
    if parts:
        parts[-1] = _MONTHS[int(parts[-1]) - 1]
    else:
        year = year.replace("XX", "00s").replace("X", "0s")
    return qualifier + " ".join([*parts, year])


def _range_in_words(earliest: date | None, latest: date | None) -> str:
    if earliest is None or latest is None:
        known = latest if earliest is None else earliest
        assert known  # `parse` refuses a date that is open at both ends
        return f"{'until' if earliest is None else 'from'} {_day_in_words(known)}"
    day, month, year = (earliest.day, _MONTHS[earliest.month - 1], earliest.year)
    if (earliest.year, earliest.month) == (latest.year, latest.month):
        first = str(day)
    elif earliest.year == latest.year:
        first = f"{day} {month}"
    else:
        first = f"{day} {month} {year}"
    return f"{first}–{_day_in_words(latest)}"


def _day_in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

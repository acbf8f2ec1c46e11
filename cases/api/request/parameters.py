"""Strict reading of query parameters: nothing is ignored, every mistake is collected."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from re import fullmatch
from typing import Any, TypeVar

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from cases.api.http.errors import BadParametersError, Json, parameter_error

T = TypeVar("T")

BOOLEANS = {"true": True, "false": False}

# Mistakes that are listed; of more, the number is told.
MAX_ERRORS = 20
# Mistakes for which values that are spelt alike are looked up.
MAX_SUGGESTED = 5


class Parameters:
    """The query parameters of one request. Reading one that is wrong returns null and notes the
    mistake; `done` raises all mistakes together."""

    def __init__(self, given: QueryDict) -> None:
        self._given = given
        self.errors: list[Json] = []
        self._unlisted: set[tuple[str, str]] = set()
        self._read_once: dict[str, Any] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def given(self, without: set[str]) -> dict[str, list[str]]:
        """The parameters in a form that does not depend on their order."""
        return {name: sorted(values) for name, values in self._given.lists() if name not in without}

    def wrong(
        self, name: str, value: str, detail: str, allowed: Iterable[str] | str | None = None
    ) -> None:
        """Notes a mistake, once; it is listed unless there are many."""
        if len(self.errors) >= MAX_ERRORS:
            self._unlisted.add((name, value))
            return
        suggest = len(self.errors) < MAX_SUGGESTED
        error = parameter_error(name, value, detail, allowed, suggest=suggest)
        if error not in self.errors:
            self.errors.append(error)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Notes each parameter that is not one of the known."""
        names = set(known)
        for name in self._given:
            if name not in names:
                self._refuse(name, names)

    def _refuse(self, name: str, names: set[str]) -> None:
        if len(self.errors) >= MAX_ERRORS:
            self._unlisted.add((name, ""))
            return
        suggest = len(self.errors) < MAX_SUGGESTED
        detail = "There is no such parameter."
        error = parameter_error(name, name, detail, names, suggest=suggest)
        self.errors.append(error | {"value": self._given.get(name)})

    def all(self, name: str) -> list[str]:
        """All values of a parameter, commas left in; none given = empty."""
        values = [value.strip() for value in self._given.getlist(name)]
        if "" in values:
            self.wrong(name, "", "A value is empty.", "leave the parameter out instead")
        return [value for value in dict.fromkeys(values) if value]

    def many(self, name: str) -> list[str]:
        """All values of a parameter, repeated or divided by commas; none given = empty."""
        values = []
        for given in self._given.getlist(name):
            for value in given.split(","):
                if value.strip():
                    values.append(value.strip())
                else:
                    self.wrong(name, given, "A value is empty.", "leave the parameter out instead")
        return list(dict.fromkeys(values))

    def one(self, name: str) -> str | None:
        """The value of a parameter that may be given once; not given = null."""
        given = self._given.getlist(name)
        if len(given) > 1:
            self.wrong(name, ", ".join(given), "May be given only once.", "one value")
            return None
        if given and not given[0].strip():
            self.wrong(name, given[0], "The value is empty.", "leave the parameter out instead")
            return None
        return given[0].strip() if given else None

    def choices(self, name: str, allowed: Collection[str]) -> list[str]:
        """Values out of a closed list."""
        values = self.many(name)
        for value in values:
            if value not in allowed:
                self.wrong(name, value, f"“{value}” is not known here.", allowed)
        return values

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        value = self.one(name)
        if value is not None and value not in allowed:
            self.wrong(name, value, f"“{value}” is not known here.", allowed)
            return None
        return value

    def matching(self, name: str, pattern: str, example: str) -> list[str]:
        """Values of a form, such as ids; whether they exist is another question."""
        values = self.many(name)
        for value in values:
            if not fullmatch(pattern, value):
                self.wrong(name, value, f"“{value}” has not the form of an id.", f"like {example}")
        return values

    def boolean(self, name: str) -> bool | None:
        value = self.choice(name, list(BOOLEANS))
        return None if value is None else BOOLEANS[value]

    def integer(self, name: str, least: int, most: int) -> int | None:
        allowed = f"a whole number from {least} to {most}"
        return self._read(name, lambda value: _within(value, least, most), allowed)

    def day(self, name: str, *, end: bool) -> date | None:
        """A day; a year or month stands for its first day, or its last when `end`."""
        allowed = "a date such as 2025, 2025-02 or 2025-02-14"
        return self._read(
            name, lambda value: _last_day(value) if end else _first_day(value), allowed
        )

    def moment(self, name: str) -> datetime | None:
        """A point in time in the past; a day stands for its end, UTC."""
        allowed = "a publication number, a date such as 2026-01-31, or a time with its offset"
        return self._read(name, _moment, allowed)

    def since(self, name: str, most: int) -> int | datetime | None:
        """A publication number up to `most`, or a point in time in the past; a day stands for its
        beginning, UTC, so that what happened on it came after."""
        allowed = (
            f"a publication number from 0 to {most}, a date such as 2026-01-31, or a time with its "
            "offset"
        )
        return self._read(name, lambda value: _since(value, most), allowed)

    def done(self) -> None:
        """BadParametersError, if anything was wrong."""
        if self.errors:
            raise BadParametersError(self.errors, len(self._unlisted))

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What `read` makes of a parameter; remembered, so that no mistake is noted twice."""
        if name not in self._read_once:
            self._read_once[name] = read()
        found: T = self._read_once[name]
        return found

    def _read(self, name: str, parse: Callable[[str], T], allowed: str) -> T | None:
        value = self.one(name)
        if value is None:
            return None
        try:
            return parse(value)
        except (ValueError, OverflowError):
            self.wrong(name, value, f"“{value}” cannot be used.", allowed)
            return None


def _within(value: str, least: int, most: int) -> int:
    # `int` alone would take "1_0", "+5" and the digits of other scripts.
    if not fullmatch("-?[0-9]{1,10}", value) or not least <= int(value) <= most:
        raise ValueError
    return int(value)


def _first_day(value: str) -> date:
    if not fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value):
        raise ValueError
    return date.fromisoformat(value + "-01" * (2 - value.count("-")))


def _last_day(value: str) -> date:
    first = _first_day(value)
    if len(value) == len("2025-02-14"):
        return first
    if len(value) == len("2025"):
        return date(first.year, 12, 31)
    return first.replace(day=monthrange(first.year, first.month)[1])


# Ahead of UTC: the time zone in which a day begins first.
FIRST_ZONE = timedelta(hours=14)


def _moment(value: str) -> datetime:
    if (day := _day(value)) is not None:
        return datetime.combine(day, time.max, tzinfo=UTC)
    return _time(value)


def _since(value: str, most: int) -> int | datetime:
    if fullmatch("[0-9]{1,10}", value):
        return _within(value, 0, most)
    if (day := _day(value)) is not None:
        return datetime.combine(day, time.min, tzinfo=UTC) - timedelta(microseconds=1)
    return _time(value)


def _day(value: str) -> date | None:
    """None if it has not the form of a day. A day that has begun anywhere on Earth is no future
    day."""
    day = parse_date(value)
    if day is not None and day > (timezone.now() + FIRST_ZONE).date():
        raise ValueError
    return day


def _time(value: str) -> datetime:
    # "+" in a query string is a space, and an offset is the only place for one.
    moment = parse_datetime(value.replace(" ", "+"))
    if moment is None or timezone.is_naive(moment) or moment > timezone.now():
        raise ValueError
    # PostgreSQL knows no offset of 16 hours and more.
    return moment.astimezone(UTC)

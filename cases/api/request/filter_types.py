"""Filters over the published columns, and the backend that reads them strictly.

A declared filter stands for several parameters: `region` also answers to `region__not` and
`region__isnull`, `decided` to `decided_after`, `decided_before` and `decided__isnull`. A request
pays only for the filters that it names.
"""

from abc import ABC, abstractmethod
from datetime import date
from functools import cache
from re import fullmatch
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django_filters import Filter, FilterSet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from cases.api.request import parameter_docs
from cases.api.request.choices import Choices
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters
from cases.api.request.snapshots import Snapshot
from cases.api.request.snapshots import since as publication_before

DATE_MODES = ["possible", "certain"]

NOT = "Excludes what has one of these values; what is unknown stays."
ISNULL = "true finds what is unknown, false what is known."


class RecordFilter(Filter, ABC):
    """A filter of the published read model.

    suffixes: what is put behind its name to make the names of its parameters.
    """

    def __init__(self, help_text: str, column: str | None = None) -> None:
        super().__init__(field_name=column)
        self.help_text = help_text

    @property
    def column(self) -> str:
        """Called like the filter where none is declared."""
        return str(self.field_name)

    suffixes: tuple[str, ...]

    @abstractmethod
    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        """Each parameter with its `description`, and its `type` or what is `allowed`."""

    @abstractmethod
    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        """What the parameters of this filter ask for; those not given ask for nothing."""

    def annotate(self, rows: QuerySet[Any], name: str, parameters: Parameters) -> QuerySet[Any]:
        """The rows with what a list can be ordered by because of this filter."""
        return rows

    def _isnull(self, name: str, parameters: Parameters) -> Q:
        unknown = parameters.boolean(f"{name}__isnull")
        if unknown is None:
            return Q()
        empty = Q(**{self.column: []})
        return empty if unknown else ~empty


class CodeFilter(RecordFilter):
    """Codes of a closed list, in a `text[]` column. Several = any of them."""

    suffixes = ("", "__not", "__isnull")

    def __init__(self, choices: Choices, help_text: str, column: str | None = None) -> None:
        super().__init__(help_text, column)
        self.choices = choices

    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        return {
            name: self.choices.describe(self.help_text, snapshot),
            f"{name}__not": self.choices.describe(NOT, snapshot),
            f"{name}__isnull": parameter_docs.boolean(ISNULL),
        }

    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        where = self._isnull(name, parameters)
        if name in parameters:
            where &= self._any(parameters.choices(name, self.choices.known(snapshot)))
        if f"{name}__not" in parameters:
            where &= ~self._any(parameters.choices(f"{name}__not", self.choices.known(snapshot)))
        return where

    def _any(self, values: list[str]) -> Q:
        return Q(**{f"{self.column}__overlap": values})


class Ids(RecordFilter):
    """Ids of a form, in a `text[]` column."""

    suffixes = ("", "__not", "__isnull")

    def __init__(self, pattern: str, example: str, help_text: str) -> None:
        super().__init__(help_text)
        self.pattern, self.example = pattern, example

    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        return {
            name: parameter_docs.ids(self.help_text, self.pattern, self.example),
            f"{name}__not": parameter_docs.ids(NOT, self.pattern, self.example),
            f"{name}__isnull": parameter_docs.boolean(ISNULL),
        }

    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        where = self._isnull(name, parameters)
        if name in parameters:
            ids = parameters.matching(name, self.pattern, self.example)
            where &= Q(**{f"{self.column}__overlap": ids})
        if f"{name}__not" in parameters:
            ids = parameters.matching(f"{name}__not", self.pattern, self.example)
            where &= ~Q(**{f"{self.column}__overlap": ids})
        return where


class BooleanFilter(RecordFilter):
    """A boolean column."""

    suffixes = ("",)

    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        return {name: parameter_docs.boolean(self.help_text)}

    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        value = parameters.boolean(name)
        return Q() if value is None else Q(**{self.column: value})


class PartialDateFilter(RecordFilter):
    """Partial dates, in a `daterange[]` column. Both ends given hold for one and the same date.

    With `date_mode=possible`, the default, a date is found when it may lie in the range; with
    `certain`, when it surely does.
    """

    suffixes = ("_after", "_before", "__isnull")

    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        return {
            f"{name}_after": parameter_docs.day(f"{self.help_text} On or after."),
            f"{name}_before": parameter_docs.day(f"{self.help_text} On or before."),
            f"{name}__isnull": parameter_docs.boolean(ISNULL),
        }

    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        after = parameters.day(f"{name}_after", end=False)
        before = parameters.day(f"{name}_before", end=True)
        where = self._isnull(name, parameters)
        if after and before and after > before:
            allowed = f"a date up to {before.isoformat()}"
            given = str(after)
            parameters.wrong(f"{name}_after", given, f"Lies after {name}_before.", allowed)
        elif after or before:
            certain = parameters.choice("date_mode", DATE_MODES) == "certain"
            operator = "<@" if certain else "&&"
            where &= Q(AnyWithin(self.column, operator, "daterange", after, before))
        return where


class Year(RecordFilter):
    """Periods that lie in one of the years, in a `daterange[]` column.

    A figure for several years is no figure for one of them, so the period must lie inside.
    """

    suffixes = ("",)

    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        return {name: parameter_docs.years(self.help_text, 1900, 2100)}

    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        where = Q()
        for value in parameters.many(name):
            if not fullmatch("19[0-9]{2}|20[0-9]{2}|2100", value):
                parameters.wrong(name, value, f"“{value}” is no year.", "1900 to 2100")
                continue
            first, last = date(int(value), 1, 1), date(int(value), 12, 31)
            where |= Q(AnyWithin(self.column, "<@", "daterange", first, last))
        return where


class MonthsFilter(RecordFilter):
    """Lengths in months, in an `integer[]` column. Both ends hold for one and the same length."""

    suffixes = ("_min", "_max", "__isnull")

    MOST = 1200

    def describe(self, name: str, snapshot: Snapshot) -> dict[str, Described]:
        form = f"whole months from 0 to {self.MOST}"
        return {
            f"{name}_min": parameter_docs.integer(
                f"{self.help_text} At least.", form, 0, self.MOST
            ),
            f"{name}_max": parameter_docs.integer(f"{self.help_text} At most.", form, 0, self.MOST),
            f"{name}__isnull": parameter_docs.boolean(ISNULL),
        }

    def condition(self, name: str, parameters: Parameters, snapshot: Snapshot) -> Q:
        least = parameters.integer(f"{name}_min", 0, self.MOST)
        most = parameters.integer(f"{name}_max", 0, self.MOST)
        where = self._isnull(name, parameters)
        if least is not None and most is not None and least > most:
            detail = f"Lies above {name}_max."
            parameters.wrong(f"{name}_min", str(least), detail, f"0 to {most}")
        elif least is not None or most is not None:
            where &= Q(AnyWithin(self.column, "<@", "int4range", least, most))
        return where


class AnyWithin(Func):
    """Whether any item of an array lies in a range, or with "&&" overlaps it; null = no bound."""

    output_field = BooleanField()

    def __init__(self, column: str, operator: str, kind: str, low: Any, high: Any) -> None:
        super().__init__(F(column), Value(low), Value(high))
        self.operator, self.kind = operator, kind

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        (items, first), (low, second), (high, third) = map(
            compiler.compile, self.get_source_expressions()
        )
        sql = (
            f"EXISTS (SELECT FROM unnest({items}) AS item"
            f" WHERE item {self.operator} {self.kind}({low}, {high}, '[]'))"
        )
        return sql, (*first, *second, *third)


class RecordFilterSet(FilterSet):
    """The filters and orderings of one list.

    orderings: name → the columns for ascending and for descending order; what is unknown sorts
    last in both. id_pattern, id_example: of the records' ids.
    """

    orderings: dict[str, tuple[str, str]]
    default_ordering: str
    id_pattern: str
    id_example: str

    @classmethod
    @cache
    def owners(cls) -> dict[str, str]:
        """Every parameter of the filters, with the name of the filter it belongs to."""
        return {
            f"{name}{suffix}": name
            for name, filter_ in cls.base_filters.items()
            for suffix in filter_.suffixes
        }

    @classmethod
    @cache
    def names(cls) -> frozenset[str]:
        """Every parameter of the list that selects records."""
        dated = any(isinstance(filter_, PartialDateFilter) for filter_ in cls.base_filters.values())
        shared = {"ids", "changed_since", "date_mode"} if dated else {"ids", "changed_since"}
        return frozenset(cls.owners().keys() | shared)

    @classmethod
    def describe(cls, snapshot: Snapshot) -> dict[str, Described]:
        """These parameters, each with its description."""
        found: dict[str, Described] = {}
        for name, filter_ in cls.base_filters.items():
            found |= filter_.describe(name, snapshot)
        since = (
            "Only what was published or corrected after this publication, on or after this day, or "
            "after this time."
        )
        mode = "Whether a partial date has to lie in the range only possibly, or certainly."
        found |= {
            "ids": parameter_docs.ids("Ids of records.", cls.id_pattern, cls.id_example),
            "changed_since": parameter_docs.moment(since, snapshot.head, 0),
            "date_mode": parameter_docs.choice(mode, DATE_MODES, "possible"),
        }
        return {name: about for name, about in found.items() if name in cls.names()}


class StrictFilterBackend(BaseFilterBackend):
    """Applies the filters of the view's FilterSet that the request names, and those all share."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        where = conditions(view.filterset_class, view.parameters, view.snapshot)
        queryset = queryset.filter(*where.values())
        for name, filter_ in view.filterset_class.base_filters.items():
            if name in where:
                queryset = filter_.annotate(queryset, name, view.parameters)
        return queryset


def conditions(
    filterset: type[RecordFilterSet], parameters: Parameters, snapshot: Snapshot
) -> dict[str, Q]:
    """What the request asks for, by the name of the filter."""
    owners = filterset.owners()
    named = dict.fromkeys(owners[given] for given in parameters if given in owners)
    where = {
        name: filterset.base_filters[name].condition(name, parameters, snapshot) for name in named
    }
    if "ids" in parameters:
        ids = parameters.matching("ids", filterset.id_pattern, filterset.id_example)
        where["ids"] = Q(public_id__in=ids)
    since = publication_before(parameters, "changed_since", snapshot)
    if since is not None:
        where["changed_since"] = Q(since__gt=since)
    if "date_mode" in filterset.names():
        parameters.choice("date_mode", DATE_MODES)
    return where

"""Facets: how the selected records are distributed over the values of a field.

A facet leaves its own filter out, so that it shows what else one could choose ("drill-sideways");
a cross-table leaves out those of both its fields. With `drill=down` all filters hold. A facet of
places can be had as a map.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.http import FileResponse
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.exports import response
from cases.api.exports.response import centroids
from cases.api.http.errors import BadParametersError, parameter_error
from cases.api.queries.facets import MAX_ROWS, Field, TooManyValuesError, counts
from cases.api.queries.pagination import address
from cases.api.request import negotiation, parameter_docs
from cases.api.request.choices import Choices, Labels, Published
from cases.api.request.filter_types import (
    BooleanFilter,
    CodeFilter,
    MonthsFilter,
    PartialDateFilter,
    RecordFilterSet,
    conditions,
)
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters
from cases.api.schemas import lists
from cases.api.views.snapshot_view import SnapshotView
from cases.exporting.formats import CSV, GEOJSON
from cases.exporting.formats.geojson import feature
from cases.exporting.tables.lists import FACETS
from cases.vocabulary import RecordKind

Json = dict[str, Any]

MEASURES = ["sentence_months"]

# Whether a facet leaves its own filter out, or counts under all filters.
DRILLS = ["sideways", "down"]

MOST_FACETS = 10  # in one request
# Of these, pairs of fields: they have many times the values of a single one.
MAX_CROSSED = 3


class Facets(SnapshotView):
    """Counts of records by the values of one or two fields, with what is unknown."""

    # Both are given by the address.
    record = RecordKind.CASE
    filterset_class = RecordFilterSet
    answer = lists.FacetAnswer

    @property
    def formats(self) -> list[str]:
        places = any(field.on_a_map for field in fields(self.filterset_class).values())
        return [negotiation.JSON, CSV.name, *([GEOJSON.name] if places else [])]

    def names(self) -> set[str]:
        own = {"by", "drill", "measure"} if self._measurable() else {"by", "drill"}
        return super().names() | own | self.filterset_class.names() | response.names(FACETS)

    def describe(self) -> dict[str, Described]:
        by = (
            "Field to count by; repeat it for several facets, join two with a comma to cross them,"
            f" up to {MAX_CROSSED} times. All facets together have up to {MAX_ROWS:,} values."
        )
        measure = "Also n, min, median, mean and max of this, over terms that are in force."
        found = super().describe() | self.filterset_class.describe(self.snapshot)
        found["by"] = parameter_docs.crossed(by, sorted(fields(self.filterset_class)), MOST_FACETS)
        drill = "Whether a facet leaves its own filter out, or counts only what is selected."
        found["drill"] = parameter_docs.choice(drill, DRILLS, DRILLS[0])
        if self._measurable():
            found["measure"] = parameter_docs.choice(measure, MEASURES)
        return found | response.describe(FACETS)

    def get(self, request: Request) -> Response | FileResponse:
        known = fields(self.filterset_class)
        tables = _tables(self.parameters, known)
        if self.format == GEOJSON.name:
            _refuse_what_is_no_map(self.parameters, tables, known)
        # Of statistics, `measure` is a filter.
        measure = self.parameters.choice("measure", MEASURES) if self._measurable() else None
        down = self.parameters.choice("drill", DRILLS) == "down"
        filters = conditions(self.filterset_class, self.parameters, self.snapshot)
        by = {names: [known[name] for name in names] for names in tables}

        def counted() -> tuple[int, dict[str, Json]]:
            labels = _Labels(self.snapshot.publication)
            try:
                count, found = counts(self.record, self.snapshot, filters, by, down, measure)
            except TooManyValuesError:
                raise _too_many(tables) from None
            return count, {
                ",".join(names): _shaped(found[names], table, measure, labels)
                for names, table in by.items()
            }

        if self.format == CSV.name:
            return self._file(_Rows(counted))
        response.refuse_options(FACETS, self.parameters)
        self.parameters.done()
        count, facets = counted()
        # Also where the map was asked for by a header, which an address does not hold.
        form = {} if self.format == negotiation.JSON else {"format": self.format}
        head = {
            "publication": self.snapshot.publication,
            "permalink": address(request, self.snapshot.publication, form),
            "count": count,
        }
        if self.format == GEOJSON.name:
            features = _features(next(iter(facets.values())), self.snapshot.publication)
            body = orjson.dumps({"type": "FeatureCollection", **head, "features": features})
            return Response(body, content_type=GEOJSON.media_type)
        return Response(head | {"facets": facets})

    def _file(self, rows: "_Rows") -> FileResponse:
        table = replace(FACETS, name=f"{self.record}-facets")
        return response.answer(
            self.request, self.parameters, self.snapshot, table, CSV, rows, None, self._etag
        )

    def get_view_name(self) -> str:
        return f"{self.record.label.capitalize()} facets"

    def _measurable(self) -> bool:
        return "sentence_months" in self.filterset_class.base_filters


@dataclass(frozen=True)
class _Rows:
    """Facets as a file has them: a row for each value, and one for what is unknown."""

    counted: Callable[[], tuple[int, dict[str, Json]]]

    def count(self) -> int:
        return sum(1 for _ in self.bodies())

    def bodies(self) -> Generator[bytes]:
        _, facets = self.counted()
        for name, facet in facets.items():
            unknown = {key.removeprefix("unknown_"): facet[key] for key in facet if key != "values"}
            if unknown:
                unknown["count"] = unknown.pop("unknown")
                unknown |= {"value": None, "label": None}
            for row in [*facet["values"], *([unknown] if unknown else [])]:
                crossed = isinstance(row["value"], list)
                values = row["value"] if crossed else [row["value"]]
                labels = row["label"] if crossed else [row["label"]]
                ends = [
                    {"value": value, "label": label}
                    for value, label in zip(values, labels, strict=True)
                ]
                placed = dict(zip(("first", "second"), [*ends, None], strict=False))
                yield orjson.dumps({"facet": name, **row, **placed})


def fields(filterset: type[RecordFilterSet]) -> dict[str, Field]:
    """The fields that a list can be counted by."""
    found = {}
    for name, filter_ in filterset.base_filters.items():
        name_of_column = str(filter_.field_name)
        column = f'"{name_of_column}"'
        if isinstance(filter_, CodeFilter):
            values = f"SELECT unnest({column})"
            if filter_.choices == Published(RecordKind.REGION):
                # Countries have a field of their own; here they would count everything twice.
                values = f"SELECT code FROM unnest({column}) AS code WHERE code LIKE '%%-%%'"
            found[name] = Field(name, name_of_column, filter_.choices, values)
        elif isinstance(filter_, BooleanFilter):
            found[name] = Field(name, name_of_column, None, f"SELECT {column}::text")
        elif isinstance(filter_, PartialDateFilter):
            for unit, form in (("year", "YYYY"), ("month", "YYYY-MM")):
                values = _spans(column, form)
                found[f"{name}_{unit}"] = Field(name, name_of_column, None, values)
        elif isinstance(filter_, MonthsFilter):
            values = f"SELECT DISTINCT term::text FROM unnest({column}) AS term"
            found[name] = Field(name, name_of_column, None, values)
    return found


def _spans(column: str, form: str) -> str:
    """SQL for the years or months of dates. A date that may lie in either of two counts for none,
    and neither does one without beginning or end."""
    return (
        f"SELECT DISTINCT to_char(lower(day), '{form}') FROM unnest({column}) AS day"
        f" WHERE to_char(lower(day), '{form}') = to_char(upper(day) - 1, '{form}')"
    )


def _tables(parameters: Parameters, known: dict[str, Field]) -> list[tuple[str, ...]]:
    """What `by` asks for: one field, or two that are crossed.

    In one order, whatever the order of the parameters: the permalink sorts them, and its answer
    must have the same bytes.
    """
    tables: list[tuple[str, ...]] = []
    if "by" not in parameters:
        parameters.wrong("by", "", "Is missing.", known)
    for given in parameters.all("by"):
        names = tuple(name.strip() for name in given.split(","))
        unknown = [name for name in names if name not in known]
        for name in unknown:
            parameters.wrong("by", name, f"One cannot count by “{name}”.", known)
        if len(names) > 2 or len(set(names)) < len(names):
            parameters.wrong("by", given, "Crosses too many fields.", "two different fields")
        elif not unknown and names not in tables:
            tables.append(names)
    if len(tables) > MOST_FACETS:
        parameters.wrong("by", str(len(tables)), "Too many facets.", f"up to {MOST_FACETS}")
    crossed = [",".join(names) for names in tables if len(names) > 1]
    if len(crossed) > MAX_CROSSED:
        detail = f"Crosses fields {len(crossed)} times."
        parameters.wrong("by", " and ".join(crossed), detail, f"up to {MAX_CROSSED} crossings")
    return sorted(tables)


def _refuse_what_is_no_map(
    parameters: Parameters, tables: list[tuple[str, ...]], known: dict[str, Field]
) -> None:
    """Notes what was asked for by `by` if it is anything but one field of places."""
    places = [name for name, field in known.items() if field.on_a_map]
    if tables and not (len(tables) == 1 and len(tables[0]) == 1 and tables[0][0] in places):
        given = " and ".join(",".join(names) for names in tables)
        parameters.wrong("by", given, "A map shows one field of places.", places)


def _features(facet: dict[str, Any], publication: int) -> list[dict[str, Any]]:
    """A point for each value on the centroid of its region; one without geometry for what is
    unknown, and for a region without a centroid."""
    points = centroids(publication)
    unknown = {key.removeprefix("unknown_"): facet[key] for key in facet if key != "values"}
    unknown["count"] = unknown.pop("unknown")
    return [feature(row["value"], row, points.get(row["value"])) for row in facet["values"]] + [
        feature(None, {"value": None, "label": None, **unknown}, None)
    ]


def _too_many(tables: list[tuple[str, ...]]) -> BadParametersError:
    """Of crossed fields, as those of single ones never have so many values."""
    given = " and ".join(",".join(names) for names in tables if len(names) > 1)
    detail = "The fields have too many combinations of values."
    allowed = f"up to {MAX_ROWS:,}: cross fields with fewer values, or add filters"
    return BadParametersError([parameter_error("by", given, detail, allowed)])


def _shaped(
    found: Iterable[tuple[Any, ...]], crossed: list[Field], measure: str | None, labels: "_Labels"
) -> dict[str, Any]:
    """The rows of one facet; of a simple one, what is unknown stands beside the values."""
    width = len(crossed)
    values = []
    unknown: dict[str, Any] = {"unknown": 0}
    for row in found:
        codes, count, summary = row[:width], row[width], row[width + 1 :]
        more = {measure: _summary(summary)} if measure else {}
        names = [labels.of(field.labels, code) for field, code in zip(crossed, codes, strict=True)]
        if width > 1:
            values.append({"value": list(codes), "label": names, "count": count, **more})
        elif codes[0] is None:
            unknown = {"unknown": count} | {f"unknown_{key}": part for key, part in more.items()}
        else:
            values.append({"value": codes[0], "label": names[0], "count": count, **more})
    return {"values": values} if width > 1 else {"values": values, **unknown}


def _summary(row: tuple[Any, ...]) -> dict[str, Any]:
    """n, and min, median, mean and max in months; null where there is nothing to count."""
    n, least, median, mean, most = row
    return {"n": n, "min": least, "median": median, "mean": mean, "max": most}


class _Labels:
    """Names of codes as they stood at a publication, each list of them fetched once."""

    def __init__(self, publication: int) -> None:
        self._publication = publication
        self._names: dict[Choices, Labels] = {}

    def of(self, choices: Choices | None, code: str | None) -> dict[str, str | None] | None:
        if choices is None or code is None:
            return None
        if choices not in self._names:
            self._names[choices] = choices.labels(self._publication)
        return self._names[choices].get(code)

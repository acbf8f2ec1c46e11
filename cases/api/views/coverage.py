"""Coverage: each published figure beside what this dataset counts under the same definition.

The records here are those whose story was told in public, so they are far fewer than what states
count. The comparison says how far, and never stands in for a figure.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from django.db.models import Count, Q
from django.http import QueryDict
from rest_framework.request import Request

from cases.api.filters import CaseFilter, DefendantFilter, StatisticFilter, VerdictFilter
from cases.api.queries.pagination import KeysetPagination
from cases.api.request.filter_types import RecordFilterSet, conditions
from cases.api.request.parameters import Parameters
from cases.api.request.snapshots import Snapshot
from cases.api.schemas import lists
from cases.api.views.records import RecordList
from cases.models import published
from cases.publishing.serializers.fields import API
from cases.vocabulary import Conflict, Measure, RecordKind

Json = dict[str, Any]

FULL_SCALE_WAR = "2022-02-24"  # its first day


class Definition(NamedTuple):
    """How a measure is counted here: which list, with which filters, dated by what."""

    record: RecordKind
    address: str
    filterset: type[RecordFilterSet]
    dated: str
    filters: dict[str, str]


# A measure that is not here counts something that no record of ours stands for.
DEFINITIONS: dict[str, Definition] = {
    Measure.CASES_OPENED: Definition(RecordKind.CASE, "cases", CaseFilter, "opened", {}),
    Measure.CASES_REGISTERED: Definition(RecordKind.CASE, "cases", CaseFilter, "opened", {}),
    Measure.SENTENCES: Definition(
        RecordKind.VERDICT, "verdicts", VerdictFilter, "decided", {"outcome": "convicted"}
    ),
    Measure.PERSONS_CONVICTED: Definition(
        RecordKind.DEFENDANT,
        "defendants",
        DefendantFilter,
        "decided",
        {"legal_status": "convicted,convicted_not_final"},
    ),
}


class CoveragePagination(KeysetPagination):
    """Pages of figures, each with our own count; one query more for each list that is counted."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        bodies = super().paginate_queryset(queryset, request, view)
        figures = [orjson.loads(body) for body in bodies]
        ours = _counted(figures, view.snapshot)
        return [
            orjson.dumps(
                {
                    # Older versions may lack a field that was added since.
                    "statistic": {name: figure.get(name) for name in lists.Figure.Meta.fields},
                    "ours": ours.get(figure["id"]),
                }
            )
            for figure in figures
        ]


class Coverage(RecordList):
    """Each figure (`statistic`) with `ours`: what we count under the same country, articles and
    period; null where no record of ours stands for what is measured.

    count: records dated in the period for certain; undated: further ones that may belong to it, as
    their date is not known or not well enough; url: the list that is counted.
    A sentence that was quashed and passed again counts twice: each was a sentence.
    """

    pagination_class = CoveragePagination
    record = RecordKind.STATISTIC
    filterset_class = StatisticFilter
    answer = lists.CoverageList

    table = None

    def get_view_name(self) -> str:
        return "Coverage"


def _counted(figures: list[Json], snapshot: Snapshot) -> dict[str, Json]:
    """Our counts by the id of the figure; one query a list, over all figures at once."""
    ours: dict[str, Json] = {}
    wanted: dict[RecordKind, dict[str, Q]] = {}
    for figure in figures:
        definition = DEFINITIONS.get(figure["measure"])
        # What a figure counts of a formation or procedure is rarely what the records say of it.
        if definition is None or figure.get("formation") or figure.get("procedure"):
            continue
        same, period = _filters(figure, definition)
        key = figure["id"].replace("-", "_")
        asked = wanted.setdefault(definition.record, {})
        certain = _where(definition, same | period, snapshot)
        asked[f"count_{key}"] = certain
        asked[f"undated_{key}"] = _possible(figure, definition, snapshot) & ~certain
        query = QueryDict(mutable=True)
        query.update(same | period | {"as_of": str(snapshot.publication)})
        address = f"{API}/{definition.address}/?{query.urlencode()}"
        ours[figure["id"]] = {"count": 0, "undated": 0, "url": address}
    for record, asked in wanted.items():
        rows = published(record).as_of(snapshot.publication)
        counts = rows.aggregate(**{name: Count("pk", filter=q) for name, q in asked.items()})
        for name, count in counts.items():
            kind, _, key = name.partition("_")
            ours[key.replace("_", "-")][kind] = count
    return ours


def _filters(figure: Json, definition: Definition) -> tuple[dict[str, str], dict[str, str]]:
    """The definition of a figure as filters of our list, and its period apart from them."""
    same = dict(definition.filters)
    if country := figure.get("country"):
        same["country"] = country
    if figure.get("articles"):
        same["article"] = ",".join(article["code"] for article in figure["articles"])
    period = figure.get("period") or {}
    bounds = {"after": period.get("earliest"), "before": period.get("latest")}
    dated = {f"{definition.dated}_{side}": day for side, day in bounds.items() if day}
    return same, dated | {"date_mode": "certain"} if dated else {}


def _possible(figure: Json, definition: Definition, snapshot: Snapshot) -> Q:
    """The condition of all records that may belong to a figure."""
    same, period = _filters(figure, definition)
    period.pop("date_mode", None)
    undated = {f"{definition.dated}__isnull": "true"}
    found = _where(definition, same | period, snapshot) | _where(
        definition, same | undated, snapshot
    )
    begin = (figure.get("period") or {}).get("earliest")
    if begin and definition.dated == "opened":
        # A case was opened before its first ruling.
        before = (date.fromisoformat(begin) - timedelta(days=1)).isoformat()
        ruled = {"decided_before": before, "date_mode": "certain"}
        found &= ~_where(definition, ruled, snapshot)
    end = (figure.get("period") or {}).get("latest")
    if end and end < FULL_SCALE_WAR:
        found &= ~_where(definition, {"conflict": Conflict.FULL_SCALE}, snapshot)
    return found


def _where(definition: Definition, given: dict[str, str], snapshot: Snapshot) -> Q:
    """The condition that the list itself would make of these parameters."""
    query = QueryDict(mutable=True)
    query.update(given)
    parameters = Parameters(query)
    found = conditions(definition.filterset, parameters, snapshot)
    parameters.done()
    return Q(*found.values())

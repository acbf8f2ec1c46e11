"""The controls of the form: a group for each filter, with what can be chosen and how often it
occurs."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cases.api.request.choices import Choices, Published, VocabularyChoices
from cases.api.request.filter_types import (
    BooleanFilter,
    CodeFilter,
    Ids,
    MonthsFilter,
    PartialDateFilter,
    Year,
)
from cases.api.urls import FILTERS
from cases.api.views.facets import MOST_FACETS
from cases.vocabulary import RecordKind
from cases.web.answers import Answers, Json
from cases.web.explorer import labels
from cases.web.explorer.controls import Group, Value, nested
from cases.web.explorer.labels import Names
from cases.web.explorer.selection import Selection

# Groups beside the results, in this order; all others stand on the page of all filters. Those of
# one question to the API, as each of them costs.
BESIDE = {
    "cases": (
        *("country", "region", "formation", "article", "outcome", "decided", "sentence_months"),
        *("legal_status", "procedure", "disputed"),
    ),
    "defendants": (
        *("country", "residence", "formation", "article", "legal_status", "outcome", "decided"),
        *("sentence_months", "plea", "disputed"),
    ),
    "verdicts": (
        *("country", "court", "formation", "article", "outcome", "decided", "sentence_months"),
        *("procedure", "disputed"),
    ),
    "sources": ("kind", "language", "publisher", "published", "archived"),
    "statistics": ("measure", "country", "article", "formation", "publisher", "disputed", "year"),
}
# Of these, that many are open from the start.
OPEN = 6
# Values of a group beside the results; the page of all filters has them all.
MOST_VALUES = 8

# Tables in which entries stand under others.
TREES = {RecordKind.FORMATION: "formations", RecordKind.ARTICLE: "articles"}


FORMS: dict[Any, str] = {
    CodeFilter: "codes",
    Ids: "ids",
    BooleanFilter: "flag",
    PartialDateFilter: "days",
    MonthsFilter: "months",
    Year: "years",
}


def counted_by(kind: str, name: str) -> str | None:
    """The facet that counts the values of a filter; null = none does."""
    filter_ = FILTERS[kind].base_filters[name]
    if isinstance(filter_, PartialDateFilter):
        return f"{name}_year"
    return name if isinstance(filter_, CodeFilter | BooleanFilter) else None


class Groups:
    """The groups of one page. problems: of the parameters, as the API said them."""

    def __init__(self, answers: Answers, selection: Selection, problems: list[Json]) -> None:
        self._answers, self._selection, self._problems = answers, selection, problems
        self._names = Names(answers)
        self._facets: dict[str, tuple[str, Json]] = {}

    def beside(self) -> list[Group]:
        """Those beside the results, counted."""
        return self._groups(BESIDE[self._selection.kind], most=MOST_VALUES)

    def all(self) -> list[Group]:
        """Those of every filter, counted, with all values that occur."""
        names = [name for name in self._selection.filters.base_filters if name != "q"]
        return self._groups(names, most=None)

    def _groups(self, names: Any, most: int | None) -> list[Group]:
        if not self._problems:
            kind = self._selection.kind
            self._count([field for name in names if (field := counted_by(kind, name))])
        found = [self._group(name, most) for name in names]
        for place, group in enumerate(found):
            group.opened = most is not None and (
                place < OPEN or bool(group.errors) or self._is_chosen(group)
            )
        return found

    def _count(self, fields: list[str]) -> None:
        """Asks for the facets, as many at a time as the API counts."""
        asked = self._selection.asked(without=("ordering", "page_size", "cursor"))
        for start in range(0, len(fields), MOST_FACETS):
            path = f"{self._selection.kind}/facets/"
            by = fields[start : start + MOST_FACETS]
            answer = self._answers.get(path, asked | {"by": by})
            place = urlsplit(answer["permalink"])
            for name, facet in answer["facets"].items():
                self._facets[name] = (f"{place.path}?{place.query}", facet)

    def _facet(self, field: str) -> tuple[Json, str]:
        """A facet, and where it stands in its answer; an empty one where nothing was counted."""
        _, facet = self._facets.get(field, ("", {"values": []}))
        return facet, f"#/facets/{field}"

    def _group(self, name: str, most: int | None) -> Group:
        filter_ = self._selection.filters.base_filters[name]
        form = FORMS[type(filter_)]
        group = Group(name, form, filter_.suffixes)
        group.answer, _ = self._facets.get(counted_by(self._selection.kind, name) or "", ("", {}))
        group.errors = [
            error for error in self._problems if error["param"] in self._selection.owned(name)
        ]
        group.help = labels.help_of(self._selection.kind, name)
        group.given = {
            suffix.strip("_") or "value": ",".join(self._selection.values(f"{name}{suffix}"))
            for suffix in filter_.suffixes
        }
        if isinstance(filter_, CodeFilter):
            group.values = self._codes(name, filter_.choices)
            if most is None:
                group.values += self._absent(filter_.choices, group.values)
            group.unknown = self._unknown(name)
        elif isinstance(filter_, BooleanFilter):
            group.values = self._flag(name)
        elif isinstance(filter_, PartialDateFilter):
            group.values = self._years(name)
        elif isinstance(filter_, Ids):
            group.example = filter_.example
        if most is not None:
            shown = [
                value for place, value in enumerate(group.values) if place < most or value.chosen
            ]
            group.hidden, group.values = len(group.values) - len(shown), shown
        return group

    def _is_chosen(self, group: Group) -> bool:
        return any(name in self._selection.owned(group.name) for name in self._selection.names())

    def _codes(self, name: str, choices: Choices) -> list[Value]:
        facet, pointer = self._facet(name)
        chosen = self._selection.values(name)
        found = [
            Value(
                row["value"],
                self._label(choices, row),
                row["count"],
                f"{pointer}/values/{place}/count",
                row["value"] in chosen,
                self._only(name, {name: [row["value"]]}),
            )
            for place, row in enumerate(facet["values"])
        ]
        counted = {value.value for value in found}
        found += [
            Value(code, self._names.of(choices, code), chosen=True)
            for code in chosen
            if code not in counted
        ]
        kind = choices.kind if isinstance(choices, Published) and not choices.countries else None
        if kind not in TREES:
            return found
        table = self._names.table(TREES[kind])
        return nested(found, {code: row["parent"] for code, row in table.items()})

    def _absent(self, choices: Choices, listed: list[Value]) -> list[Value]:
        """The codes of a short vocabulary that no record has; of others they are too many."""
        known = choices.vocabulary.values if isinstance(choices, VocabularyChoices) else []
        counted = {value.value for value in listed}
        absent = [code for code in known if code not in counted]
        return [Value(code, self._names.of(choices, code)) for code in absent]

    def _label(self, choices: Choices, row: Json) -> SafeString | str:
        if isinstance(choices, Published) and choices.kind is not RecordKind.ARTICLE:
            return labels.text(row["label"], row["value"])
        return self._names.of(choices, row["value"])

    def _flag(self, name: str) -> list[Value]:
        words = {"true": gettext("yes"), "false": gettext("no")}
        facet, pointer = self._facet(name)
        counts = {row["value"]: (place, row) for place, row in enumerate(facet["values"])}
        found = []
        for code, label in words.items():
            value = Value(code, label, chosen=self._selection.first(name) == code)
            if code in counts:
                place, row = counts[code]
                value.count, value.pointer = row["count"], f"{pointer}/values/{place}/count"
                value.only = self._only(name, {name: [code]})
            found.append(value)
        return found

    def _years(self, name: str) -> list[Value]:
        """Years in which a date lies for certain, newest first."""
        facet, pointer = self._facet(f"{name}_year")
        span = f"{name}_after", f"{name}_before"
        chosen = {self._selection.first(part) for part in span}
        found = []
        for place, row in enumerate(facet["values"]):
            year = row["value"]
            changes = {span[0]: [year], span[1]: [year], "date_mode": ["certain"]}
            found.append(
                Value(
                    year,
                    year,
                    row["count"],
                    f"{pointer}/values/{place}/count",
                    chosen == {year},
                    # The mode holds for all dates, so another date would be read otherwise too.
                    None if self._other_dates(name) else self._only(name, changes),
                )
            )
        return sorted(found, key=lambda value: value.value, reverse=True)

    def _other_dates(self, name: str) -> bool:
        if self._selection.first("date_mode") == "certain":
            return False
        others = self._selection.filters.base_filters.items()
        dates = {
            own
            for other, found in others
            if isinstance(found, PartialDateFilter) and other != name
            for own in self._selection.owned(other)
        }
        return any(given in dates for given in self._selection.names())

    def _unknown(self, name: str) -> Value | None:
        facet, pointer = self._facet(name)
        if not facet.get("unknown"):
            return None
        chosen = self._selection.first(f"{name}__isnull") == "true"
        only = self._only(name, {f"{name}__isnull": ["true"]})
        label = gettext("unknown")
        return Value("true", label, facet["unknown"], f"{pointer}/unknown", chosen, only)

    def _only(self, name: str, changes: dict[str, list[str]]) -> str:
        """The query with this and no other word on a filter: so many records does it select as
        the facet counts, which leaves its own filter out."""
        return self._selection.query(changes, without=self._selection.owned(name))

"""Which facts an object states, by their public names, and how they stand in the forms."""

from typing import Any

from django.db.models import Model

from cases.admin.help import label_for
from cases.models import Case, Defendant, Name, Payment, Service, Statistic, Verdict
from cases.publishing.rules import STRUCTURE
from cases.publishing.serializers.case import (
    CaseShape,
    DefendantShape,
    ServiceShape,
    VerdictShape,
)
from cases.publishing.serializers.statistic import StatisticShape

SHAPES: dict[type[Model], Any] = {
    Case: CaseShape,
    Defendant: DefendantShape,
    Service: ServiceShape,
    Verdict: VerdictShape,
    Statistic: StatisticShape,
}

FACTS = {
    model: [name for name in shape.Meta.fields if name not in STRUCTURE]
    for model, shape in SHAPES.items()
}
"""What can be cited of each kind of object, in the order of its document."""

# Facts that are made of several rows, by the field that speaks for a row; or of several fields.
_OF_ROWS = {(Name, "text"): "names", (Payment, "amount"): "payments"}
_RECRUITMENT = "recruitment_"


def fact_of(model: type[Model], field: str) -> str | None:
    """The fact that a form field states something of; null for what is no fact."""
    if (model, field) in _OF_ROWS:
        return _OF_ROWS[model, field]
    if model is Defendant and field.startswith(_RECRUITMENT):
        return "recruitment"
    return field if field in FACTS.get(model, ()) else None


def choices(model: type[Model]) -> list[tuple[str, str]]:
    """The facts of an object with their names for editors."""
    named = {field.name: label_for(field) for field in model._meta.get_fields() if field.concrete}
    return [(fact, named.get(fact, fact)) for fact in FACTS[model]]

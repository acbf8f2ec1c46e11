"""Every CHECK that a column brings of itself: each field of each model, with values it refuses."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, JSONField, Value
from django.db.models.fields import PositiveIntegerRelDbTypeMixin

from cases.models import Article, Case
from cases.models.fields import (
    EdtfField,
    IdField,
    MultilingualField,
    MultilingualListField,
    TextField,
    VocabularyField,
)

pytestmark = pytest.mark.django_db

MODELS = list(apps.get_app_config("cases").get_models(include_auto_created=True))

REFUSED = {
    # a letter that no pattern of ids knows, behind the id itself
    IdField: [lambda row: f"{row.pk}ы", lambda row: f"{row.pk}\n"],
    TextField: [lambda row: ""],
    VocabularyField: [lambda row: "", lambda row: "nonsense"],
    EdtfField: [lambda row: "", lambda row: "last year", lambda row: "2025%"],
    MultilingualField: [
        lambda row: {},
        lambda row: {"de": "deutsch"},
        lambda row: {"en": "English", "de": "deutsch"},
        lambda row: [],
        lambda row: ["English"],
        lambda row: "English",
        lambda row: 5,
        lambda row: Value(None, JSONField()),
    ],
    MultilingualListField: [
        lambda row: {},
        lambda row: {"de": ["deutsch"]},
        lambda row: {"en": "English"},
        lambda row: {"en": []},
        lambda row: {"en": ["English", ""]},
        lambda row: {"en": [5]},
        lambda row: ["English"],
    ],
    PositiveIntegerRelDbTypeMixin: [lambda row: -1],
}

# A constraint between fields that would speak first is kept quiet by setting another field.
BESIDES = {(Article, "max_months"): {"min_months": None}}

FIELDS = [
    (model, field, values)
    for model in MODELS
    for field in model._meta.local_fields
    for kind, values in REFUSED.items()
    if isinstance(field, kind)
]
EXAMPLES = [
    pytest.param(model, field, values, id=f"{model.__name__}.{field.name}")
    for model, field, values in FIELDS
]


def check_of(model, field):
    return f"{model._meta.db_table}_{field.column}_check"


def refusal(model, field, value):
    """The name of the constraint that refuses a value."""
    row = model.objects.order_by("pk")[0]
    fields = {field.name: value(row), **BESIDES.get((model, field.name), {})}
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        model.objects.filter(pk=row.pk).update(**fields)
    return error.value.__cause__.diag.constraint_name


@pytest.mark.parametrize(("model", "field", "values"), EXAMPLES)
def test_a_column_refuses_what_is_no_value_of_its_kind(rows, model, field, values):
    for value in values:
        assert refusal(model, field, value) == check_of(model, field)


@pytest.mark.parametrize("value", ["", None, 5, ["English"]])
def test_a_language_of_a_text_holds_text_or_is_missing(rows, value):
    summary = Case._meta.get_field("summary")
    assert refusal(Case, summary, lambda row: {"en": value}) == check_of(Case, summary)


def test_every_check_in_the_database_is_broken_by_an_example(rows):
    """Those of columns here, those between fields in test_constraints."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid::regclass::text LIKE 'cases\\_%%'"
        )
        found = {name for (name,) in cursor}
    between = {
        rule.name
        for model in MODELS
        for rule in model._meta.constraints
        if isinstance(rule, CheckConstraint)
    }
    assert found == between | {check_of(model, field) for model, field, _ in FIELDS}

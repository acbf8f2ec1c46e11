"""The columns of the database are what the models say they are."""

import pytest
from django.apps import apps
from django.db import connection

MODELS = list(apps.get_app_config("cases").get_models(include_auto_created=True))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_column_is_nullable_only_where_its_field_may_be_unknown(db, model):
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, model._meta.db_table)
    found = {column.name for column in description if column.null_ok}
    generated = {field.column for field in model._meta.local_fields if field.generated}
    wanted = {field.column for field in model._meta.local_fields if field.null}
    assert found - generated == wanted - generated


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_field_can_be_made_again_from_its_own_description(model):
    """Migrations do just that: what a field leaves out, they do not know."""
    for field in model._meta.local_fields:
        _, _, args, options = field.deconstruct()
        again = type(field)(*args, **options)
        assert (again.null, again.blank, again.max_length, again.primary_key) == (
            field.null,
            field.blank,
            field.max_length,
            field.primary_key,
        ), field

"""Operations for migrations that run outside a transaction, as `CREATE INDEX CONCURRENTLY` must.

Killed at any statement, such a migration is half done and not recorded, and runs again from its
first operation. So each operation first looks at what the database contains already.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import NotSupportedError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Model


class RepeatableAddField(migrations.AddField):
    """Adds a column unless the table has it. Not for fields that need an index or a foreign key:
    Django creates those at the end of the migration."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.collect_sql:  # for people and linters, who want to see all of it
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif not _has_column(schema_editor, self._model(app_label, to_state), self.name):
            # A column with a default takes two statements.
            with transaction.atomic(schema_editor.connection.alias):
                super().database_forwards(app_label, schema_editor, from_state, to_state)
                if schema_editor.deferred_sql:
                    raise NotSupportedError(
                        f"{self.name} needs an index or a constraint. Add the column in a migration"
                        " that is atomic, or add the index by an operation of its own."
                    )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = self._model(app_label, from_state)
        if schema_editor.collect_sql or _has_column(schema_editor, model, self.name):
            super().database_backwards(app_label, schema_editor, from_state, to_state)

    def _model(self, app_label: str, state: ProjectState) -> type[Model]:
        return state.apps.get_model(app_label, self.model_name)


class RepeatableAddIndex(AddIndexConcurrently):
    """Creates an index concurrently unless there is a valid one. An interrupted CREATE INDEX
    CONCURRENTLY leaves an invalid index, which is written to and never read: it is replaced."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not schema_editor.collect_sql:
            valid = _index_is_valid(schema_editor, self.index.name)
            if valid:
                return
            if valid is False:
                name = schema_editor.quote_name(self.index.name)
                schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)


REPEATABLE = (RepeatableAddField, RepeatableAddIndex)


def _has_column(schema_editor: BaseDatabaseSchemaEditor, model: type[Model], field: str) -> bool:
    column: Any = model._meta.get_field(field)
    return bool(
        _first(
            schema_editor,
            "SELECT true FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s"
            " AND NOT attisdropped",
            schema_editor.quote_name(model._meta.db_table),
            column.column,
        )
    )


def _index_is_valid(schema_editor: BaseDatabaseSchemaEditor, name: str) -> bool | None:
    """None if there is no such index."""
    valid: bool | None = _first(
        schema_editor,
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)",
        schema_editor.quote_name(name),
    )
    return valid


def _first(schema_editor: BaseDatabaseSchemaEditor, query: str, *parameters: str) -> Any:
    """The first column of the first row; None if there is no row."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(query, parameters)
        row = cursor.fetchone()
    return row[0] if row else None

"""Checking the generated columns of the read model: what one filters and sorts by.

PostgreSQL generates them from the document. Somebody who can change tables can make them plain and
write to them, or replace the functions behind them. So each value is computed anew, by the
definitions here and not by those functions, and compared.
"""

from collections.abc import Iterator
from typing import Any

from django.db import DataError, connection, transaction
from django.db.models import Func, GeneratedField, Value

from cases.models import PUBLISHED, PublishedRecord
from cases.publishing.documents.build import chunks

EARLIEST, LATEST = (
    f"make_date(left(found ->> '{end}', 4)::int, substr(found ->> '{end}', 6, 2)::int,"
    f" substr(found ->> '{end}', 9, 2)::int)"
    for end in ("earliest", "latest")
)
TEXT = "found #>> '{}' COLLATE \"C\""
NUMBER = "(found #>> '{}')::int"

# By function of the database: its value, from everything found at some paths of a document.
VALUES = {
    "published_texts": f"coalesce(array_agg(DISTINCT {TEXT} ORDER BY {TEXT}), '{{}}')",
    "published_integers": f"coalesce(array_agg({NUMBER} ORDER BY {NUMBER}), '{{}}')",
    "published_days": (
        f"coalesce(array_agg(daterange({EARLIEST}, {LATEST}, '[]') ORDER BY found), '{{}}')"
    ),
    "published_first_day": f"coalesce(min(coalesce({EARLIEST}, {LATEST})), date '9999-12-31')",
    "published_last_day": f"coalesce(max(coalesce({LATEST}, {EARLIEST})), date '0001-01-01')",
    "published_least": f"coalesce(min({NUMBER}), 2147483647)",
    "published_greatest": f"coalesce(max({NUMBER}), -1)",
    "published_exists": "count(*) > 0",
}


def differences() -> Iterator[str]:
    """Each difference as a sentence. Some statements for each chunk of documents."""
    for model in dict.fromkeys(PUBLISHED.values()):
        fields = [field for field in model._meta.fields if isinstance(field, GeneratedField)]
        if fields:
            yield from _columns(model, fields)


def _columns(model: type[PublishedRecord], fields: list[GeneratedField]) -> Iterator[str]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, attgenerated = 's' FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND NOT attisdropped",
            [table],
        )
        generated: dict[str, bool] = dict(cursor.fetchall())
    for field in fields:
        if field.column not in generated:
            yield f"{table}.{field.column}: is missing"
        elif not generated[field.column]:
            yield f"{table}.{field.column}: is not generated from the document any more"
    query, parameters = _query(model, [field for field in fields if field.column in generated])
    keys = model.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2_000)
    for some in chunks(keys):
        try:
            # In a savepoint, so that a document that is no JSON ends nothing else.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(query, [*parameters, some[0], some[-1]])
                found = cursor.fetchall()
        except DataError:
            # Which one it is, is said where documents are checked.
            yield f"{table}: the columns of some documents cannot be computed"
            continue
        for public_id, version, wrong in found:
            yield (
                f"{table} {public_id} version {version}: its document has other values than the "
                f"columns {', '.join(wrong)}"
            )


def _definition(field: Any) -> tuple[str, list[str]]:
    """Function of a generated column, and the JSON paths that it reads."""
    expression: Func = field.expression
    _, *paths = expression.get_source_expressions()
    return expression.extra["function"], [path.value for path in paths if isinstance(path, Value)]


def _query(model: type[PublishedRecord], fields: list[GeneratedField]) -> tuple[str, list[Any]]:
    """Finds the columns of a range of rows that differ from the document, which is parsed once."""
    compared, parameters = [], list[Any]()
    for field in fields:
        function, paths = _definition(field)
        computed = (
            f"SELECT {VALUES[function]} FROM unnest(%s::text[]) AS path,"
            " jsonb_path_query(document, path::jsonpath) AS found"
            " WHERE jsonb_typeof(found) <> 'null'"
        )
        column = connection.ops.quote_name(str(field.column))
        compared.append(f"CASE WHEN {column} IS DISTINCT FROM ({computed}) THEN %s END")
        parameters += [paths, field.column]
    table = connection.ops.quote_name(model._meta.db_table)
    query = f"""
        SELECT public_id, version, wrong FROM (
            SELECT public_id, version, array_remove(ARRAY[{", ".join(compared)}]::text[], NULL)
                AS wrong
            FROM (
                SELECT *, body::jsonb AS document FROM {table}
                WHERE id BETWEEN %s AND %s OFFSET 0
            ) AS parsed
        ) AS rows_compared
        WHERE wrong <> '{{}}' ORDER BY public_id, version
    """
    return query, parameters

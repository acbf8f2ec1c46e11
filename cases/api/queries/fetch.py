"""Rows fetched with as little work as PostgreSQL and Python can do.

Django binds values in Python and sends text, so nothing can be prepared, and it asks whether a
connection still lives before it uses it. Here values travel apart from the statement, documents
come as bytes that nobody decodes, and a connection that died meanwhile is found out by using it.
"""

from collections.abc import Generator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from django.db import OperationalError, transaction
from django.db.models import BinaryField, F, Func, QuerySet
from psycopg.pq import Format

from cases.models import PUBLISHED, PublishedRecord, PublishedReference
from cases.vocabulary import RecordKind
from casesapi.databases import router
from casesapi.server import spending

Row = tuple[Any, ...]

# Documents that are fetched together; each has some 10 kB.
CHUNK = 200

# The document as UTF-8.
BODY = "convert_to(body, 'UTF8')"


class Body(Func):
    """`BODY` for a query of the ORM."""

    function, template = "convert_to", "%(function)s(%(expressions)s, 'UTF8')"
    output_field = BinaryField()

    def __init__(self) -> None:
        super().__init__(F("body"))


class _Said(NamedTuple):
    query: bytes


class _Cursor(psycopg.Cursor[Row]):
    prepared = False

    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        super().__init__(raw)
        self.format = Format.BINARY

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        super().execute(query, params, prepare=self.prepared)
        # Where Django's log of queries looks for what was said.
        self._query: Any = _Said(query.encode())
        return self


class _Prepared(_Cursor):
    prepared = True


class _Named(psycopg.ServerCursor[Row]):
    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        super().__init__(raw, "documents")
        self.format = Format.BINARY


def fetch(sql: str, params: Sequence[Any], *, prepared: bool = False) -> list[Row]:
    """The rows of a query. Text comes as str, `BODY` as bytes.

    prepared: for queries whose best plan does not depend on the values. Tries again once if the
    connection turns out to be dead.
    """
    # What is used of it here its declared type lacks.
    connection: Any = router.connection()
    # Asking whether it lives costs as much as fetching a record.
    connection.health_check_done = True
    try:
        return _fetch(connection, sql, params, prepared)
    except OperationalError:
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _fetch(connection, sql, params, prepared)


def fetch_all(rows: QuerySet[Any]) -> Generator[bytes]:
    """The documents of all rows in their order, in constant memory.

    By a cursor of the server: a COPY is no quicker, and is one statement, which for so much would
    take longer than a statement may. The connection does nothing else until the last was taken.
    """
    sql, params = rows.values_list(Body()).query.sql_with_params()
    connection: Any = router.connection()
    # A named cursor lives as long as a transaction.
    with (
        transaction.atomic(using=router.alias()),
        connection._prepare_cursor(_Named(connection.connection)) as cursor,
    ):
        cursor.execute(sql, params)
        while found := _chunk(connection, cursor):
            yield from (body for (body,) in found)


def _chunk(connection: Any, cursor: Any) -> list[Row]:
    # What executing takes is measured for every cursor; this one reads afterwards.
    with spending.measured(connection):
        rows: list[Row] = cursor.fetchmany(CHUNK)
        return rows


def fetch_body(record: RecordKind, public_id: str, publication: int) -> bytes | None:
    """A document as it stood at a publication; null = there was none."""
    table = PUBLISHED[record]._meta.db_table
    kind = " AND record = %s" if PUBLISHED[record] is PublishedReference else ""
    params = [public_id, publication, publication, record.value]
    found = fetch(
        f"SELECT {BODY} FROM {table} WHERE public_id = %s AND since_id <= %s"
        f" AND (until_id IS NULL OR until_id > %s){kind}",
        params if kind else params[:-1],
        prepared=True,
    )
    return found[0][0] if found else None


def fetch_first(rows: QuerySet[Any], columns: Sequence[Any]) -> list[Row]:
    """What the columns say of each row, and its document; rows: the first few of a list.

    Documents are read for these alone: asked for in the query itself, PostgreSQL would read those
    of all that it has to sort.
    """
    # The planner moves nothing into a subquery that has a limit.
    sql, params = rows.values_list(*columns, "body").query.sql_with_params()
    names = _places(columns)
    # Nothing stands between the rows and the answer, so they stay in their order.
    return fetch(f"SELECT {names}, {BODY} FROM ({sql}) AS page ({names}, body)", params)


def fetch_best(rows: QuerySet[Any], columns: Sequence[str], size: int) -> list[Row]:
    """How many rows there are, and what `fetch_first` gives of the first ones by these columns,
    descending; for what no index sorts, so that all are walked once and not twice."""
    sql, params = rows.order_by().values_list(*columns, "body").query.sql_with_params()
    names = _places(columns)
    order = ", ".join(f"{name} DESC" for name in names.split(", "))
    # Behind the offset all other columns are left behind, so that what is kept to be counted is
    # small.
    return fetch(
        f"SELECT total, {names}, {BODY} FROM ("
        f"SELECT count(*) OVER () AS total, found.* FROM ({sql} OFFSET 0) AS found ({names}, body)"
        f" ORDER BY {order} LIMIT {size}) AS page",
        params,
    )


def _places(columns: Sequence[Any]) -> str:
    """Names for columns, of which two may be called the same."""
    return ", ".join(f"column_{place}" for place in range(len(columns)))


def fetch_page(
    model: type[PublishedRecord],
    publication: int,
    columns: Sequence[str],
    keys: Sequence[Any] | None,
    descending: bool,
    size: int,
) -> list[Row]:
    """Sort keys and document of the next records of a whole list, behind the one with these keys.

    columns: to sort by, all in one direction; the last one tells any two records apart.
    """
    # A number and no parameter: with an unknown limit the planner would rather sort the table.
    sql = _page(model._meta.db_table, tuple(columns), keys is not None, descending, size)
    return fetch(sql, [*(keys or ()), publication, publication], prepared=True)


@lru_cache(maxsize=256)
def _page(table: str, columns: tuple[str, ...], behind: bool, descending: bool, size: int) -> str:
    names = [_REAL.get(column, column) for column in columns]
    order = ", ".join(f"{name} DESC" if descending else name for name in names)
    keys, given = ", ".join(names), ", ".join(["%s"] * len(names))
    after = f"({keys}) {'<' if descending else '>'} ({given}) AND " if behind else ""
    return (
        f"SELECT {keys}, {BODY} FROM {table} WHERE {after}"
        f"since_id <= %s AND (until_id IS NULL OR until_id > %s) ORDER BY {order} LIMIT {size}"
    )


# Columns of foreign keys, which fields are called otherwise.
_REAL = {"since": "since_id"}


def _fetch(connection: Any, sql: str, params: Sequence[Any], prepared: bool) -> list[Row]:
    connection.ensure_connection()
    cursor = (_Prepared if prepared else _Cursor)(connection.connection)
    # Django's wrapper: its exceptions, and its log of queries.
    with connection._prepare_cursor(cursor) as wrapped:
        wrapped.execute(sql, params)
        rows: list[Row] = wrapped.fetchall()
        return rows

"""How many records have which values: as few walks over the records as the filters allow."""

from collections import Counter
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from cases.api.choices import Choices, Published
from cases.api.standing_counts import StandingCounts, Values
from cases.api.state import State
from cases.models import published
from cases.vocabulary import RecordKind
from casesapi import reading

Names = tuple[str, ...]
Row = tuple[Any, ...]


class Field(NamedTuple):
    """What one can count by. filter: the filter that is left out; column: the one it is read from;
    labels: where the names of its values are from, null = the value says it all.

    values: SQL for the distinct values of a row as a set, empty = unknown.
    """

    filter: str
    column: str
    labels: Choices | None
    values: str

    @property
    def on_a_map(self) -> bool:
        return isinstance(self.labels, Published) and self.labels.kind is RecordKind.REGION


# What this process knows of whole lists.
standing_counts: StandingCounts[Field] = StandingCounts()


def counts(
    kind: RecordKind,
    at: State,
    filters: dict[str, Q],
    tables: dict[Names, list[Field]],
    down: bool = False,
) -> tuple[int, dict[Names, list[Row]]]:
    """The number of records, and by table its rows: values, null = unknown, and their number; the
    most frequent first. down: no table leaves a filter out.

    One query, and one more for each set of filters that some table leaves out. Counts of all
    records are remembered; after a publication they cost up to three.
    """
    rows = published(kind).as_of(at.publication)
    total: int | None = None
    found: dict[Names, list[Row]] = {}
    # What is not asked for need not be left out.
    own = {
        names: frozenset() if down else _own(table).intersection(filters)
        for names, table in tables.items()
    }
    for left_out in dict.fromkeys(own.values()):
        used = {name: where for name, where in filters.items() if name not in left_out}
        together = {names: table for names, table in tables.items() if own[names] == left_out}
        if used or any(len(names) > 1 for names in together):
            number, counted = _counted(rows.filter(*used.values()), together)
        else:
            number, counted = _of_all(kind, at, together)
        found |= counted
        if used.keys() == filters.keys():
            total = number
    if total is None:
        total = rows.filter(*filters.values()).count()
    return total, {names: found[names] for names in tables}


def _of_all(
    kind: RecordKind, at: State, tables: dict[Names, list[Field]]
) -> tuple[int, dict[Names, list[Row]]]:
    """Counts of all records by single fields."""
    fields = {names: table[0] for names, table in tables.items()}
    number, found = standing_counts.of(kind, at, list(fields.values()), _values)
    return number, {
        names: sorted(found[field].items(), key=_frequent_first) for names, field in fields.items()
    }


def _values(selected: QuerySet[Any], fields: list[Field]) -> tuple[int, dict[Field, Values]]:
    number, found = _counted(selected, {(str(place),): [f] for place, f in enumerate(fields)})
    return number, {
        field: Counter(dict(rows)) for field, rows in zip(fields, found.values(), strict=True)
    }


def _own(table: list[Field]) -> frozenset[str]:
    return frozenset(field.filter for field in table)


def _counted(
    selected: QuerySet[Any], tables: dict[Names, list[Field]]
) -> tuple[int, dict[Names, list[Row]]]:
    """Records with the same lists of values are counted first: there are far fewer lists than
    records. No list holds a value twice, so each record counts once for each of its values."""
    columns = list(dict.fromkeys(field.column for table in tables.values() for field in table))
    sets = {names: {field.column for field in table} for names, table in tables.items()}
    base, params = selected.values_list(*columns).query.sql_with_params()
    quoted = ", ".join(map(_quoted, columns))
    # Each set once, also if years and months of one date are asked for: PostgreSQL would count
    # the records of the second time on top.
    grouping = ", ".join(
        dict.fromkeys(f"({', '.join(map(_quoted, sorted(names)))})" for names in sets.values())
    )
    parts = [
        _part(place, table, _mask(columns, sets[names]))
        for place, (names, table) in enumerate(tables.items())
    ]
    sql = f"""
        WITH counted AS MATERIALIZED (
            SELECT {quoted}, GROUPING({quoted}) AS mask, count(*) AS n
            FROM ({base}) AS selected GROUP BY GROUPING SETS ({grouping}, ())
        )
        SELECT -1, NULL, NULL, n FROM counted WHERE mask = {_mask(columns, set())}
        UNION ALL {" UNION ALL ".join(parts)}
    """
    with reading.connection().cursor() as cursor:
        cursor.execute(sql, params)
        [(_, _, _, total), *rows] = sorted(cursor.fetchall(), key=lambda row: row[0])
    found: dict[Names, list[Row]] = {names: [] for names in tables}
    in_order = list(tables)
    for place, first, second, number in rows:
        names = in_order[place]
        values = (first, second)[: len(names)]
        found[names].append((*values, number))
    for listed in found.values():
        listed.sort(key=_frequent_first)
    return total, found


def _part(place: int, table: list[Field], mask: int) -> str:
    """SQL: the rows of one table, with its place in front."""
    joins = "".join(
        f" LEFT JOIN LATERAL ({field.values}) AS field_{index} (value_{index}) ON true"
        for index, field in enumerate(table)
    )
    keys = ", ".join(f"value_{index}" for index in range(len(table)))
    shown = keys if len(table) == 2 else f"{keys}, NULL"
    return (
        f"SELECT {place}, {shown}, sum(n)::bigint FROM counted AS record {joins}"
        f" WHERE mask = {mask} GROUP BY {keys}"
    )


def _mask(columns: list[str], grouped: set[str]) -> int:
    """What GROUPING says of rows that are grouped by these columns: a bit for each other one."""
    return sum(
        1 << place for place, column in enumerate(reversed(columns)) if column not in grouped
    )


def _frequent_first(row: Row) -> tuple[Any, ...]:
    *values, number = row
    return -number, [(value is None, value or "") for value in values]


def _quoted(column: str) -> str:
    return f'"{column}"'

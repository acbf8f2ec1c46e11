"""How many records have which values: as few walks over the records as the filters allow."""

from bisect import bisect_right
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import accumulate
from math import floor
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from cases.api.queries.incremental_counts import StandingCounts, Values
from cases.api.request.choices import Choices, Published
from cases.api.request.snapshots import Snapshot
from cases.models import published
from cases.vocabulary import RecordKind
from casesapi.databases import router

Names = tuple[str, ...]
Row = tuple[Any, ...]

# Values, combinations of values, and lengths of each, in one answer.
MAX_ROWS = 50_000


class TooManyValuesError(Exception):
    """The facets have more values together than an answer may have."""


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
    at: Snapshot,
    filters: dict[str, Q],
    tables: dict[Names, list[Field]],
    down: bool = False,
    measure: str | None = None,
) -> tuple[int, dict[Names, list[Row]]]:
    """The number of records, and by table its rows: values, null = unknown, and their number; the
    most frequent first. down: no table leaves a filter out. measure: a column of whole numbers, of
    which each row has n, min, median, mean and max too. TooManyValuesError.

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
        if used or measure or any(len(names) > 1 for names in together):
            number, counted = _counted(rows.filter(*used.values()), together, measure)
        else:
            number, counted = _of_all(kind, at, together)
        found |= counted
        if used.keys() == filters.keys():
            total = number
    if total is None:
        total = rows.filter(*filters.values()).count()
    return total, {names: found[names] for names in tables}


def _of_all(
    kind: RecordKind, at: Snapshot, tables: dict[Names, list[Field]]
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
    selected: QuerySet[Any], tables: dict[Names, list[Field]], measure: str | None = None
) -> tuple[int, dict[Names, list[Row]]]:
    """Records with the same lists of values are counted first: there are far fewer lists than
    records. No list holds a value twice, so each record counts once for each of its values."""
    always = {measure} if measure else set()
    sets = {names: {field.column for field in table} | always for names, table in tables.items()}
    asked = [field.column for table in tables.values() for field in table]
    columns = list(dict.fromkeys([*asked, *always]))
    base, params = selected.values_list(*columns).query.sql_with_params()
    quoted = ", ".join(map(_quoted, columns))
    # Each set once, also if years and months of one date are asked for: PostgreSQL would count
    # the records of the second time on top.
    grouping = ", ".join(
        dict.fromkeys(f"({', '.join(map(_quoted, sorted(names)))})" for names in sets.values())
    )
    parts = [
        _part(place, table, _mask(columns, sets[names]), measure)
        for place, (names, table) in enumerate(tables.items())
    ]
    sql = f"""
        WITH counted AS MATERIALIZED (
            SELECT {quoted}, GROUPING({quoted}) AS mask, count(*) AS n
            FROM ({base}) AS selected GROUP BY GROUPING SETS ({grouping}, ())
        )
        SELECT -1, NULL, NULL, NULL, n FROM counted WHERE mask = {_mask(columns, set())}
        UNION ALL {" UNION ALL ".join(parts)} LIMIT {MAX_ROWS + 1}
    """
    with router.connection().cursor() as cursor:
        cursor.execute(sql, params)
        fetched = cursor.fetchall()
    if len(fetched) > MAX_ROWS:
        raise TooManyValuesError
    [(_, _, _, _, total), *rows] = sorted(fetched, key=lambda row: row[0])
    numbers: dict[Names, Counter[Row]] = {names: Counter() for names in tables}
    terms: dict[tuple[Names, Row], dict[int, int]] = defaultdict(dict)
    in_order = list(tables)
    for place, first, second, term, number in rows:
        names = in_order[place]
        values = (first, second)[: len(names)]
        if term is None:
            numbers[names][values] = number
        else:
            terms[names, values][term] = number
    found: dict[Names, list[Row]] = {}
    for names, counted in numbers.items():
        found[names] = sorted(((*values, n) for values, n in counted.items()), key=_frequent_first)
        if measure:
            found[names] = [(*row, *summary(terms[names, row[:-1]])) for row in found[names]]
    return total, found


def summary(terms: dict[int, int]) -> Row:
    """n, min, median, mean and max of whole numbers, given how often there is each; null of none.

    As PostgreSQL has it: the median of an even number lies between two, the mean has two digits.
    """
    if not terms:
        return 0, None, None, None, None
    ordered = sorted(terms.items())
    n = sum(terms.values())
    ends = list(accumulate(number for _, number in ordered))
    middle = [ordered[bisect_right(ends, place)][0] for place in ((n - 1) // 2, n // 2)]
    mean = floor(Fraction(100 * sum(term * number for term, number in ordered), n) + Fraction(1, 2))
    return n, ordered[0][0], sum(middle) / 2, mean / 100, ordered[-1][0]


def _part(place: int, table: list[Field], mask: int, measure: str | None) -> str:
    """SQL: the rows of one table, with its place in front; the term is null where all records with
    these values are counted, else those with this term."""
    joins = "".join(
        f" LEFT JOIN LATERAL ({field.values}) AS field_{index} (value_{index}) ON true"
        for index, field in enumerate(table)
    )
    keys = ", ".join(f"value_{index}" for index in range(len(table)))
    shown = keys if len(table) == 2 else f"{keys}, NULL"
    term = "NULL::int"
    if measure:
        joins += (
            f" CROSS JOIN LATERAL (SELECT NULL::int UNION ALL SELECT unnest({_quoted(measure)}))"
            " AS terms (term)"
        )
        keys, term = f"{keys}, term", "term"
    return (
        f"SELECT {place}, {shown}, {term}, sum(n)::bigint FROM counted AS record {joins}"
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

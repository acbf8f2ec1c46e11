"""The flat tables, one for each kind of record: declarations only."""

from cases.exporting.columns import Table
from cases.exporting.tables.evidence import SOURCE_TABLE, STATISTICS
from cases.exporting.tables.lists import CHANGES, FACETS
from cases.exporting.tables.prosecutions import CASES, DEFENDANTS, VERDICTS
from cases.exporting.tables.reference import ARTICLES, COURTS, FORMATIONS, PUBLISHERS, REGIONS
from cases.vocabulary import RecordKind

TABLES: dict[RecordKind, Table] = {
    table.record: table
    for table in (
        *(CASES, DEFENDANTS, VERDICTS, SOURCE_TABLE, STATISTICS),
        *(REGIONS, COURTS, FORMATIONS, ARTICLES, PUBLISHERS),
    )
    if table.record is not None
}
EVERY_TABLE = (*TABLES.values(), CHANGES, FACETS)

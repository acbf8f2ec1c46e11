"""Importing a workbook: read, check, compare and save, all or nothing.

It is checked in the way it will be saved: the rows go into the database, which has constraints of
its own, and out again unless everything is clean and the caller wants it written.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, NamedTuple

import orjson
from django.db import connection, transaction

from cases.importing.loading import REFUSALS, reason
from cases.importing.saving import save
from cases.importing.workbook import checking, decisions
from cases.importing.workbook.differences import Change, changes
from cases.importing.workbook.documents import CHECKED, Assembly, Record
from cases.importing.workbook.duplicates import Duplicate, duplicates
from cases.importing.workbook.encodings import Decoded
from cases.importing.workbook.identities import Rows, identified
from cases.importing.workbook.problems import CellProblem, FileError
from cases.importing.workbook.rows import Row, rows_of
from cases.publishing.ledger import ledger

STEP = 500  # records checked or saved between two signs of progress
# More are not listed: who mends as many uploads the workbook again.
MAX_PROBLEMS = 10_000
TOO_MANY = f"there are more than {MAX_PROBLEMS:,} problems; mend these first"


class Progress(NamedTuple):
    """How far a task is; total null = not known yet."""

    task: str
    done: int
    total: int | None


@dataclass
class Report:
    """What an import found and did. rows: number of rows by sheet. undecided: rows that may be
    something else. fingerprint: of what it changes in records that exist. stale: the caller agreed
    to something else than it would do now. encoding, sample: what a CSV file was decoded as, if
    that was guessed, and some words of it. unchanged: records that say the same already."""

    rows: dict[str, int] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    undecided: list[Duplicate] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    fingerprint: str = ""
    stale: bool = False
    encoding: str = ""
    sample: str = ""
    written: bool = False

    @property
    def clean(self) -> bool:
        return not self.problems and not self.undecided


Steps = Generator[Progress, None, Report]


def import_workbook(
    file: IO[bytes],
    name: str,
    *,
    csv_sheet: str | None = None,
    decided: decisions.Decisions | None = None,
    write: bool = False,
    agreed: str | None = None,
    on_written: Callable[[Report], None] | None = None,
) -> Steps:
    """Yields its progress and returns the report. Writes only if `write`, and if all is clean.

    decided: what to do with likely duplicates. agreed: the fingerprint of the report that an editor
    has agreed to; with another one nothing is written. on_written: called before the transaction
    ends. New records arrive as drafts.
    """
    report = Report()
    rows: Rows = {}
    try:
        yield Progress("Reading", 0, None)
        for number, found in enumerate(rows_of(file, name, csv_sheet), 1):
            if isinstance(found, Row):
                rows.setdefault(found.sheet.name, []).append(found)
            elif isinstance(found, Decoded):
                report.encoding, report.sample = found.name, found.sample
            else:
                report.problems.append(found)
                if len(report.problems) > MAX_PROBLEMS:
                    raise FileError(TOO_MANY)
            if number % STEP == 0:
                yield Progress("Reading", number, None)
    except FileError as error:
        report.problems.append(CellProblem(name, 0, "", "", str(error)))
        return report
    report.rows = {sheet: len(found) for sheet, found in rows.items()}
    with _transaction(write):
        yield from _run(rows, decided or {}, report)
        report.stale = agreed is not None and agreed != report.fingerprint
        report.written = write and report.clean and not report.stale
        if not report.written:
            transaction.set_rollback(True)
        elif on_written:
            on_written(report)
    report.problems = sorted(set(report.problems))
    return report


@contextmanager
def _transaction(write: bool) -> Iterator[None]:
    """One unchanging state of the database. Who writes waits for other writers, so that each
    number is given once."""
    if write:
        with ledger.one_publisher_at_a_time():
            yield
        return
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _run(
    rows: Rows, decided: decisions.Decisions, report: Report
) -> Generator[Progress, None, None]:
    rows, same, problems = decisions.apply(rows, decided)
    who = identified(rows, same)
    problems += who.problems
    records = Assembly(rows, who, problems).records
    problems += checking.missing_columns(rows)
    problems += checking.unknown_sources(rows, who)
    for number, record in enumerate(records):
        if number % STEP == 0:
            yield Progress("Checking", number, len(records))
        problems += checking.schema_problems(record)
        if len(problems) > MAX_PROBLEMS:
            report.problems += [*problems, CellProblem("", 0, "", "", TOO_MANY)]
            return
    problems += checking.unknown_references(records)
    yield Progress("Comparing", 0, None)
    report.changes = changes(records)
    report.unchanged = len(records) - len(report.changes)
    report.fingerprint = _fingerprint(report.changes)
    report.undecided = duplicates(records, rows, who)
    changed = {change.id for change in report.changes}
    sound = [record for record in records if record.id in changed and _is_sound(record)]
    for record in sound:
        # What is changed waits for a check like any edit of the desk.
        if record.kind in CHECKED:
            record.content["draft"] = True
    for start in range(0, len(sound), STEP):
        yield Progress("Saving", start, len(sound))
        problems += _saved(sound[start : start + STEP])
    report.problems += problems


def _fingerprint(found: list[Change]) -> str:
    known = [change for change in found if not change.new]
    return hashlib.sha256(orjson.dumps(known, default=tuple)).hexdigest()


def _is_sound(record: Record) -> bool:
    return record.known and not any(row.faulty for row, _ in record.cells.values())


def _saved(records: list[Record]) -> Iterator[CellProblem]:
    """Saves records; those that the database refuses are told, and left out."""
    try:
        with transaction.atomic():
            save([checking.entry(record) for record in records])
    except REFUSALS as error:
        if len(records) == 1:
            record = records[0]
            row, _ = record.cells.get((), None) or next(iter(record.cells.values()))
            yield row.problem("", f"{record.id} is refused by the database: {reason(error)}")
            return
        middle = len(records) // 2
        yield from _saved(records[:middle])
        yield from _saved(records[middle:])

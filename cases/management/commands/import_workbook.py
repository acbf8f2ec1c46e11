"""`manage.py import_workbook`: court statistics and cases from XLSX and CSV."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from psycopg.errors import SerializationFailure
from tqdm import tqdm

from cases.importing.workbook import decisions
from cases.importing.workbook.columns import sheets
from cases.importing.workbook.problems import FileError
from cases.importing.workbook.run import Report, Steps, import_workbook


class Command(BaseCommand):
    help = (
        "Checks a workbook and says what importing it would do; with --write does it. All or "
        "nothing: every problem of every row is listed. New records arrive as drafts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="XLSX or CSV")
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--dry-run", action="store_true", help="only check, as by default")
        action.add_argument("--write", action="store_true", help="write it if all is clean")
        parser.add_argument(
            "--sheet", choices=sheets(), help="which sheet a CSV file is; default: its name"
        )
        parser.add_argument(
            "--decisions",
            type=Path,
            metavar="FILE",
            help="CSV with sheet, row and decision: new, skip, or same as KZ-0001",
        )

    def handle(self, *, file: Path, write: bool, **options: Any) -> None:
        try:
            decided = options["decisions"] and decisions.read(options["decisions"].read_bytes())
            with file.open("rb") as opened:
                report = _shown(
                    import_workbook(
                        opened,
                        file.name,
                        csv_sheet=options["sheet"],
                        decided=decided,
                        write=write,
                    )
                )
        except OSError as error:
            raise CommandError(f"{error.filename}: cannot be read: {error.strerror}") from error
        except FileError as error:
            raise CommandError(f"{options['decisions']}: {error}") from error
        except OperationalError as error:
            if not isinstance(error.__cause__, SerializationFailure):
                raise
            raise CommandError(
                "Somebody saved one of these records at the same moment; nothing was written. "
                "Run it again."
            ) from error
        self._tell(report)

    def _tell(self, report: Report) -> None:
        rows = ", ".join(f"{count} {sheet}" for sheet, count in report.rows.items())
        if report.sample:
            self.stdout.write(f"Read as {report.encoding}: “{report.sample}”.")
        if not report.clean:
            raise CommandError("\n".join(_refused(report)))
        if not report.rows:
            self.stdout.write("Nothing to import: the workbook holds no rows.")
            return
        self.stdout.write(f"Rows: {rows}.")
        for change in report.changes:
            self.stdout.write(f"{change.id} {'is new' if change.new else 'changes'}:")
            for field, before, after in change.differences:
                was = "" if change.new else f"{before or '(nothing)'} → "
                self.stdout.write(f"  {field}: {was}{after or '(nothing)'}")
        new = [change.id for change in report.changes if change.new]
        self.stdout.write(
            f"{len(new)} new, {len(report.changes) - len(new)} changed, "
            f"{report.unchanged} unchanged."
        )
        if report.written:
            self.stdout.write(
                "Written to the working copy. New records are drafts: check them at the desk and "
                "publish them there. Nothing is public yet."
            )
        else:
            self.stdout.write("All is clean. Nothing was written; run it again with --write.")


def _refused(report: Report) -> list[str]:
    said = [f"{len(report.problems)} problems; nothing was written:", *map(str, report.problems)]
    if not report.problems:
        said = ["Nothing was written."]
    if report.undecided:
        said.append(
            f"{len(report.undecided)} rows may be records that exist. Fill in their column "
            "decision, or give --decisions: new, skip, or same as and the id."
        )
    for duplicate in report.undecided:
        likes = "; ".join(f"{like.id} ({like.reason})" for like in duplicate.likes)
        said.append(f"{duplicate.row.sheet.name}, row {duplicate.row.number}: {likes}")
    return said


def _shown(steps: Steps) -> Report:
    """Runs an import with a bar for each task, when somebody looks on."""
    bar: tqdm[Any] | None = None
    shown = ""
    try:
        while True:
            task, done, total = next(steps)
            if bar is None or task != shown:
                _finish(bar)
                bar = tqdm(total=total, desc=task, unit=" rows", disable=not sys.stderr.isatty())
                shown = task
            bar.update(done - bar.n)
    except StopIteration as finished:
        report: Report = finished.value
        return report
    finally:
        _finish(bar)


def _finish(bar: "tqdm[Any] | None") -> None:
    if bar is not None:
        bar.update((bar.total or bar.n) - bar.n)
        bar.close()

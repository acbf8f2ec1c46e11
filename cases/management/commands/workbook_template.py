"""`manage.py workbook_template`: the workbook to fill in for an import."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.importing.workbook.template import template


class Command(BaseCommand):
    help = "Writes the empty workbook for import_workbook, made from the schemas of the data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")

    def handle(self, *, file: Path, **options: Any) -> None:
        if file.suffix != ".xlsx":
            raise CommandError(f"{file}: the name must end in .xlsx")
        try:
            file.write_bytes(template())
        except OSError as error:
            raise CommandError(f"{file}: cannot be written: {error.strerror}") from error
        self.stdout.write(f"Written to {file}.")

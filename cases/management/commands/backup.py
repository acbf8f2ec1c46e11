"""`manage.py backup`: the whole database in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.progress import bar
from cases.operations.backups import BackupError, back_up


class Command(BaseCommand):
    help = (
        "Writes the whole database, drafts and accounts included, as of one moment into a file "
        "(pg_dump, custom format). Keep it secret. The service goes on meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            size = back_up(file, bar("Backing up", "steps"))
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {size:,} bytes. Try it: manage.py restore, somewhere else.")

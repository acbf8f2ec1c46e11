"""`manage.py load_dataset`: bring dataset files into the database and publish what changed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from psycopg.errors import SerializationFailure

from cases.importing.loading import load
from cases.importing.problems import DatasetError
from cases.management.commands.publish import summary
from cases.management.progress import bar


class Command(BaseCommand):
    help = (
        "Loads dataset files (YAML; fixtures/README.md explains the format) and publishes what "
        "changed. All or nothing; every problem of every file is listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
        parser.add_argument("--note", default="", help="public note that explains the change")

    def handle(self, *, paths: list[Path], note: str, **options: Any) -> None:
        try:
            loaded = load(paths, note, bar)
        except DatasetError as error:
            count = len(error.problems)
            raise CommandError(f"{count} problems; nothing was loaded:\n{error}") from error
        except OperationalError as error:
            if not isinstance(error.__cause__, SerializationFailure):
                raise
            raise CommandError(
                "Somebody saved one of these records at the same moment; nothing was loaded. "
                "Run it again."
            ) from error
        self.stdout.write(f"{loaded.files} files loaded, {loaded.unchanged} unchanged.")
        for publication in loaded.publications:
            self.stdout.write(summary(publication))
        for kept in loaded.kept:
            self.stdout.write(f"Left as it is, because the desk changed it: {kept}")
        if loaded.files and not loaded.publications:
            self.stdout.write("Nothing public changed; nothing was published.")

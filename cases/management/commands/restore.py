"""`manage.py restore`: a database out of a backup, and proof that its ledger is whole."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from psycopg import Error

from cases.management.progress import bar
from cases.models import Publication
from cases.operations import backups
from cases.operations.backups import BackupError
from cases.publishing.ledger.verify import differences


class Command(BaseCommand):
    help = (
        "Restores a backup into an empty database and verifies its ledger. With --replace in place "
        "of what is there, which is dropped when the restored ledger has verified, not before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="written by manage.py backup")
        parser.add_argument(
            "--replace", action="store_true", help="drop what is in the database now"
        )

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        try:
            backups.check(file)
            if backups.is_empty():
                self.restore(file)
            elif replace:
                with backups.database_beside():
                    self.restore(file)
            else:
                raise CommandError(
                    "The database is not empty; nothing was changed. --replace drops what is there."
                )
        except BackupError as error:
            raise CommandError(f"{error}\nNothing was changed.") from error
        except Error as error:
            raise CommandError(
                f"{error}\nNothing was changed. --replace needs a role that may create databases; "
                "else name an empty database in DATABASE_URL."
            ) from error

    def restore(self, file: Path) -> None:
        backups.restore(file, bar("Restoring", "steps"))
        found = list(differences(bar("Verifying", "publications")))
        if found:
            lines = "\n".join(f"  {difference}" for difference in found)
            raise CommandError(
                f"the restored ledger does not verify, so do not serve it, {len(found)} "
                f"differences:\n{lines}"
            )
        head = Publication.objects.order_by("number").last()
        said = f"publication {head.number}, {head.digest}" if head else "nothing was published"
        self.stdout.write(
            f"Restored, and the ledger verifies: {said}\n"
            "Then: manage.py migrate, and manage.py grant_reader if there is a reader."
        )

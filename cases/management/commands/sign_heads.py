"""`manage.py sign_heads`: sign the publications that the file of heads does not name."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.publishing.ledger.heads import KeyFileError, append, unsigned


class Command(BaseCommand):
    help = (
        "Appends a signed head to LEDGER_HEADS for each publication that the file does not name, "
        "such as those of before it was kept. Run verify_ledger first: what is signed is believed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            default=settings.LEDGER_HEADS,
            help="file; LEDGER_HEADS if left out",
        )

    def handle(self, *, heads: Path, **options: Any) -> None:
        try:
            count = append(list(unsigned(heads)), heads)
        except (OSError, KeyFileError) as error:
            raise CommandError(f"Not all heads were signed: {error}") from error
        self.stdout.write(f"{count} heads signed in {heads}.")

"""`manage.py write_codebook`: the page about the columns, from their declarations."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.exporting.codebook import page
from casesapi.postgres.state_dir import CHECKOUT

PAGE = CHECKOUT / "docs" / "codebook.md"


class Command(BaseCommand):
    help = "Writes docs/codebook.md."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{PAGE} written.")

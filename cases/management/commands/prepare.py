"""`manage.py prepare`: what `serve` does before it serves, for nodes that others prepare."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.management.starting import prepare


class Command(BaseCommand):
    help = (
        "Migrates the database and loads fixtures/. Fails only if there would be nothing to serve:"
        " files that are refused are reported, and what is published stays."
    )

    def handle(self, **options: Any) -> None:
        for line in prepare(self.stdout, self.stderr):
            self.stderr.write(line)

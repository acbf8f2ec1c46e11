"""`manage.py check_links`: whether the addresses of sources still answer."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.management.progress import bar
from cases.quality import links


class Command(BaseCommand):
    help = (
        "Calls the addresses of sources, politely, and notes which are dead. Stopped, it goes on "
        "where it ended when it is started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            type=float,
            default=7,
            metavar="DAYS",
            help="call again what was called longer ago than this (7)",
        )

    def handle(self, *, older_than: float, **options: Any) -> None:
        if not 0 <= older_than <= 36_500:
            raise CommandError(f"--older-than: expected 0 to 36500 days, not {older_than}")
        before = timezone.now() - timedelta(days=older_than)
        try:
            counts = links.check_all(before, links.Checker(), bar("Calling", "links"))
        except KeyboardInterrupt:
            raise CommandError("Stopped; start it again and it goes on here.") from None
        total = sum(counts.values())
        parts = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
        self.stdout.write(f"{total} links called: {parts}." if total else "No link was due.")

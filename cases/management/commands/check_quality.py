"""`manage.py check_quality`: what the quality board counts, found out anew for every record."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.management.progress import bar
from cases.quality import duplicates, findings


class Command(BaseCommand):
    help = "Looks at every draft for broken rules and at every case for duplicates."

    def handle(self, **options: Any) -> None:
        drafts = findings.refresh_all(bar("Checking drafts", "records"))
        cases = duplicates.refresh_all(bar("Comparing", "cases"))
        self.stdout.write(f"{drafts} drafts checked, {cases} cases compared.")

"""`manage.py verify_ledger`: prove that nothing published was changed behind the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.progress import bar
from cases.models import Publication
from cases.publishing.verification import differences


class Command(BaseCommand):
    help = "Recomputes every digest and checks every document; exit 1 and a list on a difference."

    def handle(self, **options: Any) -> None:
        found = list(differences(bar("Verifying", "publications")))
        if found:
            lines = "\n".join(f"  {difference}" for difference in found)
            raise CommandError(f"the ledger does not verify, {len(found)} differences:\n{lines}")
        head = Publication.objects.order_by("number").last()
        if head is None:
            self.stdout.write("The ledger is empty.")
        else:
            self.stdout.write(f"The ledger verifies: publication {head.number}, {head.digest}")

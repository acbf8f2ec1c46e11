"""`manage.py reseal_ledger`: salts for what was published before digests had any."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.progress import bar
from cases.models import Publication
from cases.publishing.ledger.reseal import UnsoundLedgerError, reseal


class Command(BaseCommand):
    help = (
        "Computes the digests of the whole ledger anew where some have no salts, so that none "
        "confirms a guess of what was redacted. Whoever noted a digest must note the new one."
    )

    def handle(self, **options: Any) -> None:
        try:
            count = reseal(bar("Resealing", "publications"))
        except UnsoundLedgerError as error:
            raise CommandError(
                f"The ledger does not verify, so nothing was changed:\n{error}"
            ) from error
        if not count:
            self.stdout.write("All digests have salts; nothing was changed.")
            return
        newest = Publication.objects.order_by("number").last()
        assert newest
        self.stdout.write(
            f"Resealed: {count} publications had digests without salts. The newest is publication "
            f"{newest.number}, {newest.digest}\n"
            "Then: make a new backup, move the file of LEDGER_HEADS away and run sign_heads."
        )

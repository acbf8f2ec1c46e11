"""`manage.py verify_ledger`: prove that nothing published was changed behind the ledger."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.progress import bar
from cases.models import Publication
from cases.publishing.ledger import heads
from cases.publishing.ledger.verify import differences


class Command(BaseCommand):
    help = "Recomputes every digest and checks every document; exit 1 and a list on a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            help="signed heads, kept outside the database: compares the ledger with them as well",
        )
        parser.add_argument(
            "--key",
            type=Path,
            help="public key in PEM that the heads must be signed with; that of LEDGER_KEY_FILE if "
            "left out",
        )

    def handle(self, *, heads: Path | None, key: Path | None, **options: Any) -> None:
        if key and not heads:
            raise CommandError("--key names the key of signed heads, so it needs --heads.")
        found = list(differences(bar("Verifying", "publications")))
        if heads:
            found += _differences_of_heads(heads, key)
        if found:
            lines = "\n".join(f"  {difference}" for difference in found)
            raise CommandError(f"the ledger does not verify, {len(found)} differences:\n{lines}")
        head = Publication.objects.order_by("number").last()
        if head is None:
            self.stdout.write("The ledger is empty.")
        else:
            self.stdout.write(f"The ledger verifies: publication {head.number}, {head.digest}")
            if heads:
                self.stdout.write(f"All of it agrees with the signed heads in {heads}.")


def _differences_of_heads(file: Path, key: Path | None) -> list[str]:
    try:
        trusted = heads.public_key(key) if key else heads.own_public_key()
        if trusted is None:
            raise CommandError("There is no key in LEDGER_KEY_FILE; name the public key by --key.")
        return list(heads.differences(file, trusted))
    except (OSError, heads.KeyFileError) as error:
        raise CommandError(f"The signed heads cannot be compared: {error}") from error

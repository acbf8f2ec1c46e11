"""`manage.py publish`: publish what editors changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.progress import bar
from cases.publishing import ledger


class Command(BaseCommand):
    help = "Publishes everything that changed in the working copy as the next publication."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--note", default="", help="public note that explains the change")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="write nothing; list what would change and every broken rule",
        )

    def handle(self, *, note: str, dry_run: bool, **options: Any) -> None:
        if dry_run:
            self._preview()
            return
        try:
            publication = ledger.publish(note, progress=bar("Publishing", "records"))
        except ledger.RulesBrokenError as error:
            raise CommandError(refusal(error.violations)) from error
        if publication is None:
            self.stdout.write("Nothing changed; nothing was published.")
        else:
            self.stdout.write(summary(publication))

    def _preview(self) -> None:
        changes = ledger.preview(progress=bar("Comparing", "records"))
        for word in ("published", "corrected", "withdrawn"):
            for record, public_id in getattr(changes, word):
                self.stdout.write(f"would be {word}: {record} {public_id}")
        if changes.violations:
            raise CommandError(refusal(changes.violations))
        self.stdout.write(f"{len(changes)} changes; no rule is broken. Nothing was written.")


def refusal(violations: list[Any]) -> str:
    lines = "\n".join(f"  {violation}" for violation in violations)
    return f"{len(violations)} rules are broken; nothing was published:\n{lines}"


def summary(publication: Any) -> str:
    counts: dict[str, int] = {}
    for operation in publication.entries.values_list("operation", flat=True).iterator():
        counts[operation] = counts.get(operation, 0) + 1
    parts = ", ".join(f"{count} {operation}" for operation, count in sorted(counts.items()))
    return f"Publication {publication.number}: {parts}. Digest {publication.digest}"

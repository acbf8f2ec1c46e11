"""`manage.py publish`: publish what editors changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from cases.management.progress import bar
from cases.publishing import comparing, ledger
from cases.publishing.roots import Root, Selection, exists, parse
from casesapi import reading


class Command(BaseCommand):
    help = (
        "Publishes what changed in the working copy as the next publication: everything that is "
        "ready, or only the records named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "ids",
            nargs="*",
            metavar="ID",
            help="only these, such as KZ-0001, SRC-0001, STAT-0001 or court/kz-some-court",
        )
        parser.add_argument("--note", default="", help="public note that explains the change")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="write nothing; list what would change and every broken rule",
        )

    def handle(self, *, ids: list[str], note: str, dry_run: bool, **options: Any) -> None:
        only = {_root(text) for text in ids} or None
        if dry_run:
            self._preview(only)
            return
        try:
            publication = ledger.publish(note, bar("Publishing", "records"), only)
        except ledger.RulesBrokenError as error:
            raise CommandError(refusal(error.violations)) from error
        except DatabaseError as error:
            if not reading.is_down(error):
                raise
            raise CommandError(
                f"The database stopped to answer; look whether it was published: {error}"
            ) from error
        if publication is None:
            self.stdout.write("Nothing changed; nothing was published.")
        else:
            self.stdout.write(summary(publication))

    def _preview(self, only: Selection | None) -> None:
        changes = comparing.preview(bar("Comparing", "records"), only)
        for word in ("published", "corrected", "withdrawn"):
            for record, public_id in getattr(changes, word):
                self.stdout.write(f"would be {word}: {record} {public_id}")
        if changes.violations:
            raise CommandError(refusal(changes.violations))
        self.stdout.write(f"{len(changes)} changes; no rule is broken. Nothing was written.")


def _root(text: str) -> Root:
    try:
        root = parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if not exists(root):
        raise CommandError(f"There is no {root.record.label} {root.public_id}.")
    return root


def refusal(violations: list[Any]) -> str:
    lines = "\n".join(f"  {violation}" for violation in violations)
    return f"{len(violations)} rules are broken; nothing was published:\n{lines}"


def summary(publication: Any) -> str:
    counts: dict[str, int] = {}
    for operation in publication.entries.values_list("operation", flat=True).iterator():
        counts[operation] = counts.get(operation, 0) + 1
    parts = ", ".join(f"{count} {operation}" for operation, count in sorted(counts.items()))
    return f"Publication {publication.number}: {parts}. Digest {publication.digest}"

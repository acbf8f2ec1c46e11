"""`manage.py publish`: publish what editors changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from cases.management.progress import bar
from cases.publishing.documents.record_refs import (
    WITH_DRAFTS,
    WORKING,
    RecordRef,
    Selection,
    exists,
    parse,
)
from cases.publishing.ledger import diff, ledger
from cases.publishing.rules import Violation
from cases.publishing.workflow.drafts import released
from casesapi.databases import router


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
        drafts = _drafts(only or ())
        if dry_run:
            self._preview(only, drafts)
            return
        for root in sorted(drafts):
            self.stdout.write(f"{root.public_id} is a draft and is left: publish it at the desk.")
        try:
            publication = ledger.publish(note, bar("Publishing", "records"), only)
        except ledger.RulesBrokenError as error:
            raise CommandError(refusal(error.violations)) from error
        except DatabaseError as error:
            if not router.is_down(error):
                raise
            raise CommandError(
                f"The database stopped to answer; look whether it was published: {error}"
            ) from error
        if publication is None:
            self.stdout.write("Nothing changed; nothing was published.")
        else:
            self.stdout.write(summary(publication))

    def _preview(self, only: Selection | None, drafts: set[RecordRef]) -> None:
        changes = diff.preview(bar("Comparing", "records"), only)
        for word in ("published", "corrected", "withdrawn"):
            for record, public_id in getattr(changes, word):
                self.stdout.write(f"would be {word}: {record} {public_id}")
        for warning in changes.warnings:
            self.stdout.write(f"warning: {warning}")
        broken = changes.violations + _broken_by(drafts)
        for root in sorted(drafts):
            self.stdout.write(f"{root.public_id} is a draft: only the desk publishes it")
        if broken:
            raise CommandError(refusal(broken))
        self.stdout.write(f"{len(changes)} changes; no rule is broken. Nothing was written.")


def _root(text: str) -> RecordRef:
    try:
        root = parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if not exists(root):
        raise CommandError(f"There is no {root.record.label} {root.public_id}.")
    return root


def _drafts(selected: Selection) -> set[RecordRef]:
    """Those of the roots that are drafts: this command does not publish them."""
    return {
        root
        for kind in WITH_DRAFTS
        for root in selected
        if root.record == kind
        and WORKING[kind]._default_manager.filter(pk=root.public_id, draft=True).exists()
    }


def _broken_by(drafts: Selection) -> list[Violation]:
    """The rules that drafts would break if they were published now. Writes nothing."""
    if not drafts:
        return []
    with released(drafts):
        return diff.preview(only=drafts).violations


def refusal(violations: list[Any]) -> str:
    lines = "\n".join(f"  {violation}" for violation in violations)
    return f"{len(violations)} rules are broken; nothing was published:\n{lines}"


def summary(publication: Any) -> str:
    counts: dict[str, int] = {}
    for operation in publication.entries.values_list("operation", flat=True).iterator():
        counts[operation] = counts.get(operation, 0) + 1
    parts = ", ".join(f"{count} {operation}" for operation, count in sorted(counts.items()))
    return f"Publication {publication.number}: {parts}. Digest {publication.digest}"

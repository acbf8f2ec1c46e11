"""Which rules of publishing the drafts break, kept so that counting them costs nothing.

Only drafts have findings: what is published broke no rule. They are found out whenever the desk
saves a draft, and for all of them by `manage.py check_quality`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from cases.models import Case, Finding, Statistic
from cases.publishing.ledger.diff import broken_rules

Progress = Callable[[Iterable[Any]], Iterable[Any]]


def refresh(row: Case | Statistic) -> None:
    """Replaces the findings about one record by what is true now."""
    subject = {"case": row} if isinstance(row, Case) else {"statistic": row}
    broken = broken_rules(row) if row.draft else ()
    with transaction.atomic():
        Finding.objects.filter(**subject).delete()
        Finding.objects.bulk_create(
            Finding(
                **subject,
                rule=found.rule,
                subject=found.subject,
                field=found.field,  # type: ignore[misc]
                detail=found.detail,
            )
            for found in broken
        )


def refresh_all(progress: Progress = iter) -> int:
    """The findings of every draft; constant memory. How many records were looked at."""
    Finding.objects.exclude(case__draft=True).exclude(statistic__draft=True).delete()
    looked = 0
    for model in (Case, Statistic):
        for row in progress(model.objects.filter(draft=True).order_by("pk").iterator(500)):
            refresh(row)
            looked += 1
    return looked

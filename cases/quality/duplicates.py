"""Cases that may be one and the same, for an editor to decide."""

from collections.abc import Callable, Iterable
from typing import Any

from cases.models import Case, LikelyDuplicate
from cases.publishing.workflow.duplicates import of

Progress = Callable[[Iterable[Any]], Iterable[Any]]


def refresh(case: Case) -> None:
    """Lists what may be the same as `case`; what editors dismissed stays dismissed."""
    pairs = {(*sorted((case.pk, likely.case)), likely.likeness) for likely in of(case)}
    listed = LikelyDuplicate.objects.filter(first=case) | LikelyDuplicate.objects.filter(
        second=case
    )
    for pair in listed:
        if (pair.first_id, pair.second_id, pair.likeness) not in pairs:
            pair.delete()
    LikelyDuplicate.objects.bulk_create(
        (
            LikelyDuplicate(first_id=first, second_id=second, likeness=likeness)
            for first, second, likeness in sorted(pairs)
        ),
        ignore_conflicts=True,
    )


def refresh_all(progress: Progress = iter) -> int:
    """The same for every case; constant memory. How many were looked at."""
    looked = 0
    for case in progress(Case.objects.order_by("pk").iterator(500)):
        refresh(case)
        looked += 1
    return looked

"""Cases that may be one and the same, for an editor to decide."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from cases import dates
from cases.models import Case, LikelyDuplicate, Name, Verdict
from cases.names import readings, words
from cases.vocabulary import Likeness, NameKind

Progress = Callable[[Iterable[Any]], Iterable[Any]]

# Newsrooms date a ruling by the day of the report.
NEAR = timedelta(days=3)


def same_name(name: str) -> Any:
    """Full names of other spellings of `name`, as a query; every word must be found. One word
    alone says too little."""
    found = Name.objects.filter(kind=NameKind.FULL)
    given = words(name)
    if len(given) < 2:
        return found.none()
    for word in given:
        found = found.filter(folded__overlap=sorted(readings(word)))
    return found


def of(case: Case) -> Iterator[tuple[str, Likeness]]:
    """Ids of the cases that may be the same one, with the reason. A few queries."""
    own = Name.objects.filter(defendant__case=case, kind=NameKind.FULL)
    others: set[str] = set()
    for text in own.values_list("text", flat=True):
        alike = same_name(text).exclude(defendant__case=case)
        others.update(alike.values_list("defendant__case", flat=True))
    for pk in sorted(others):
        yield pk, Likeness.NAME
    for pk in sorted(_rulings_alike(case) - others):
        yield pk, Likeness.RULING


def refresh(case: Case) -> None:
    """Lists what may be the same as `case`; what editors dismissed stays dismissed."""
    pairs = {(*sorted((case.pk, other)), likeness) for other, likeness in of(case)}
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


def _rulings_alike(case: Case) -> set[str]:
    """Cases with a ruling of the same court, at about the same time, of the same length, unless
    both name their people and the names differ."""
    named = _is_named(case.pk)
    found: set[str] = set()
    for verdict in case.verdicts.exclude(court=None):
        others = Verdict.objects.filter(
            court=verdict.court_id,
            instance=verdict.instance,
            sentence_months=verdict.sentence_months,
        ).exclude(case=case)
        for other, date, reported in others.values_list("case", "date", "reported"):
            if _near(verdict.date or verdict.reported, date or reported) and not (
                named and _is_named(other)
            ):
                found.add(other)
    return found


def _is_named(case: str) -> bool:
    return Name.objects.filter(defendant__case=case, kind=NameKind.FULL).exists()


def _near(first: str | None, second: str | None) -> bool:
    """Whether two dates, both known to the month at least, may lie within a few days."""
    if first is None or second is None:
        return False
    one, other = dates.parse(first), dates.parse(second)
    if not (one.earliest and one.latest and other.earliest and other.latest):
        return False
    if max(one.latest - one.earliest, other.latest - other.earliest) > timedelta(days=31):
        return False
    return one.earliest - NEAR <= other.latest and other.earliest - NEAR <= one.latest

"""Cases that may be the same prosecution, and sources with the same address."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from cases import dates
from cases.addresses import source_key
from cases.models import Case, LikelyDuplicate, Name, Source, Verdict
from cases.names import readings, words
from cases.vocabulary import Likeness, NameKind

# Newsrooms date a ruling by the day of the report.
NEAR = timedelta(days=3)


class Likely(NamedTuple):
    """Another case that may be the same. names: the names of the other case that are alike."""

    case: str
    likeness: Likeness
    names: tuple[str, ...]

    def __str__(self) -> str:
        why = f"same name, {', '.join(self.names)}" if self.names else "same court, date and term"
        return f"{self.case} ({why})"


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


def of(case: Case) -> Iterator[Likely]:
    """The cases that may be the same one, with the reason. A few queries."""
    own = Name.objects.filter(defendant__case=case, kind=NameKind.FULL)
    others: dict[str, set[str]] = {}
    for text in own.values_list("text", flat=True):
        alike = same_name(text).exclude(defendant__case=case)
        for other, name in alike.values_list("defendant__case", "text"):
            others.setdefault(other, set()).add(name)
    for pk in sorted(others):
        yield Likely(pk, Likeness.NAME, tuple(sorted(others[pk])))
    for pk in sorted(_rulings_alike(case) - others.keys()):
        yield Likely(pk, Likeness.RULING, ())


def undecided(case: Case) -> list[Likely]:
    """Those of which no editor has said that they are another case."""
    found = list(of(case))
    if not found:
        return []
    decided = LikelyDuplicate.objects.filter(Q(first=case) | Q(second=case), dismissed=True)
    known = {
        (pair.second_id if pair.first_id == case.pk else pair.first_id, pair.likeness)
        for pair in decided
    }
    return [likely for likely in found if (likely.case, likely.likeness) not in known]


def decide(case: Case, other: str, reason: str) -> None:
    """Stores that two cases are not the same, and why."""
    for likely in undecided(case):
        if likely.case == other:
            first, second = sorted((case.pk, other))
            LikelyDuplicate.objects.update_or_create(
                first_id=first,
                second_id=second,
                likeness=likely.likeness,
                defaults={"dismissed": True, "reason": reason},
            )


def same_address(source: Source) -> list[str]:
    """Ids of other sources with the address of this one, apart from scheme, `www.`, a trailing
    slash and tracking parameters."""
    keys = {source_key(url) for url in (source.url, source.original_url) if url}
    alike = Q()
    for key in keys:
        # The host and path are part of every such address; parameters are compared below.
        place = key.partition("?")[0]
        alike |= Q(url__icontains=place) | Q(original_url__icontains=place)
    if not keys:
        return []
    rows = Source.objects.filter(alike).exclude(pk=source.pk).order_by("pk")
    return [
        pk
        for pk, *urls in rows.values_list("pk", "url", "original_url")
        if keys & {source_key(url) for url in urls if url}
    ]


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

"""The quality board: how much waits for an editor. A fixed number of counts, each on an index."""

from typing import Any, NamedTuple

from django.urls import reverse

from cases.models import (
    DEAD,
    Citation,
    Finding,
    LikelyDuplicate,
    LinkCheck,
    Source,
    Statistic,
)
from cases.publishing.rules import every_fact_has_a_source
from cases.publishing.workflow.drafts import waiting
from cases.vocabulary import Rank, RecordKind

UNSOURCED = every_fact_has_a_source.__name__


class Waiting(NamedTuple):
    """One line. permission: what one needs to see the list behind it."""

    what: str
    waiting: int
    address: str
    permission: str


def board(user: Any) -> list[Waiting]:
    """What waits, as far as the user may see it."""
    lines = [
        _line(
            "Cases that wait for a check or publication",
            "case",
            "waiting=yes",
            waiting(RecordKind.CASE),
        ),
        _line("Figures that wait", "statistic", "waiting=yes", waiting(RecordKind.STATISTIC)),
        _line("Sources that wait", "source", "waiting=yes", waiting(RecordKind.SOURCE)),
        _line(
            "Facts without a source, in drafts",
            "finding",
            f"rule__exact={UNSOURCED}",
            Finding.objects.filter(rule=UNSOURCED),
        ),
        _line(
            "Other broken rules, in drafts",
            "finding",
            "",
            Finding.objects.exclude(rule=UNSOURCED),
        ),
        _line(
            "Citations that dispute a fact",
            "citation",
            "disputed=yes",
            Citation.objects.exclude(values={}).exclude(rank=Rank.DEPRECATED),
        ),
        _line(
            "Figures that others contradict",
            "statistic",
            "disputed=yes",
            Statistic.contradicts.through.objects.order_by().values("from_statistic").distinct(),
        ),
        _line(
            "Sources without an archive copy",
            "source",
            "archived=no",
            Source.objects.filter(archive_url=None, url__isnull=False),
        ),
        _line("Dead links", "linkcheck", "dead=yes", LinkCheck.objects.filter(state__in=DEAD)),
        _line(
            "Cases that may be the same",
            "likelyduplicate",
            "dismissed=no",
            LikelyDuplicate.objects.filter(dismissed=False),
        ),
    ]
    return [line for line in lines if user.has_perm(line.permission)]


def _line(what: str, kind: str, query: str, rows: Any) -> Waiting:
    address = reverse(f"admin:cases_{kind}_changelist")
    permission = "cases.view_case" if kind == "citation" else f"cases.view_{kind}"
    return Waiting(what, rows.count(), f"{address}?{query}" if query else address, permission)

"""The read model: what was published, exactly as served.

Each `Published…` row is one version of one document. Everything one can filter or sort by is a
column that PostgreSQL generates from the document, so a filter can never disagree with what is
served. The SQL functions behind the columns stand in the first migration.
"""

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from cases.models.columns import (
    days,
    exists,
    first_day,
    greatest,
    integers,
    last_day,
    least,
    texts,
)
from cases.models.fields import VocabularyField
from cases.models.publication import Entry, Publication
from cases.models.search import Searchable, Word, words_index
from cases.vocabulary import RecordKind


class PublishedQuerySet(models.QuerySet[Any]):
    def as_of(self, publication: int) -> Self:
        """Records as they stood at `publication`; each once. One index range."""
        return self.filter(since__lte=publication).exclude(until__lte=publication)

    def current(self) -> Self:
        """Records as they stand now. Within a request use `as_of`, which cannot tear."""
        return self.filter(until=None)


class PublishedRecord(models.Model):
    """One version of one published document.

    since: the publication that brought it; until: the one that replaced or withdrew it, null =
    current. body: the JSON text, exactly as served. salt: hex, of the digest of this body in the
    ledger; "" = none, as in version 1. A redaction destroys it with the body.
    """

    public_id = models.TextField(db_collation="C")
    version = models.PositiveIntegerField()
    since = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    until = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")
    body = models.TextField()
    salt = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["public_id", "version"], name="%(class)s_version_is_unique"
            ),
            models.UniqueConstraint(
                fields=["public_id"],
                condition=Q(until=None),
                name="%(class)s_has_one_current_version",
            ),
            models.CheckConstraint(
                name="%(class)s_ends_after_it_began",
                condition=Q(until=None) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} v{self.version}"


# The sources that a record cites itself, without those that stand behind them.
CITED = "$.sources[*] ? (@.cited == true)"

SORT_KEYS = (
    "opened_first",
    "opened_last",
    "decided_first",
    "decided_last",
    "sentence_least",
    "sentence_greatest",
)


def prosecution(case: str, defendant: str, verdict: str) -> type[PublishedRecord]:
    """The columns that cases, defendants and verdicts share, given where each stands in the body.

    A region, formation or article column holds its own code and those of all it lies under.
    """
    home = f"{defendant}.residence_region"
    unit = f"{defendant}.services[*].formation"
    charge, applied = f"{case}.charges[*]", f"{verdict}.articles[*]"
    # A term that a later ruling quashed or changed is nobody's term.
    imprisonment = (
        f'{verdict} ? (@.sentence_kind == "imprisonment"'
        ' && !(@.standing == "annulled" || @.standing == "changed")).sentence_months'
    )
    # Where no day of the ruling is printed, the day it was reported stands in for it.
    ruling = (f"{verdict}.date", f"{verdict} ? (@.date == null).reported")

    class Prosecution(Searchable, PublishedRecord):
        country = texts(f"{case}.country")
        region = texts(f"{case}.region.code", f"{case}.region.within[*]")
        court = texts(f"{case}.court.id", f"{verdict}.court.id")
        formation = texts(f"{unit}.id", f"{unit}.within[*]")
        article = texts(
            f"{charge}.code", f"{charge}.within[*]", f"{applied}.code", f"{applied}.within[*]"
        )
        kind = texts(f"{case}.kind")
        conflict = texts(f"{case}.conflict")
        status = texts(f"{case}.status")
        legal_status = texts(f"{defendant}.legal_status.code")
        outcome = texts(f"{verdict}.outcome")
        procedure = texts(f"{case}.procedure")
        plea = texts(f"{defendant}.plea")
        citizenship = texts(f"{defendant}.citizenships[*]")
        residence = texts(f"{home}.code", f"{home}.within[*]")
        publisher = texts(f"{CITED}.publisher.id")
        source = texts(f"{CITED}.id")
        has_court_document = exists(f'{CITED} ? (@.kind == "court_document")')
        disputed = exists("$.disputed[*]")
        opened = days(f"{case}.opened")
        decided = days(*ruling)
        sentence_months = integers(imprisonment)
        opened_first = first_day(f"{case}.opened")
        opened_last = last_day(f"{case}.opened")
        decided_first = first_day(*ruling)
        decided_last = last_day(*ruling)
        sentence_least = least(imprisonment)
        sentence_greatest = greatest(imprisonment)

        class Meta(PublishedRecord.Meta):
            abstract = True
            indexes = [
                GinIndex(
                    fields=[
                        *("country", "region", "court", "formation", "article", "kind"),
                        *("conflict", "status", "legal_status", "outcome", "procedure", "plea"),
                        *("citizenship", "residence", "publisher", "source"),
                    ],
                ),
                words_index(),
                *_sort_indexes(*SORT_KEYS),
            ]

    return Prosecution


def _sort_indexes(*keys: str) -> list[models.Index]:
    """One index a sort key, over all versions: the present and the past take the same path."""
    return [models.Index(fields=[key, "public_id"]) for key in keys]


class PublishedCase(
    prosecution(case="$", defendant="$.defendants[*]", verdict="$.verdicts[*]")  # type: ignore[misc]
):
    pass


class PublishedDefendant(
    prosecution(case="$.case", defendant="$", verdict="$.verdicts[*]")  # type: ignore[misc]
):
    pass


class PublishedVerdict(
    prosecution(case="$.case", defendant="$.defendant", verdict="$")  # type: ignore[misc]
):
    pass


class PublishedSource(Searchable, PublishedRecord):
    publisher = texts("$.publisher.id")
    kind = texts("$.kind")
    language = texts("$.language")
    published = days("$.published")
    archived = exists("$.archive_url ? (@ != null)")
    cites = texts("$.cites[*]")
    published_first = first_day("$.published")
    published_last = last_day("$.published")

    class Meta(PublishedRecord.Meta):
        indexes = [
            GinIndex(fields=["publisher", "kind", "language"]),
            GinIndex(fields=["cites"], name="publishedsource_cites"),
            words_index(),
            *_sort_indexes("published_first", "published_last"),
        ]


class PublishedStatistic(PublishedRecord):
    country = texts("$.country")
    measure = texts("$.measure")
    article = texts("$.articles[*].code", "$.articles[*].within[*]")
    formation = texts("$.formation.id", "$.formation.within[*]")
    outcome = texts("$.outcome")
    procedure = texts("$.procedure")
    publisher = texts(f"{CITED}.publisher.id")
    source = texts(f"{CITED}.id")
    period = days("$.period")
    disputed = exists("$.disputed[*]")
    period_first = first_day("$.period")
    period_last = last_day("$.period")

    class Meta(PublishedRecord.Meta):
        indexes = [
            GinIndex(
                fields=[
                    *("country", "measure", "article", "formation"),
                    *("outcome", "procedure", "publisher"),
                ],
            ),
            GinIndex(fields=["source"], name="publishedstatistic_source"),
            *_sort_indexes("period_first", "period_last"),
        ]


class PublishedReference(PublishedRecord):
    """A region, court, formation, article or publisher; `record` says which."""

    record = VocabularyField(choices=RecordKind.choices, null=False)

    class Meta(PublishedRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["record", "public_id", "version"], name="reference_version_is_unique"
            ),
            models.UniqueConstraint(
                fields=["record", "public_id"],
                condition=Q(until=None),
                name="reference_has_one_current_version",
            ),
            models.CheckConstraint(
                name="reference_ends_after_it_began",
                condition=Q(until=None) | Q(until__gt=F("since")),
            ),
        ]


PUBLISHED: dict[RecordKind, type[PublishedRecord]] = {
    RecordKind.CASE: PublishedCase,
    RecordKind.DEFENDANT: PublishedDefendant,
    RecordKind.VERDICT: PublishedVerdict,
    RecordKind.SOURCE: PublishedSource,
    RecordKind.STATISTIC: PublishedStatistic,
    RecordKind.REGION: PublishedReference,
    RecordKind.COURT: PublishedReference,
    RecordKind.FORMATION: PublishedReference,
    RecordKind.ARTICLE: PublishedReference,
    RecordKind.PUBLISHER: PublishedReference,
}


# All that the public API reads; its role in the database may read nothing else.
READ_TABLES: tuple[type[models.Model], ...] = (
    Publication,
    Entry,
    *dict.fromkeys(PUBLISHED.values()),
    Word,
)


def published(record: RecordKind) -> PublishedQuerySet:
    """All versions of the documents of one kind, as an unevaluated query."""
    model = PUBLISHED[record]
    if model is PublishedReference:
        return model.objects.filter(record=record)
    return model.objects.all()

"""Sources, and the citations that tie each fact to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.models.fields import EdtfField, IdField, TextField, VocabularyField
from cases.models.reference import Publisher
from cases.vocabulary import ExtentRead, Rank, SourceKind

CITABLE = ("case", "defendant", "service", "verdict", "statistic")


class Source(models.Model):
    """One publication or document that says something.

    title: as printed, in `title_language`; null = not seen. url: the address that was read;
    original_url: where it first stood, if we read a copy. sha256, captured: of the page as it was
    read. cites: the sources it relies on. parallel_of: another edition of the same dispatch,
    which is no independent source. note: for editors only. draft: held back from publishing.
    """

    id = IdField("^SRC-[0-9]{4,}$")
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="publications")
    kind = VocabularyField(choices=SourceKind.choices, null=False)
    title = TextField()
    title_language = TextField()
    language = TextField(null=False)
    url = models.URLField(max_length=1000, null=True, blank=True)
    original_url = models.URLField(max_length=1000, null=True, blank=True)
    archive_url = models.URLField(max_length=1000, null=True, blank=True)
    sha256 = models.CharField(max_length=64, null=True, blank=True)
    captured = models.DateTimeField(null=True, blank=True)
    published = EdtfField()
    extent_read = VocabularyField(choices=ExtentRead.choices, null=False)
    cites = models.ManyToManyField("self", symmetrical=False, related_name="cited_by", blank=True)
    parallel_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parallels"
    )
    note = TextField()
    draft = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="source_draft", condition=Q(draft=True)),
            models.Index(
                fields=["id"],
                name="source_without_archive_copy",
                condition=Q(archive_url=None, url__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="source_title_has_a_language",
                condition=Q(title=None) | Q(title_language__isnull=False),
            ),
            models.CheckConstraint(
                name="source_sha256_is_hex", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="source_is_not_its_own_parallel", condition=~Q(parallel_of=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, [self.pk, self.publisher_id, self.title]))


class Citation(models.Model):
    """What one source says of one subject.

    fields: the subject's own fields that it supports. values: what it states where that differs
    from the subject's row, by field. locator: where in the source ("¶ 3"); null = not recorded.
    confirmed: values that the source was found to support after they had changed, by field; see
    `publishing.confirming`. Never published.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="citations")
    defendant = models.ForeignKey(
        "cases.Defendant", models.CASCADE, null=True, related_name="citations"
    )
    service = models.ForeignKey(
        "cases.Service", models.CASCADE, null=True, related_name="citations"
    )
    verdict = models.ForeignKey(
        "cases.Verdict", models.CASCADE, null=True, related_name="citations"
    )
    statistic = models.ForeignKey(
        "cases.Statistic", models.CASCADE, null=True, related_name="citations"
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField()
    locator = TextField()
    fields = ArrayField(models.TextField())
    values = models.JSONField(default=dict, blank=True)
    confirmed = models.JSONField(default=dict, blank=True, db_default={})
    rank = VocabularyField(choices=Rank.choices, null=False, default=Rank.NORMAL)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["id"],
                name="citation_states_otherwise",
                condition=~Q(values={}) & ~Q(rank=Rank.DEPRECATED),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="citation_has_exactly_one_subject",
                condition=Q(
                    *(
                        Q(**{f"{subject}__isnull": subject != cited for subject in CITABLE})
                        for cited in CITABLE
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="citation_supports_a_field", condition=Q(fields__len__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {', '.join(self.fields)}"

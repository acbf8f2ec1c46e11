"""What editors are told about the quality of the working copy. Nothing here is ever published."""

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.models.fields import TextField, VocabularyField
from cases.models.source import Source
from cases.models.statistic import Statistic
from cases.vocabulary import Likeness, LinkState

DEAD = (LinkState.GONE, LinkState.FAILS, LinkState.UNREACHABLE)


class Finding(models.Model):
    """A rule of publishing that a draft breaks, as found when it was saved last.

    subject: id of the object at fault; field: its field, null = the whole object. Kept, because
    finding it out takes rendering the record.
    """

    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="findings")
    statistic = models.ForeignKey(Statistic, models.CASCADE, null=True, related_name="findings")
    rule = models.TextField()
    subject = models.TextField()
    field = TextField()
    detail = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["rule", "subject"], name="finding_by_rule")]
        constraints = [
            models.CheckConstraint(
                name="finding_is_about_one_record",
                condition=Q(case=None) ^ Q(statistic=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.detail}"


class LikelyDuplicate(models.Model):
    """Two cases that may be one and the same.

    first, second: in the order of their ids. dismissed: an editor looked and says they are two.
    reason: why; null = not dismissed, or dismissed before reasons were asked for.
    """

    first = models.ForeignKey(Case, models.CASCADE, related_name="+")
    second = models.ForeignKey(Case, models.CASCADE, related_name="+")
    likeness = VocabularyField(choices=Likeness.choices, null=False)
    dismissed = models.BooleanField(default=False)
    reason = TextField()

    class Meta:
        indexes = [
            models.Index(fields=["first"], name="duplicate_open", condition=Q(dismissed=False))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "likeness"], name="duplicate_is_listed_once"
            ),
            models.CheckConstraint(
                name="duplicate_is_in_order", condition=Q(first__lt=F("second"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"


class LinkCheck(models.Model):
    """What came of calling an address of a source the last time.

    address: as it was called. status: of the last answer (HTTP); null = there was none.
    final_url: where redirects led; null = nowhere else. failing_since: first of the failures in a
    row; null = it answered, or was not called.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="link_checks")
    address = models.TextField()
    state = VocabularyField(choices=LinkState.choices, null=False)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    final_url = TextField()
    detail = TextField()
    checked_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["source"], name="link_dead", condition=Q(state__in=DEAD)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "address"], name="link_is_listed_once"),
        ]

    def __str__(self) -> str:
        return self.address

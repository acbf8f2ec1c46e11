"""Figures that somebody published."""

from django.db import models
from django.db.models import F, Q

from cases.models.fields import EdtfField, IdField, MultilingualField, TextField, VocabularyField
from cases.models.reference import Article, Formation, Region
from cases.vocabulary import Measure, Outcome, Procedure, Qualifier, Unit


class Statistic(models.Model):
    """One figure. Rival figures stay side by side; series of different counters are never joined.

    counted: what exactly was counted. country: null = several. period: when, EDTF.
    value, or value_min and value_max, in `unit`; all null when only words are printed ("dozens").
    """

    id = IdField("^STAT-[0-9]{4,}$")
    measure = VocabularyField(choices=Measure.choices, null=False)
    counted = MultilingualField(null=False)
    unit = VocabularyField(choices=Unit.choices, null=False)
    country = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    articles = models.ManyToManyField(Article, related_name="statistics", blank=True)
    formation = models.ForeignKey(
        Formation, models.PROTECT, null=True, blank=True, related_name="statistics"
    )
    outcome = VocabularyField(choices=Outcome.choices)
    procedure = VocabularyField(choices=Procedure.choices)
    period = EdtfField()
    value = models.IntegerField(null=True, blank=True)
    value_min = models.IntegerField(null=True, blank=True)
    value_max = models.IntegerField(null=True, blank=True)
    qualifier = VocabularyField(choices=Qualifier.choices, null=False)
    counted_by = MultilingualField(null=False)
    contradicts = models.ManyToManyField("self", blank=True)
    derived_from = models.ManyToManyField(
        "self", symmetrical=False, related_name="derivatives", blank=True
    )
    remarks = MultilingualField()
    note = TextField()
    draft = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["id"], name="statistic_draft", condition=Q(draft=True))]
        constraints = [
            models.CheckConstraint(
                name="statistic_is_a_value_or_a_range",
                condition=Q(value_min=None, value_max=None)
                | Q(
                    value=None,
                    value_min__isnull=False,
                    value_max__isnull=False,
                    value_min__lt=F("value_max"),
                ),
            ),
            models.CheckConstraint(
                name="statistic_counts_from_zero",
                condition=(Q(value=None) | Q(value__gte=0))
                & (Q(value_min=None) | Q(value_min__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

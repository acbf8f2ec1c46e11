"""Reference tables: what records point to by code."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.models.fields import EdtfField, IdField, MultilingualField, TextField, VocabularyField
from cases.vocabulary import (
    Confiscation,
    CourtLevel,
    FormationKind,
    PublisherKind,
    RegionKind,
)

SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"


class Reference(models.Model):
    """A row that is referred to by code.

    name: in several languages. note: for editors only, never published.
    """

    name = MultilingualField(null=False, blank=False)
    note = TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk} · {next(iter(self.name.values()), '')}"


class Publisher(Reference):
    """Who stands behind a source."""

    id = IdField(SLUG)
    kind = VocabularyField(choices=PublisherKind.choices, null=False)
    website = models.URLField(null=True, blank=True)


class Region(Reference):
    """A country (ISO 3166-1) or one of its regions (ISO 3166-2).

    kato: code in the classifier of Kazakhstan. centroid_*: WGS 84 degrees, for maps only.
    """

    id = IdField("^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    kind = VocabularyField(choices=RegionKind.choices, null=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    kato = TextField()
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    aliases = ArrayField(models.TextField(), default=list, blank=True)
    sources = models.ManyToManyField("cases.Source", related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="region_has_parent_unless_country",
                condition=Q(kind="country", parent=None) | ~Q(kind="country") & ~Q(parent=None),
            ),
            models.CheckConstraint(
                name="region_centroid_is_whole_and_on_earth",
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
            ),
        ]


class Court(Reference):
    """A court. level: null = not known. place: the settlement it sits in."""

    id = IdField(SLUG)
    region = models.ForeignKey(Region, models.PROTECT, related_name="courts")
    level = VocabularyField(choices=CourtLevel.choices)
    place = MultilingualField()
    aliases = ArrayField(models.TextField(), default=list, blank=True)
    sources = models.ManyToManyField("cases.Source", related_name="+", blank=True)


class Formation(Reference):
    """An armed formation; a tree, as units stand under armies and ministries.

    active: when it existed, an EDTF interval.
    """

    id = IdField(SLUG)
    kind = VocabularyField(choices=FormationKind.choices, null=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    active = EdtfField()
    aliases = ArrayField(models.TextField(), default=list, blank=True)
    sources = models.ManyToManyField("cases.Source", related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="formation_is_not_its_own_parent", condition=~Q(parent=F("id"))
            ),
        ]


class Article(Reference):
    """An article of a criminal code, or a part of one. `name` is its title.

    min_months, max_months: range of imprisonment; null = not known or none.
    variants: rival statements of the penalty, `[{"claim", "sources", "remark"}]`.
    """

    id = IdField(r"^[A-Z]{2}[0-9]{0,2}-[0-9]+(\.[0-9]+)?(-[0-9]+)?$")
    country = models.ForeignKey(Region, models.PROTECT, related_name="+")
    law = MultilingualField(null=False)
    number = TextField(null=False)
    part = TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    conduct = MultilingualField()
    min_months = models.PositiveSmallIntegerField(null=True, blank=True)
    max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    life = models.BooleanField(null=True, blank=True)
    death = models.BooleanField(null=True, blank=True)
    confiscation = VocabularyField(choices=Confiscation.choices)
    other_penalty = MultilingualField()
    in_force_from = EdtfField()
    in_force_until = EdtfField()
    url = models.URLField(null=True, blank=True)
    variants = models.JSONField(default=list, blank=True)
    sources = models.ManyToManyField("cases.Source", related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_penalty_range_is_ordered",
                condition=Q(min_months=None)
                | Q(max_months=None)
                | Q(min_months__lte=F("max_months")),
            ),
        ]

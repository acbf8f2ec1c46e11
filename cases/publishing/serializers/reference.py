"""Shapes of the reference tables, on their own and as they are embedded in records."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Article, Court, Formation, Publisher, Region
from cases.publishing.serializers.fields import (
    MultilingualField,
    PartialDateField,
    Shape,
)
from cases.vocabulary import Confiscation, CourtLevel


class RegionReference(Shape):
    """A region as it stands in other documents."""

    code = serializers.CharField(source="pk")
    name = MultilingualField()
    within = serializers.SerializerMethodField(help_text="Codes of what it lies in.")

    def get_within(self, region: Region) -> list[str]:
        return [region.parent_id] if region.parent_id else []


class ArticleReference(Shape):
    """An article as it stands in other documents."""

    code = serializers.CharField(source="pk")
    name = MultilingualField()
    within = serializers.SerializerMethodField(help_text="Code of the article it is a part of.")

    def get_within(self, article: Article) -> list[str]:
        return [article.parent_id] if article.parent_id else []


class FormationReference(Shape):
    """A formation as it stands in other documents."""

    id = serializers.CharField()
    name = MultilingualField()
    within = serializers.SerializerMethodField(help_text="Ids of all it stands under.")

    def get_within(self, formation: Formation) -> list[str]:
        return ancestors(formation.pk, self.context["formations"])


class CourtReference(Shape):
    """A court as it stands in other documents. `region` is a code."""

    id = serializers.CharField()
    name = MultilingualField()
    level = serializers.ChoiceField(CourtLevel.choices, allow_null=True)
    region = serializers.CharField(source="region_id")


class PublisherReference(Shape):
    """A publisher as it stands in other documents."""

    id = serializers.CharField()
    name = MultilingualField()


def ancestors(formation: str, parents: dict[str, str | None]) -> list[str]:
    """Ids of all that a formation stands under, nearest first; a loop is cut where it closes."""
    above: list[str] = []
    parent = parents.get(formation)
    while parent and parent not in above:
        above.append(parent)
        parent = parents.get(parent)
    return above


class ReferenceShape(serializers.ModelSerializer):
    name = MultilingualField()
    sources = serializers.SerializerMethodField(help_text="Ids of the sources of this entry.")

    def get_sources(self, row: Any) -> list[str]:
        return sorted(source.pk for source in row.sources.all() if not source.draft)


class CentroidShape(Shape):
    """The middle of a region in degrees of WGS 84, for maps only."""

    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class RegionShape(ReferenceShape):
    code = serializers.CharField(source="pk")
    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, source="parent_id"
    )
    centroid = serializers.SerializerMethodField()

    class Meta:
        model = Region
        fields = ("code", "kind", "name", "parent", "kato", "centroid", "aliases", "sources")

    @extend_schema_field(CentroidShape(allow_null=True))
    def get_centroid(self, region: Region) -> dict[str, float] | None:
        if region.latitude is None or region.longitude is None:
            return None
        return {"latitude": region.latitude, "longitude": region.longitude}


class CourtShape(ReferenceShape):
    region = RegionReference()
    place = MultilingualField(allow_null=True)

    class Meta:
        model = Court
        fields = ("id", "name", "level", "region", "place", "aliases", "sources")


class FormationShape(ReferenceShape):
    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, source="parent_id"
    )
    within = serializers.SerializerMethodField(help_text="Ids of all it stands under.")
    active = PartialDateField(allow_null=True)

    class Meta:
        model = Formation
        fields = ("id", "name", "kind", "parent", "within", "active", "aliases", "sources")

    def get_within(self, formation: Formation) -> list[str]:
        return ancestors(formation.pk, self.context["formations"])


class PenaltyShape(Shape):
    """Range of imprisonment in months; null = not known, or no imprisonment."""

    min_months = serializers.IntegerField(allow_null=True)
    max_months = serializers.IntegerField(allow_null=True)
    life = serializers.BooleanField(allow_null=True)
    death = serializers.BooleanField(allow_null=True)
    confiscation = serializers.ChoiceField(Confiscation.choices, allow_null=True)
    other = MultilingualField(allow_null=True, source="other_penalty")


class VariantShape(Shape):
    """What sources state otherwise about the penalty."""

    claim = MultilingualField()
    sources = serializers.SerializerMethodField(help_text="Ids of the sources that state it.")
    remark = MultilingualField(allow_null=True)

    def get_sources(self, variant: dict[str, Any]) -> list[str]:
        return [pk for pk in variant["sources"] if pk not in self.context["drafts"]]


class ArticleShape(ReferenceShape):
    code = serializers.CharField(source="pk")
    country = serializers.CharField(source="country_id")
    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, source="parent_id"
    )
    law = MultilingualField()
    conduct = MultilingualField(allow_null=True)
    penalty = PenaltyShape(source="*")
    variants = VariantShape(many=True)
    in_force_from = PartialDateField(allow_null=True)
    in_force_until = PartialDateField(allow_null=True)

    class Meta:
        model = Article
        fields = (
            *("code", "country", "law", "number", "part", "parent", "name", "conduct"),
            *("penalty", "variants", "in_force_from", "in_force_until", "url", "sources"),
        )


class PublisherShape(serializers.ModelSerializer):
    name = MultilingualField()

    class Meta:
        model = Publisher
        fields = ("id", "name", "kind", "website")

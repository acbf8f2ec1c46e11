"""Shapes of the reference tables, on their own and as they are embedded in records."""

from typing import Any

from rest_framework import serializers

from cases.models import Article, Court, Formation, Publisher, Region
from cases.publishing.shapes.fields import MultilingualField, PartialDateField, Shape


class RegionReference(Shape):
    code = serializers.CharField(source="pk")
    name = MultilingualField()
    within = serializers.SerializerMethodField(help_text="Codes of what it lies in.")

    def get_within(self, region: Region) -> list[str]:
        return [region.parent_id] if region.parent_id else []


class ArticleReference(Shape):
    code = serializers.CharField(source="pk")
    name = MultilingualField()
    within = serializers.SerializerMethodField(help_text="Code of the article it is a part of.")

    def get_within(self, article: Article) -> list[str]:
        return [article.parent_id] if article.parent_id else []


class FormationReference(Shape):
    id = serializers.CharField()
    name = MultilingualField()
    within = serializers.SerializerMethodField(help_text="Ids of all it stands under.")

    def get_within(self, formation: Formation) -> list[str]:
        return ancestors(formation.pk, self.context["formations"])


class CourtReference(Shape):
    id = serializers.CharField()
    name = MultilingualField()
    level = serializers.CharField()
    region = serializers.CharField(source="region_id")


class PublisherReference(Shape):
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


class RegionShape(ReferenceShape):
    code = serializers.CharField(source="pk")
    parent = serializers.CharField(source="parent_id")  # type: ignore[assignment]
    centroid = serializers.SerializerMethodField(help_text="WGS 84 degrees, for maps only.")

    class Meta:
        model = Region
        fields = ("code", "kind", "name", "parent", "kato", "centroid", "aliases", "sources")

    def get_centroid(self, region: Region) -> dict[str, float] | None:
        if region.latitude is None or region.longitude is None:
            return None
        return {"latitude": region.latitude, "longitude": region.longitude}


class CourtShape(ReferenceShape):
    region = RegionReference()

    class Meta:
        model = Court
        fields = ("id", "name", "level", "region", "place", "aliases", "sources")


class FormationShape(ReferenceShape):
    parent = serializers.CharField(source="parent_id")  # type: ignore[assignment]
    within = serializers.SerializerMethodField(help_text="Ids of all it stands under.")
    active = PartialDateField()

    class Meta:
        model = Formation
        fields = ("id", "name", "kind", "parent", "within", "active", "aliases", "sources")

    def get_within(self, formation: Formation) -> list[str]:
        return ancestors(formation.pk, self.context["formations"])


class PenaltyShape(Shape):
    """Range of imprisonment in months; null = not known, or no imprisonment."""

    min_months = serializers.IntegerField()
    max_months = serializers.IntegerField()
    life = serializers.BooleanField()
    death = serializers.BooleanField()
    confiscation = serializers.CharField()
    other = MultilingualField(source="other_penalty")


class ArticleShape(ReferenceShape):
    code = serializers.CharField(source="pk")
    country = serializers.CharField(source="country_id")
    parent = serializers.CharField(source="parent_id")  # type: ignore[assignment]
    conduct = MultilingualField()
    variants = serializers.SerializerMethodField(help_text="Rival statements of the penalty.")
    penalty = PenaltyShape(source="*")
    in_force_from = PartialDateField()
    in_force_until = PartialDateField()

    class Meta:
        model = Article
        fields = (
            *("code", "country", "law", "number", "part", "parent", "name", "conduct"),
            *("penalty", "variants", "in_force_from", "in_force_until", "url", "sources"),
        )

    def get_variants(self, article: Article) -> list[dict[str, Any]]:
        drafts = self.context["drafts"]
        return [
            variant | {"sources": [pk for pk in variant["sources"] if pk not in drafts]}
            for variant in article.variants
        ]


class PublisherShape(serializers.ModelSerializer):
    name = MultilingualField()

    class Meta:
        model = Publisher
        fields = ("id", "name", "kind", "website")

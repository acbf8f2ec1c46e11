"""Shape of a published figure."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Statistic
from cases.publishing.serializers.fields import (
    API,
    MultilingualField,
    PartialDateField,
    by_id,
)
from cases.publishing.serializers.reference import ArticleReference, FormationReference
from cases.publishing.serializers.source import CitationShape


class RivalShape(serializers.ModelSerializer):
    """Another figure, short."""

    url = serializers.SerializerMethodField(help_text="Path of the record.")
    counted_by = MultilingualField()

    class Meta:
        model = Statistic
        fields = ("id", "url", "value", "value_min", "value_max", "qualifier", "counted_by")

    def get_url(self, statistic: Statistic) -> str:
        return f"{API}/statistics/{statistic.pk}/"


class StatisticShape(RivalShape):
    counted = MultilingualField()
    country = serializers.CharField(allow_null=True, source="country_id")
    articles = serializers.SerializerMethodField()
    formation = FormationReference(allow_null=True)
    period = PartialDateField(allow_null=True)
    contradicts = serializers.SerializerMethodField()
    derived_from = serializers.SerializerMethodField()
    remarks = MultilingualField(allow_null=True)
    citations = CitationShape(many=True)

    class Meta:
        model = Statistic
        fields = (
            "id",
            "url",
            "measure",
            "counted",
            "unit",
            "country",
            "articles",
            "formation",
            "outcome",
            "procedure",
            "period",
            "value",
            "value_min",
            "value_max",
            "qualifier",
            "counted_by",
            "remarks",
            "citations",
            "contradicts",
            "derived_from",
        )

    @extend_schema_field(ArticleReference(many=True))
    def get_articles(self, statistic: Statistic) -> list[dict[str, Any]]:
        return [ArticleReference(article).data for article in by_id(statistic.articles.all())]

    @extend_schema_field(RivalShape(many=True))
    def get_contradicts(self, statistic: Statistic) -> list[dict[str, Any]]:
        return [RivalShape(rival).data for rival in public(statistic.contradicts.all())]

    @extend_schema_field(RivalShape(many=True))
    def get_derived_from(self, statistic: Statistic) -> list[dict[str, Any]]:
        return [RivalShape(origin).data for origin in public(statistic.derived_from.all())]


def public(statistics: Iterable[Statistic]) -> list[Statistic]:
    return by_id(statistic for statistic in statistics if not statistic.draft)

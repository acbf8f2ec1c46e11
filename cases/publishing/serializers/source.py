"""Shapes of sources and citations."""

from rest_framework import serializers

from cases.models import Citation, Source
from cases.publishing.serializers.fields import API, PartialDateField
from cases.publishing.serializers.reference import PublisherReference


class CitationShape(serializers.ModelSerializer):
    """What one source says: `fields` are names of the citing object's own fields, `values` what
    the source states where that differs from the object."""

    source = serializers.CharField(source="source_id")  # type: ignore[assignment]
    values = serializers.DictField(child=serializers.JSONField())

    class Meta:
        model = Citation
        fields = ("fields", "source", "locator", "rank", "values")


class SourceReference(serializers.ModelSerializer):
    """A source as it stands in other documents. `url` is its own address on the web."""

    path = serializers.SerializerMethodField(help_text="Path of the record.")
    publisher = PublisherReference()
    published = PartialDateField(allow_null=True)
    cites = serializers.SerializerMethodField(help_text="Ids of the sources it relies on.")

    class Meta:
        model = Source
        fields = (
            "id",
            "path",
            "publisher",
            "kind",
            "title",
            "language",
            "url",
            "archive_url",
            "published",
            "extent_read",
            "cites",
        )

    def get_path(self, source: Source) -> str:
        return f"{API}/sources/{source.pk}/"

    def get_cites(self, source: Source) -> list[str]:
        return sorted(cited.pk for cited in source.cites.all() if not cited.draft)


class SourceShape(SourceReference):
    """A source as a record of its own."""

    parallel_of = serializers.SerializerMethodField(
        help_text="Id of another edition of the same dispatch."
    )

    class Meta:
        model = Source
        fields = (
            *("id", "path", "publisher", "kind", "title", "title_language", "language"),
            *("url", "original_url", "archive_url", "sha256", "captured", "published"),
            *("extent_read", "parallel_of", "cites"),
        )

    def get_parallel_of(self, source: Source) -> str | None:
        other = source.parallel_of
        return other.pk if other and not other.draft else None

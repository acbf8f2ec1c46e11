"""Fields and small helpers that all shapes share."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases import dates
from cases.models.fields import LANGUAGES

API = "/api/v1"


# For output only. Its context holds `formations`, the parent of each formation, and `drafts`, the
# ids of sources that are not public. No docstring here: what has none of its own would be described
# by it in public.
class Shape(serializers.Serializer):
    pass


class PartialDateShape(Shape):
    """A date known in part. `value` is EDTF (ISO 8601-2) as entered; `earliest` and `latest` are
    the first and last possible day, null = open or unknown end."""

    value = serializers.CharField()
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


@extend_schema_field(PartialDateShape)
class PartialDateField(serializers.Field):
    """`{"value", "earliest", "latest"}`; see `cases.dates`."""

    def to_representation(self, value: str) -> dict[str, str | None]:
        return dates.parse(value).as_json()


class MultilingualShape(Shape):
    """Text in several languages; null = not known in that language."""

    en = serializers.CharField(allow_null=True)
    ru = serializers.CharField(allow_null=True)
    kk = serializers.CharField(allow_null=True)


@extend_schema_field(MultilingualShape)
class MultilingualField(serializers.Field):
    """`{"en", "ru", "kk"}`; a language that is not known is null."""

    def to_representation(self, value: dict[str, str]) -> dict[str, str | None]:
        return {language: value.get(language) for language in LANGUAGES}


class MultilingualListShape(Shape):
    """A list of texts in several languages; null = not known in that language."""

    en = serializers.ListField(child=serializers.CharField(), allow_null=True)
    ru = serializers.ListField(child=serializers.CharField(), allow_null=True)
    kk = serializers.ListField(child=serializers.CharField(), allow_null=True)


@extend_schema_field(MultilingualListShape)
class MultilingualListField(serializers.Field):
    """`{"en", "ru", "kk"}`, each a list; a language that is not known is null."""

    def to_representation(self, value: dict[str, list[str]]) -> dict[str, list[str] | None]:
        return {language: value.get(language) for language in LANGUAGES}


@extend_schema_field(OpenApiTypes.NUMBER)
class AmountField(serializers.Field):
    """Money as a JSON number; whole amounts without a fraction."""

    def to_representation(self, value: Decimal) -> int | float:
        return int(value) if value == value.to_integral_value() else float(value)


def by_id(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.pk)


def numbered(rows: Iterable[Any]) -> list[Any]:
    """Rows of one parent in the order of the numbers at the end of their ids."""
    return sorted(rows, key=lambda row: (len(row.pk), row.pk))

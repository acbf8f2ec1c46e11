"""Fields and small helpers that all shapes share."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from cases import dates
from cases.models.fields import LANGUAGES

API = "/api/v1"


class Shape(serializers.Serializer):
    """A shape for output only. Its context holds `formations`, the parent of each formation, and
    `drafts`, the ids of sources that are not public."""


class PartialDateField(serializers.Field):
    """`{"value", "earliest", "latest"}`; see `cases.dates`."""

    def to_representation(self, value: str) -> dict[str, str | None]:
        return dates.parse(value).as_json()


class MultilingualField(serializers.Field):
    """`{"en", "ru", "kk"}`; a language that is not known is null."""

    def to_representation(self, value: dict[str, str]) -> dict[str, str | None]:
        return {language: value.get(language) for language in LANGUAGES}


class AmountField(serializers.Field):
    """Money as a JSON number; whole amounts without a fraction."""

    def to_representation(self, value: Decimal) -> int | float:
        return int(value) if value == value.to_integral_value() else float(value)


def by_id(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.pk)


def numbered(rows: Iterable[Any]) -> list[Any]:
    """Rows of one parent in the order of the numbers at the end of their ids."""
    return sorted(rows, key=lambda row: (len(row.pk), row.pk))

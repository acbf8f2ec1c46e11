"""Columns that PostgreSQL generates from a published document.

Each reads the JSON text in `body` by one of the SQL functions of the first migration.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Func, Value


def _generated(
    function: str, output: "models.Field[Any, Any]", *paths: str
) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Func(F("body"), *map(Value, paths), function=function),
        output_field=output,
        db_persist=True,
    )


def texts(*paths: str) -> models.GeneratedField:
    """All strings at the JSON paths, each once, as `text[]`; nothing found = empty."""
    return _generated("published_texts", ArrayField(models.TextField()), *paths)


def integers(*paths: str) -> models.GeneratedField:
    """All whole numbers at the JSON paths as `integer[]`; nothing found = empty."""
    return _generated("published_integers", ArrayField(models.IntegerField()), *paths)


def days(*paths: str) -> models.GeneratedField:
    """All partial dates at the JSON paths as `daterange[]`; an open end has no bound."""
    return _generated("published_days", ArrayField(DateRangeField()), *paths)


def first_day(*paths: str) -> models.GeneratedField:
    """Sort key: the earliest possible day; unknown = year 9999, so that it sorts last."""
    return _generated("published_first_day", models.DateField(), *paths)


def last_day(*paths: str) -> models.GeneratedField:
    """Sort key for descending order: the latest possible day; unknown = year 1."""
    return _generated("published_last_day", models.DateField(), *paths)


def least(*paths: str) -> models.GeneratedField:
    """Sort key: the smallest number; unknown sorts last."""
    return _generated("published_least", models.IntegerField(), *paths)


def greatest(*paths: str) -> models.GeneratedField:
    """Sort key for descending order: the greatest number; unknown sorts last."""
    return _generated("published_greatest", models.IntegerField(), *paths)


def exists(path: str) -> models.GeneratedField:
    """Whether anything stands at the JSON path."""
    return _generated("published_exists", models.BooleanField(), path)

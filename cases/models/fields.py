"""Model fields of this domain. Each carries its own CHECK, so no writer can get around it."""

import re
from itertools import chain
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from cases import dates, names

LANGUAGES = ("en", "ru", "kk")

# Finds a language whose text is missing.
NO_TEXT = """'strict $.* ? (@.type() != "string" || @ == "")'"""

# Finds a language whose list has no item, or an item that is no text.
NO_LIST = """'strict $.* ? (@.type() != "array" || @.size() == 0)'"""
NO_ITEM = """'lax $.*[*] ? (@.type() != "string" || @ == "")'"""

Options = dict[str, Any]


def _column(field: models.Field, connection: BaseDatabaseWrapper) -> str:
    return connection.ops.quote_name(str(field.column))


class Unknowable(models.Field):
    """A field that may be unknown unless told otherwise, contrary to Django's own.

    Migrations leave out what is Django's default, so this one has to be said.
    """

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"null": self.null, "blank": self.blank}


class IdField(models.CharField):
    """A public id or code as primary key; `pattern` is a POSIX regular expression.

    Collated "C": ids sort alike on every machine, and paging depends on that.
    """

    def __init__(self, pattern: str, **options: Any) -> None:
        self.pattern = pattern
        defaults: Options = {"primary_key": True, "max_length": 80, "db_collation": "C"}
        super().__init__(**defaults | options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"pattern": self.pattern}

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not re.fullmatch(self.pattern, value):
            raise ValidationError(f"“{value}” has not the form {self.pattern}", code="id")

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f"{_column(self, connection)} ~ '{self.pattern}'"


class TextField(Unknowable, models.TextField):
    """Free text; unknown is null, never the empty string."""

    def __init__(self, **options: Any) -> None:
        defaults: Options = {"null": True, "blank": True}
        super().__init__(**defaults | options)

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f"{_column(self, connection)} <> ''"


class VocabularyField(Unknowable, models.CharField):
    """One code of a closed vocabulary (`choices`); unknown is null."""

    def __init__(self, **options: Any) -> None:
        defaults: Options = {"null": True, "blank": True, "max_length": 40}
        super().__init__(**defaults | options)

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        codes = ", ".join(f"'{code}'" for code, _ in self.flatchoices)
        return f"{_column(self, connection)} IN ({codes})"


class EdtfField(Unknowable, models.CharField):
    """A date known in part, as an EDTF string (see `cases.dates`); unknown is null."""

    def __init__(self, **options: Any) -> None:
        defaults: Options = {"null": True, "blank": True, "max_length": 40}
        super().__init__(**defaults | options)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        try:
            dates.parse(value)
        except ValueError as error:
            raise ValidationError(str(error), code="edtf") from error

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f"{_column(self, connection)} ~ '^[0-9X.~?/-]+$'"


class MultilingualField(Unknowable, models.JSONField):
    """Text in several languages, `{"en", "ru", "kk"}`; a language that is missing is unknown."""

    def __init__(self, **options: Any) -> None:
        defaults: Options = {"null": True, "blank": True}
        super().__init__(**defaults | options)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not (
            isinstance(value, dict)
            and value
            and value.keys() <= set(LANGUAGES)
            and all(isinstance(text, str) and text for text in value.values())
        ):
            raise ValidationError(
                f"expected text in one or more of {', '.join(LANGUAGES)}", code="multilingual"
            )

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = _column(self, connection)
        languages = ", ".join(f"'{language}'" for language in LANGUAGES)
        return (
            f"jsonb_typeof({column}) = 'object' AND {column} <> '{{}}'"
            f" AND {column} - ARRAY[{languages}] = '{{}}'"
            f" AND NOT jsonb_path_exists({column}, {NO_TEXT})"
        )


class MultilingualListField(Unknowable, models.JSONField):
    """A list of texts in several languages, `{"en": [], "ru": [], "kk": []}`, each in its own
    order; a language that is missing is unknown."""

    def __init__(self, **options: Any) -> None:
        defaults: Options = {"null": True, "blank": True}
        super().__init__(**defaults | options)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not (
            isinstance(value, dict)
            and value
            and value.keys() <= set(LANGUAGES)
            and all(isinstance(items, list) and items for items in value.values())
            and all(isinstance(item, str) and item for items in value.values() for item in items)
        ):
            raise ValidationError(
                f"expected lists of texts in one or more of {', '.join(LANGUAGES)}",
                code="multilingual",
            )

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = _column(self, connection)
        languages = ", ".join(f"'{language}'" for language in LANGUAGES)
        return (
            f"jsonb_typeof({column}) = 'object' AND {column} <> '{{}}'"
            f" AND {column} - ARRAY[{languages}] = '{{}}'"
            f" AND NOT jsonb_path_exists({column}, {NO_LIST})"
            f" AND NOT jsonb_path_exists({column}, {NO_ITEM})"
        )


class FoldedField(ArrayField):
    """The folded words of the text in another field, to find its spellings by.

    Written from that field whenever a row is, so that no writer can forget it.
    """

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        defaults: Options = {"base_field": models.TextField(), "editable": False, "default": list}
        super().__init__(**defaults | options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> list[str]:
        words = names.words(getattr(model_instance, self.of) or "")
        folded = sorted(set(chain.from_iterable(map(names.readings, words))))
        setattr(model_instance, self.attname, folded)
        return folded

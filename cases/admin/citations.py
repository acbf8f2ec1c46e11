"""Rows that say which source supports which facts of the object above them."""

from typing import Any

import nested_admin
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from cases.admin.facts import FACTS, choices
from cases.admin.forms import DeskFields, DeskForm
from cases.admin.help import help_for
from cases.admin.rows import Rows, RowSet
from cases.admin.widgets import ValuesField, understood
from cases.models import Case, Citation, Defendant, Service, Statistic, Verdict
from cases.models.fields import EdtfField, MultilingualField


class CitationForm(DeskForm):
    """`subject`, set by subclasses, is the kind of object that is cited for."""

    subject: type[models.Model]

    values = ValuesField(required=False, help_text=help_for(Citation, "values"))

    class Meta:
        model = Citation
        fields = ("source", "locator", "fields", "rank", "values")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["values"].label = "Says something else"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = cleaned.get("fields") or []
        stated = cleaned.get("values") or {}
        try:
            cleaned["values"] = {
                field: self._typed(field, value, named) for field, value in stated.items()
            }
        except ValidationError as error:
            self.add_error("values", error)
        return cleaned

    def _typed(self, fact: str, value: Any, named: list[str]) -> Any:
        """The value as the documents hold it. ValidationError when it cannot be one."""
        if fact not in FACTS[self.subject]:
            allowed = ", ".join(FACTS[self.subject])
            raise ValidationError(f"“{fact}” is no field; expected one of {allowed}.")
        if fact not in named:
            raise ValidationError(f"Tick “{fact}” too, as this source says something about it.")
        columns = {field.name: field for field in self.subject._meta.get_fields()}
        column: Any = columns.get(fact)
        if not isinstance(column, models.Field) or column.many_to_many:
            return value
        if isinstance(column, MultilingualField):
            return {"en": value} if isinstance(value, str) else value
        if isinstance(column, models.ForeignKey):
            if not column.related_model._default_manager.filter(pk=str(value)).exists():
                raise ValidationError(f"{fact}: “{value}” is no known code.")
            return value
        if isinstance(column, models.BooleanField):
            value = {"yes": True, "no": False}.get(value, value)
            if not isinstance(value, bool):
                raise ValidationError(f"{fact}: expected yes or no, not “{value}”.")
            return value
        if isinstance(column, models.IntegerField):
            if not isinstance(value, int) or isinstance(value, bool):
                raise ValidationError(f"{fact}: expected a whole number, not “{value}”.")
            return value
        return self._text(fact, str(value), column)

    def _text(self, fact: str, value: str, column: Any) -> str:
        if isinstance(column, EdtfField):
            reading = understood(value)
            if not reading["ok"]:
                raise ValidationError(f"{fact}: {reading['text']}")
        elif column.choices and value not in dict(column.flatchoices):
            allowed = ", ".join(code for code, _ in column.flatchoices)
            raise ValidationError(f"{fact}: “{value}” is not one of {allowed}.")
        return value


class CitationSet(RowSet):
    numbered = True


class CitationInline(DeskFields, Rows, nested_admin.NestedStackedInline):
    """Subclasses name their `subject`."""

    model = Citation
    formset = CitationSet
    subject: type[models.Model]
    autocomplete_fields = ("source",)
    extra = 1
    verbose_name = "source"
    verbose_name_plural = "who says so"
    classes = ("citations",)
    fieldsets = ((None, {"fields": (("source", "locator", "rank"), "fields", "values")}),)

    def get_formset(self, request: Any, obj: Any = None, **options: Any) -> Any:
        options["form"] = type("CitationForm", (CitationForm,), {"subject": self.subject})
        return super().get_formset(request, obj, **options)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "fields":
            return forms.MultipleChoiceField(
                choices=choices(self.subject),
                widget=forms.CheckboxSelectMultiple(),
                label="Supports",
                help_text=help_for(Citation, "fields"),
            )
        return super().formfield_for_dbfield(db_field, request, **options)


class CaseCitations(CitationInline):
    subject = Case
    fk_name = "case"


class DefendantCitations(CitationInline):
    subject = Defendant
    fk_name = "defendant"


class ServiceCitations(CitationInline):
    subject = Service
    fk_name = "service"


class VerdictCitations(CitationInline):
    subject = Verdict
    fk_name = "verdict"


class StatisticCitations(CitationInline):
    subject = Statistic
    record = "statistic"
    fk_name = "statistic"

"""What the forms of the desk share: errors at their field, and help in an editor's words."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from cases.admin.constraints import EXPLAINED, constraint_of
from cases.admin.facts import fact_of
from cases.admin.help import help_for, label_for
from cases.admin.widgets import (
    EdtfInput,
    LinesField,
    MultilingualFormField,
    MultilingualListFormField,
)
from cases.characters import cleaned
from cases.importing.validating import says_nothing
from cases.models import Defendant, Service, Verdict
from cases.models.fields import (
    EdtfField,
    IdField,
    MultilingualField,
    MultilingualListField,
    TextField,
    Unknowable,
    VocabularyField,
)
from cases.names import stray_letter

# Texts that take more than one line.
LONG = {"note", "remarks", "summary", "counted", "conduct"}

# Rows whose ids are given and not typed; the form has to say which row it is about.
NUMBERED = (Defendant, Service, Verdict)


class PlainTextForm(forms.ModelForm):
    """A form whose texts contain no invisible characters: harmless ones are removed, any other one
    is an error at its field."""

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            try:
                self.cleaned_data[name] = cleaned(value)
            except ValueError as error:
                self.add_error(name, f"This text {error}.")
                continue
            texts = list(_texts(value))
            # The title of a source is given as it was printed.
            if name != "title" and (stray := next(filter(None, map(stray_letter, texts)), None)):
                self.add_error(name, f"{stray}.")
            elif empty := next((text for text in texts if text and says_nothing(text)), None):
                self.add_error(name, f"“{empty}” says nothing; leave it empty if it is not known.")

    def has_changed(self) -> bool:
        """Also when nothing was typed and what is stored contains such a character."""
        return super().has_changed() or any(
            _is_unclean(self.initial.get(name)) for name in self.fields
        )


def _texts(value: Any) -> Iterator[str]:
    """The texts that an editor typed into one field."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _is_unclean(value: Any) -> bool:
    try:
        return bool(cleaned(value) != value)
    except ValueError:
        return True


class DeskForm(PlainTextForm):
    """A form whose row the database will accept: constraints are errors at their field.

    facts: the form fields that state a fact, with its public name.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        model = self._meta.model
        self.facts = {name: fact for name in self.fields if (fact := fact_of(model, name))}
        self._help = {name: self.fields[name].help_text for name in self.facts}
        for name in self.facts:
            self.fields[name].help_text = self.help_of(name)

    def help_of(self, name: str, unsourced: bool = False) -> str:
        """Help with the mark of a fact without source, which the script shows and hides too."""
        return format_html(
            '<span class="unsourced" data-fact="{}"{}>no source yet</span> {}',
            self.facts[name],
            "" if unsourced else mark_safe(" hidden"),  # nosec B308 B703
            self._help[name],
        )

    def _update_errors(self, errors: ValidationError) -> None:
        found = errors.error_dict if hasattr(errors, "error_dict") else {}
        moved: dict[str, str] = {}
        kept = []
        for error in found.get(NON_FIELD_ERRORS, []):
            field, detail = EXPLAINED.get(constraint_of(self.instance, error) or "", ("", ""))
            if field in self.fields:
                moved[field] = detail
            else:
                kept.append(error)
        if moved:
            found.pop(NON_FIELD_ERRORS)
            if kept:
                found[NON_FIELD_ERRORS] = kept
        super()._update_errors(errors)  # type: ignore[misc]
        for field, detail in moved.items():
            self.add_error(field, detail)

    def has_changed(self) -> bool:
        """Also when only something beneath it has: a citation needs its ruling."""
        return super().has_changed() or any(
            form.has_changed() and f"{form.prefix}-DELETE" not in form.data
            for formset in getattr(self, "nested_formsets", [])
            for form in formset.forms
        )


class DeskFields:
    """Mixed into model admins and inlines: the form field of each column."""

    form = DeskForm

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        said: dict[str, Any] = {
            "label": label_for(db_field).capitalize(),
            "help_text": help_for(db_field.model, db_field.name),
        }
        # An unknown value is null, so what cannot be null has to be entered.
        required = not (db_field.null if isinstance(db_field, Unknowable) else db_field.blank)
        if isinstance(db_field, IdField) and db_field.model in NUMBERED:
            return forms.CharField(required=False, widget=forms.HiddenInput())
        if isinstance(db_field, EdtfField):
            return db_field.formfield(**said, widget=EdtfInput())
        if isinstance(db_field, MultilingualField):
            rows = 3 if db_field.name in LONG else 1
            return MultilingualFormField(required=required, rows=rows, **said)
        if isinstance(db_field, MultilingualListField):
            return MultilingualListFormField(required=required, **said)
        if isinstance(db_field, ArrayField):
            return LinesField(required=required, **said)
        if isinstance(db_field, TextField):
            long = db_field.name in LONG
            widget = forms.Textarea({"rows": 2}) if long else forms.TextInput()
            empty = None if db_field.null else ""
            return forms.CharField(required=required, widget=widget, empty_value=empty, **said)
        if isinstance(db_field, VocabularyField):
            options["required"] = required
        if isinstance(db_field, models.URLField):
            options["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **(options | said))  # type: ignore[misc]
        # What is referred to is changed on its own page; here it can be found, or added.
        for offer in ("can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, offer):
                setattr(field.widget, offer, False)
        return field

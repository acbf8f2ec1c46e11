"""Characters that nobody sees do not come in by the desk: they are removed, or refused by name."""

import pytest
from django.contrib import admin
from django.forms import modelform_factory
from django.test import RequestFactory

from cases.admin import locking
from cases.admin.keys import ApiKeyAdmin
from cases.models import ApiKey, Publisher

pytestmark = pytest.mark.django_db

GIVEN = {"id": "synthetic-daily", "kind": "newsroom", "name_en": "Synthetic Daily", "note": ""}


def form(instance=None, **given):
    made = admin.site.get_model_admin(Publisher).get_form(RequestFactory().get("/desk/"), instance)
    return made(GIVEN | given, instance=instance)


def test_what_comes_along_with_copied_text_is_removed():
    filled = form(name_en="Syn\u00adthe\u200btic\u2009Daily", note="\ufeffa\u2060 note")
    assert filled.is_valid(), filled.errors
    saved = filled.save()
    assert (saved.name, saved.note) == ({"en": "Synthetic Daily"}, "a note")


def test_what_hides_something_is_an_error_at_its_field():
    filled = form(name_en="Syn\u202ethetic Daily")
    assert list(filled.errors) == ["name"]
    assert "U+202E RIGHT-TO-LEFT OVERRIDE, at position 4" in filled.errors["name"][0]


def test_what_was_stored_before_is_cleaned_when_it_is_saved_again():
    stored = Publisher.objects.create(
        id="synthetic-daily", kind="newsroom", name={"en": "Synthetic Daily"}, note="a no\u00adte"
    )
    opened = locking.sealed(locking.snapshot(stored))
    again = form(stored, note=stored.note, as_opened=opened)
    assert again.has_changed()
    assert again.is_valid(), again.errors
    again.save()
    assert Publisher.objects.get().note == "a note"


def test_names_of_keys_are_looked_at_too():
    made = modelform_factory(ApiKey, form=ApiKeyAdmin.form, fields=["name"])
    filled = made({"name": "Syn\u202ethetic"})
    assert "U+202E" in filled.errors["name"][0]

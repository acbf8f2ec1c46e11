"""Each field of each form says what it means."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory

from cases.admin import facts, help
from cases.models import Name, Payment

DESK = [model for model in admin.site._registry if model._meta.app_label == "cases"]


def forms_of(inline, request):
    yield inline.get_formset(request).form
    for below in getattr(inline, "get_inline_instances", lambda *_: [])(request):
        yield from forms_of(below, request)


def forms(model, request):
    desk = admin.site._registry[model]
    if desk.has_add_permission(request):
        yield desk.get_form(request)
        for inline in desk.get_inline_instances(request):
            yield from forms_of(inline, request)


@pytest.fixture
def request_(db):
    request = RequestFactory().get("/desk/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    return request


def test_every_field_of_every_form_has_help(request_):
    seen = 0
    for model in DESK:
        for form in forms(model, request_):
            for name, field in form(prefix="x").fields.items():
                if field.widget.is_hidden:
                    continue
                plain = help.help_for(form._meta.model, name)
                assert plain, (form._meta.model.__name__, name)
                assert plain in str(field.help_text).replace("&#x27;", "'") or "unsourced" in str(
                    field.help_text
                )
                seen += 1
    assert seen > 130


def test_no_help_is_about_a_field_that_is_not_there():
    for model, said in help.HELP.items():
        names = {field.name for field in model._meta.get_fields()}
        assert said.keys() <= names, model


def test_every_fact_can_be_typed_somewhere():
    """What can be cited can be marked as unsourced at a field."""
    for model, stated in facts.FACTS.items():
        names = [field.name for field in model._meta.get_fields()]
        found = {facts.fact_of(model, name) for name in names}
        found |= {facts.fact_of(Name, "text"), facts.fact_of(Payment, "amount")}
        assert set(stated) <= found, model


def test_every_field_of_an_account_has_help(client, django_user_model, db):
    boss = django_user_model.objects.create_superuser("boss", password="x")
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/desk/auth/user/add/", f"/desk/auth/user/{boss.pk}/change/"):
        form = client.get(address).context["adminform"].form
        for name, field in form.fields.items():
            assert field.help_text or name == "password2", name

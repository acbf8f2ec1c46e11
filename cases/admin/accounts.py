"""Accounts of editors. A role says what one may do; only a superuser makes superusers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.validators import MaxLengthValidator

HELP = {
    "username": "The name to log in with.",
    "first_name": "Given name, for colleagues.",
    "last_name": "Family name, for colleagues.",
    "email": "For colleagues only; it is never published.",
    "groups": "Reporters enter; editors also check and publish; admins also give accounts.",
    "is_active": "Take the tick away instead of deleting the account, so that the log stays whole.",
    "password": "Nobody can read it, here or anywhere.",  # nosec B105
}


class LoginForm(AdminAuthenticationForm):
    """Rejects a name longer than any account's: Django only tells the browser how long it may be,
    and django-axes could not store the attempt."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))  # type: ignore[attr-defined]


class AccountAdmin(UserAdmin):
    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who", {"fields": ("first_name", "last_name", "email")}),
        ("Role", {"fields": ("groups", "is_active")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", "groups")}),)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def roles(self, user: User) -> str:
        named = ", ".join(group.name for group in user.groups.all())
        return "superuser" if user.is_superuser else named

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field and db_field.name in HELP:
            field.help_text = HELP[db_field.name]
        return field

    def formfield_for_manytomany(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "groups":
            options["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **options)

    def get_form(  # type: ignore[override]
        self, request: Any, obj: Any = None, **options: Any
    ) -> Any:
        form = super().get_form(request, obj, **options)
        if obj is not None and "password" in form.base_fields:
            form.base_fields["password"].help_text = HELP["password"]
        return form

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Nobody becomes a superuser by way of another's password."""
        allowed = super().has_change_permission(request, obj)
        protected = obj is not None and obj.is_superuser and not request.user.is_superuser
        return bool(allowed) and not protected

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """The log needs who did it; take the tick at “active” away instead."""
        return False

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.is_staff = True
        super().save_model(request, obj, form, change)


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, AccountAdmin)

"""API keys: given to programs, changed for new ones, revoked. Only who they belong to has them."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases.admin.forms import PlainTextForm
from cases.admin.help import help_for
from cases.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    form = PlainTextForm
    change_form_template = "cases/desk/api_key.html"
    list_display = ("name", "hint", "plan", "standing", "expires_at", "created_at")
    list_filter = ("plan",)
    search_fields = ("name", "contact", "hint")
    ordering = ("name", "pk")
    fields = ("name", "contact", "plan", "expires_at")
    shown = ("hint", "standing", "former_until", "created_at", "created_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, *self.shown) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field:
            field.help_text = help_for(ApiKey, db_field.name)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who had a key stays known; it is revoked instead."""
        return False

    def standing(self, key: ApiKey) -> str:
        if key.revoked_at:
            return f"revoked on {key.revoked_at:%d %B %Y}"
        return "ended" if key.expires_at and key.expires_at <= timezone.now() else "valid"

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if not change:
            obj.created_by_id = request.user.pk
            request.new_key = obj.renew()  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return self._show(request, obj, request.new_key)  # type: ignore[attr-defined]

    def response_change(self, request: HttpRequest, obj: ApiKey) -> HttpResponse:
        if "_rotate" not in request.POST and "_revoke" not in request.POST:
            return super().response_change(request, obj)
        if obj.revoked_at:
            messages.error(request, f"{obj} was revoked before; give a new one.")
        elif "_revoke" in request.POST:
            obj.revoke()
            obj.save()
            self.log_change(request, obj, "Revoked.")
            messages.success(request, f"{obj} is revoked. It ends within ten seconds.")
        else:
            new = obj.renew()
            obj.save()
            self.log_change(request, obj, "Changed for a new key.")
            return self._show(request, obj, new)
        return redirect(request.path)

    def _show(self, request: HttpRequest, key: ApiKey, new: str) -> HttpResponse:
        """The only page that ever shows it; not by a redirect, which would have to keep it."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"The key of {key.name}",
            "key": key,
            "new": new,
        }
        return TemplateResponse(request, "cases/desk/new_key.html", context)

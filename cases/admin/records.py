"""What all records of the desk share: numbers, drafts, locking, sources at the field, the log."""

from typing import Any

import nested_admin
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

from cases.admin import locking, numbering
from cases.admin.conflict import explained
from cases.admin.forms import DeskFields, DeskForm
from cases.admin.sourcing import every_form, mark
from cases.models import Case, Entry, Statistic
from cases.publishing.documents.record_refs import WORKING
from cases.publishing.ledger.diff import broken_rules
from cases.publishing.rules import every_fact_has_a_source
from cases.publishing.workflow.drafts import waiting
from cases.quality import findings
from cases.vocabulary import RecordKind

PUBLISHING = "/desk/publishing/{kind}/{id}/"
"""Where a record is previewed and published."""


class RecordForm(DeskForm):
    """The form of a whole record. `as_opened` holds what it said when the form was opened."""

    as_opened = forms.CharField(required=False, widget=forms.HiddenInput())
    conflict: list[locking.Difference] | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.before: locking.Snapshot = {}
        if not self.is_bound and not self.instance._state.adding:
            self.initial["as_opened"] = locking.sealed(locking.snapshot(self.instance))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance._state.adding:
            return cleaned
        token = cleaned.get("as_opened", "")
        before, now = locking.opened(token), locking.snapshot(self.instance)
        if before == now:
            return cleaned
        self.before = before or {}
        self.conflict = locking.differences(before, now) if before else []
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("as_opened")] = locking.sealed(now)
        self.data = data
        raise ValidationError(
            "Somebody else saved this record while you had it open. Nothing of yours is lost, and "
            "nothing is saved yet: look at what changed, then save again.",
            code="conflict",
        )

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != "as_opened"]


class DeskAdmin(DeskFields, nested_admin.NestedModelAdmin):
    """A record or reference row. The log names it by its id: other words may have to vanish."""

    change_form_template = "cases/desk/change_form.html"
    save_on_top = True
    list_per_page = 50
    show_full_result_count = False
    kind: RecordKind

    class Media:
        css = {"all": ("cases/desk.css",)}
        js = ("cases/desk.js",)

    def has_delete_permission(self, request: Any, obj: Model | None = None) -> bool:
        """What was ever published is withdrawn, with a reason, and not deleted."""
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return bool(allowed)
        return not Entry.objects.filter(record=self.kind, public_id=obj.pk).exists()

    def get_actions(self, request: Any) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def changeform_view(
        self, request: Any, object_id: str | None = None, *args: Any, **options: Any
    ) -> Any:
        with transaction.atomic():
            if request.method == "POST" and object_id:
                # Whoever saves at the same moment waits, and is then told.
                list(self.model._default_manager.select_for_update().filter(pk=object_id))
            return super().changeform_view(request, object_id, *args, **options)

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **options: Any
    ) -> Any:
        form = context["adminform"].form
        forms_ = list(every_form(form, context["inline_admin_formsets"]))
        if getattr(form, "conflict", None) is not None:
            context["conflict"] = explained(form, forms_)
        if obj is not None:
            context["publishing_url"] = PUBLISHING.format(kind=self.kind.value, id=obj.pk)
        if isinstance(obj, Case | Statistic):
            broken = broken_rules(obj)
            mark(iter(forms_), broken)
            context["broken_rules"] = [
                found for found in broken if found.rule != every_fact_has_a_source.__name__
            ]
            context["unsourced"] = len(broken) - len(context["broken_rules"])
        return super().render_change_form(request, context, *args, obj=obj, **options)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        return super().log_addition(request, _Nameless(obj), message)

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        return super().log_change(request, _Nameless(obj), message)

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        return super().log_deletions(request, [_Nameless(row) for row in queryset])

    def construct_change_message(
        self, request: Any, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Which fields changed, and of which rows: no value, as a name may have to vanish."""
        message: list[Any] = [{"added": {}}] if add else []
        if not add and form.changed_data:
            message.append({"changed": {"fields": form.changed_data}})
        for formset in formsets:
            name = str(formset.model._meta.verbose_name)
            for row in formset.new_objects:
                message.append({"added": {"name": name, "object": str(row.pk)}})
            for row, fields in formset.changed_objects:
                message.append({"changed": {"name": name, "object": str(row.pk), "fields": fields}})
            for key in getattr(formset, "deleted_keys", []):
                message.append({"deleted": {"name": name, "object": str(key)}})
        return message


class WaitingFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waiting"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "for a check or publication")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "yes":
            return queryset
        kind = next(kind for kind, model in WORKING.items() if model is queryset.model)
        return queryset.filter(pk__in=waiting(kind).values("pk"))


class RecordAdmin(DeskAdmin):
    """A record with a number: it is given when the record is saved first, as a draft."""

    form = RecordForm
    # What its number begins with, by fields of the record.
    prefix: str

    def state(self, row: Any) -> str:
        return "draft, held back from the public" if row.draft else "not held back"

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.pk = numbering.next_id(self.model, self.prefix.format(record=obj), digits=4)
            obj.draft = True
        super().save_model(request, obj, form, change)


class CheckedRecordAdmin(RecordAdmin):
    """A record that states facts about the world: each change needs a check before it goes out."""

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        row = form.instance
        if not row.draft and (form.has_changed() or any(map(_changed, formsets))):
            row.draft = True
            row.save(update_fields=["draft"])
        findings.refresh(self.model.objects.get(pk=row.pk))


def _changed(formset: Any) -> bool:
    return bool(formset.new_objects or formset.changed_objects or formset.deleted_objects)


class _Nameless:
    """A row as the log may know it: by its id."""

    def __init__(self, row: Model) -> None:
        self.row, self.pk, self._meta = row, row.pk, row._meta

    def __str__(self) -> str:
        return str(self.pk)

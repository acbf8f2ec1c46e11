"""Rows beneath a record: numbered as they are saved, and kept when somebody else removed them."""

from typing import Any

import nested_admin
from django.db.models import Max, Model


class RowSet(nested_admin.NestedInlineFormSet):
    """numbered: the rows have a `position`; new ones come last."""

    numbered = False

    def is_going(self) -> bool:
        """Whether the row above these, or one above that, is marked to be removed."""
        above = getattr(self, "parent_form", None)
        if above is None:
            return False
        return f"{above.prefix}-DELETE" in above.data or above.parent_formset.is_going()

    def is_valid(self) -> bool:
        return self.is_going() or super().is_valid()

    def save(self, commit: bool = True) -> list[Any]:
        if self.is_going():
            # They went with the row above them.
            nothing: list[Any] = []
            self.new_objects = self.changed_objects = self.deleted_objects = nothing
            return nothing
        return super().save(commit=commit)

    def _construct_form(self, i: int, **options: Any) -> Any:
        form = super()._construct_form(i, **options)
        expected = self.is_bound and i < self.initial_form_count()
        form.is_lost = expected and form.instance._state.adding
        if form.is_lost:
            # Somebody removed the row meanwhile. What was typed into it is saved as a new one.
            key = self.model._meta.pk.name
            form.fields[key].required = False
            form.data = form.data.copy()
            for name in (key, self.fk.name):
                form.data[form.add_prefix(name)] = ""
        return form

    # A lost row is shown, and saved, like a new one.

    @property
    def initial_forms(self) -> list[Any]:
        return [form for form in super().initial_forms if not form.is_lost]

    @property
    def extra_forms(self) -> list[Any]:
        lost = [form for form in super().initial_forms if form.is_lost]
        return lost + super().extra_forms

    def get_saved_instance_for_form(self, form: Any, *args: Any, **options: Any) -> Any:
        if form.is_lost:
            form._is_initial = False
        return super().get_saved_instance_for_form(form, *args, **options)

    def save_new(self, form: Any, commit: bool = True) -> Any:
        setattr(form.instance, self.fk.name, self.instance)
        self.prepare(form.instance)
        return super().save_new(form, commit=commit)

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        self.deleted_keys = [*getattr(self, "deleted_keys", []), obj.pk]
        super().delete_existing(obj, commit=commit)

    def prepare(self, row: Any) -> None:
        """Gives a new row what no editor enters."""
        if self.numbered:
            siblings = self.model._default_manager.filter(**{self.fk.name: self.instance})
            last = siblings.aggregate(last=Max("position"))["last"]
            row.position = 0 if last is None else last + 1


class Rows:
    """Mixed into inlines. Whoever may change a record may change the rows beneath it."""

    extra = 0
    is_sortable = False
    record = "case"

    def get_extra(self, request: Any, obj: Model | None = None, **options: Any) -> int:
        """A new object starts with as many empty rows as it will need at least."""
        return self.extra if obj is None or obj._state.adding else 0

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return any(self._may(request, action) for action in ("view", "change"))

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return any(self._may(request, action) for action in ("add", "change"))

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self._may(request, "change")

    def _may(self, request: Any, action: str) -> bool:
        return bool(request.user.has_perm(f"cases.{action}_{self.record}"))

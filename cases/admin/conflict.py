"""Telling an editor what somebody else saved meanwhile, beside what they typed themselves."""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from cases.admin.locking import Difference, label, name_of
from cases.vocabulary import RecordKind


class Told(NamedTuple):
    """One line of the table. kept: the editor's own value stays in the form."""

    where: str
    what: str
    before: str
    now: str
    yours: str
    kept: bool


def explained(root: Any, forms: list[Any]) -> dict[str, Any]:
    """`{"who", "when", "told": […]}`; fields that the editor did not touch take the new value."""
    by_row = {name_of(form.instance): form for form in forms if not form.instance._state.adding}
    told = [line for found in root.conflict for line in _lines(found, root, by_row)]
    kind = ContentType.objects.get_for_model(root.instance)
    last = LogEntry.objects.filter(content_type=kind, object_id=root.instance.pk)
    entry = last.select_related("user").order_by("-action_time").first()
    return {
        "who": entry.user.get_username() if entry else "",
        "when": entry.action_time if entry else None,
        "told": told,
    }


def _lines(found: Difference, root: Any, forms: dict[str, Any]) -> list[Told]:
    kind, _, key = found.row.partition(":")
    model = apps.get_model("cases", kind)
    where = key if kind in {*RecordKind.values, "service"} else f"{model._meta.verbose_name} {key}"
    if found.field is None:
        if found.now is None:
            yours = "it comes back as a new row when you save, unless you remove it here"
            return [Told(where, "the whole row", _said(found.before), "removed", yours, True)]
        return [Told(where, "the whole row", "", _said(found.now), "it stays", False)]
    what = label(model, found.field)
    form = forms.get(found.row)
    if form is None or found.field not in form.fields:
        return [Told(where, what, _said(found.before), _said(found.now), "", False)]
    field = form.fields[found.field]
    widget_data = form._widget_data_value(field.widget, form.add_prefix(found.field))
    typed = field.has_changed(found.before, widget_data)
    yours = form[found.field].value()
    if not typed:
        # The form shows what the database holds now.
        current = form.initial.get(found.field)
        field.bound_data = lambda data, initial: initial
        form[found.field].initial = current
    shown = _said(yours) if typed else "you did not touch it"
    return [Told(where, what, _said(found.before), _said(found.now), shown, typed)]


def _said(value: Any) -> str:
    """A value as an editor reads it."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        parts = (f"{key}: {_said(part)}" for key, part in value.items() if part not in (None, ""))
        return "; ".join(parts) or "empty"
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "empty"
    return str(value)

"""Which facts have no source yet, shown at the field. The script says the same while one edits."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from cases.models import Name, Payment
from cases.publishing.rules import Violation, every_fact_has_a_source


def mark(forms: Iterator[Any], broken: list[Violation]) -> None:
    """Shows at the fields of saved rows which facts lack a source."""
    rule = every_fact_has_a_source.__name__
    unsourced = {(found.subject, found.field) for found in broken if found.rule == rule}
    for form in forms:
        for name, fact in form.facts.items():
            stated = form[name].value() not in (None, "", [])
            if stated and (_subject(form.instance), fact) in unsourced:
                # The bound field took its help before it was known.
                form[name].help_text = form.help_of(name, unsourced=True)


def _subject(row: Model) -> Any:
    return row.defendant_id if isinstance(row, Name | Payment) else row.pk


def every_form(root: Any, inlines: Any) -> Iterator[Any]:
    """The form of a record and those of all rows beneath it."""
    yield root
    for inline in inlines:
        yield from _of_set(inline.formset)


def _of_set(formset: Any) -> Iterator[Any]:
    for form in formset.forms:
        yield form
        for nested in getattr(form, "nested_formsets", []):
            yield from _of_set(nested)

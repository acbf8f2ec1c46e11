"""Who changes what: each row of the working copy that is saved or deleted during a request of the
desk is written down for the root that it belongs to, whatever form or inline it came from.

Rows that are written past the ORM's signals, as by a bulk import, need `auditing.record`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from cases.models import Case, Citation, Defendant, Name, Payment, Service, Verdict
from cases.publishing.documents.record_refs import WORKING, RecordRef
from cases.publishing.workflow import audit
from cases.publishing.workflow.audit import User
from cases.vocabulary import Deed, RecordKind

# Who is at work, and what was written down of the request already.
_at_work: ContextVar[tuple[User, set[tuple[Deed, RecordRef]]] | None] = ContextVar(
    "at_work", default=None
)

_KINDS = {model: kind for kind, model in WORKING.items()}


@contextmanager
def by(user: Any) -> Iterator[None]:
    """All that is changed within is changed by this person."""
    token = _at_work.set((user, set()) if user.is_authenticated else None)
    try:
        yield
    finally:
        _at_work.reset(token)


def watch() -> None:
    """Connects the signals; once, when Django starts."""
    post_save.connect(_saved, dispatch_uid="cases.edits.saved")
    post_delete.connect(_deleted, dispatch_uid="cases.edits.deleted")
    m2m_changed.connect(_linked, dispatch_uid="cases.edits.linked")


def root(row: Model) -> RecordRef | None:
    """The root that a row belongs to; null = it is no part of the working copy."""
    if isinstance(row, Defendant | Verdict):
        return RecordRef(RecordKind.CASE, row.case_id)
    if isinstance(row, Name | Payment | Service):
        return RecordRef(RecordKind.CASE, _case(row.defendant_id))
    if isinstance(row, Citation):
        if row.statistic_id:
            return RecordRef(RecordKind.STATISTIC, row.statistic_id)
        owner = row.case_id or row.defendant_id or row.service_id or row.verdict_id
        return RecordRef(RecordKind.CASE, _case(owner)) if owner else None
    kind = _KINDS.get(type(row))
    return RecordRef(kind, str(row.pk)) if kind else None


def _case(public_id: str) -> str:
    return "-".join(public_id.split("-")[:2])


def _saved(sender: Any, instance: Model, created: bool, raw: bool = False, **_: Any) -> None:
    entered = created and type(instance) in _KINDS and not isinstance(instance, Defendant | Verdict)
    _write(Deed.ENTER if entered else Deed.CHANGE, instance)


def _deleted(sender: Any, instance: Model, **_: Any) -> None:
    whole = isinstance(instance, Case) or not isinstance(
        instance, Defendant | Verdict | Name | Payment | Service | Citation
    )
    _write(Deed.DELETE if whole else Deed.CHANGE, instance)


def _linked(sender: Any, instance: Any, action: str, **_: Any) -> None:
    if action.startswith("post_") and isinstance(instance, Model):
        _write(Deed.CHANGE, instance)


def _write(deed: Deed, row: Model) -> None:
    at_work = _at_work.get()
    touched = root(row) if at_work else None
    if at_work is None or touched is None:
        return
    person, written = at_work
    if deed == Deed.CHANGE and {(Deed.ENTER, touched), (Deed.DELETE, touched)} & written:
        return
    if (deed, touched) not in written:
        written.add((deed, touched))
        audit.record(deed, [touched], person)

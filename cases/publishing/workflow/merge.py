"""Merging two cases that turn out to be one prosecution."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.models import Case, Defendant, Service, Verdict, published
from cases.publishing.documents.record_refs import PARTS, WORKING
from cases.publishing.ledger.diff import Gone
from cases.publishing.workflow.review import NotAllowedError
from cases.vocabulary import RecordKind

MOVE, WITHDRAW = "move", "withdraw"

Merged = dict[Gone, str]
"""What was public, with the id that stands for it now."""


def merge(case: str, survivor: str, mapped: Mapping[str, str]) -> tuple[Merged, list[Gone]]:
    """Makes the working copy follow: what moves is moved, the merged case is deleted.

    Returns what is merged into what, and what is withdrawn, of all that is public.
    """
    if case == survivor:
        raise NotAllowedError("A case cannot be merged into itself.")
    current = published(RecordKind.CASE).current().filter(public_id=case)
    if not current.exists():
        raise NotAllowedError(f"{case} is not published.")
    target = _target(case, survivor)
    public = {
        Gone(kind, row.public_id, row.version)
        for kind in PARTS
        for row in published(kind)
        .current()
        .filter(public_id__startswith=f"{case}-")
        .only("public_id", "version")
    }
    named = {gone.public_id for gone in public} | {
        pk for kind in PARTS for pk in _rows(kind).filter(case=case).values_list("pk", flat=True)
    }
    _refuse_gaps(named, mapped, survivor)
    into = {pk: choice for pk, choice in mapped.items() if choice not in (MOVE, WITHDRAW)}
    into |= _moved(case, target, mapped, into)
    merged = {gone: into[gone.public_id] for gone in public if gone.public_id in into}
    merged |= {Gone(RecordKind.CASE, row.public_id, row.version): survivor for row in current}
    Verdict.objects.filter(case=case).update(changes=None)
    Case.objects.filter(pk=case).delete()
    return merged, [gone for gone in public if gone.public_id not in into]


def ids(merged: Merged) -> dict[str, str]:
    return {gone.public_id: survivor for gone, survivor in merged.items()}


def _target(case: str, survivor: str) -> Case:
    """The surviving case; its ids begin with the country, so both must be of the same one."""
    found = Case.objects.filter(pk=survivor).first()
    if found is None:
        raise NotAllowedError(f"{survivor} is not in the working copy.")
    return found


def _refuse_gaps(named: Iterable[str], mapped: Mapping[str, str], survivor: str) -> None:
    if missing := sorted(set(named) - mapped.keys()):
        raise NotAllowedError(f"Say what becomes of {', '.join(missing)}.")
    if unknown := sorted(mapped.keys() - set(named)):
        raise NotAllowedError(f"{', '.join(unknown)} is no part of the merged case.")
    for pk, choice in mapped.items():
        kind = RecordKind.DEFENDANT if "-D" in pk else RecordKind.VERDICT
        if (
            choice not in (MOVE, WITHDRAW)
            and not _rows(kind).filter(pk=choice, case=survivor).exists()
        ):
            raise NotAllowedError(f"{choice} is no {kind.label} of {survivor}.")


def _rows(kind: RecordKind) -> Any:
    return WORKING[kind]._default_manager


def _moved(
    case: str, survivor: Case, mapped: Mapping[str, str], into: Mapping[str, str]
) -> dict[str, str]:
    """Moves defendants, then verdicts; returns their new ids."""
    new: dict[str, str] = {}
    for defendant in Defendant.objects.filter(case=case).order_by("pk"):
        if mapped[defendant.pk] == MOVE:
            new[defendant.pk] = _move_defendant(defendant, survivor)
    verdicts = sorted(Verdict.objects.filter(case=case), key=lambda row: (len(row.pk), row.pk))
    for verdict in verdicts:
        if mapped[verdict.pk] == MOVE:
            whose = {**into, **new}.get(verdict.defendant_id)
            if whose is None:
                raise NotAllowedError(
                    f"{verdict.pk} cannot move: its defendant {verdict.defendant_id} is withdrawn."
                )
            new[verdict.pk] = _move_verdict(verdict, survivor, whose, {**into, **new})
    return new


def _move_defendant(old: Defendant, survivor: Case) -> str:
    new = _copied(old, _next(Defendant, f"{survivor.pk}-D"), case=survivor)
    new.citizenships.set(old.citizenships.all())
    for rows in (old.names, old.payments, old.citations):
        rows.update(defendant=new)
    for service in old.services.order_by("pk"):
        number = service.pk.rpartition("-S")[2]
        copy = _copied(service, f"{new.pk}-S{number}", defendant=new)
        service.citations.update(service=copy)
        Service.objects.filter(pk=service.pk).delete()
    return str(new.pk)


def _move_verdict(old: Verdict, survivor: Case, whose: str, into: Mapping[str, str]) -> str:
    changes = into.get(old.changes_id) if old.changes_id else None
    new = _copied(
        old,
        _next(Verdict, f"{survivor.pk}-V"),
        case=survivor,
        defendant_id=whose,
        changes_id=changes,
    )
    new.articles.set(old.articles.all())
    old.citations.update(verdict=new)
    return str(new.pk)


def _copied(row: Any, pk: str, **fields: Any) -> Any:
    """A copy of a row under another id; the old one is deleted with its case."""
    model = type(row)
    copy = model(
        **{
            field.attname: getattr(row, field.attname)
            for field in model._meta.concrete_fields
            if not field.primary_key
        }
        | {"pk": pk}
    )
    for field, value in fields.items():
        setattr(copy, field, value)
    copy.save(force_insert=True)
    return copy


def _next(model: Any, prefix: str) -> str:
    """The next free id, also of those that were ever published: an id never means two things."""
    kind = RecordKind.DEFENDANT if model is Defendant else RecordKind.VERDICT
    taken = set(model.objects.filter(pk__startswith=prefix).values_list("pk", flat=True))
    taken |= set(
        published(kind).filter(public_id__startswith=prefix).values_list("public_id", flat=True)
    )
    numbers = [int(pk.removeprefix(prefix)) for pk in taken]
    return f"{prefix}{max(numbers, default=0) + 1}"

"""Taking a person out of the working copy, and out of what the desk and Django keep about it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q

from cases.models import (
    Article,
    Case,
    Check,
    Citation,
    Court,
    Defendant,
    Entry,
    Finding,
    Formation,
    LikelyDuplicate,
    LinkCheck,
    LoadedFile,
    Name,
    Payment,
    Publication,
    PublishedRecord,
    Publisher,
    Region,
    Service,
    Source,
    Statistic,
    Upload,
    Verdict,
    Word,
)
from cases.models.fields import EdtfField, IdField, VocabularyField
from cases.publishing.documents.build import CHUNK
from cases.publishing.redaction.bodies import IDENTITY, OF_CASE, Target, case_of, withheld, without
from cases.publishing.workflow.confirmations import DIGEST
from cases.vocabulary import Likeness, RecordKind

WORKING = (
    *(Case, Defendant, Service, Verdict, Payment, Citation, Source, Statistic),
    *(Publisher, Region, Court, Formation, Article),
)

TEXTUAL = (models.CharField, models.TextField, models.JSONField, ArrayField)
CLOSED = (IdField, VocabularyField, EdtfField)


def scrub(target: Target) -> None:
    """Makes the working copy say nothing more of the person. In the caller's transaction."""
    Name.objects.filter(defendant__in=target.defendants).delete()
    Defendant.objects.filter(pk__in=target.defendants).update(
        name_withheld=True, **dict.fromkeys(IDENTITY - {"names"})
    )
    Case.objects.filter(pk__in=target.cases).update(**dict.fromkeys(OF_CASE))
    _uncite(Citation.objects.filter(defendant__in=target.defendants), IDENTITY)
    _uncite(Citation.objects.filter(case__in=target.cases), OF_CASE)
    _forget_confirmed(target)
    for name in Name.objects.iterator(chunk_size=CHUNK):
        if target.is_spared(name.defendant_id):
            continue
        if target.person.holds(name.text, near=False):
            name.delete()
    for model in WORKING:
        for row, changed in _changed(model, target):
            model.objects.filter(pk=row.pk).update(**changed)


def scrub_remains(target: Target) -> None:
    """What else might hold a name goes: the log of the desk, sessions, what was found out of
    drafts and links, uploads, and names of files."""
    for entry in LogEntry.objects.iterator(chunk_size=CHUNK):
        if target.person.suspects(f"{entry.object_repr} {entry.change_message}"):
            LogEntry.objects.filter(pk=entry.pk).update(object_repr="redacted", change_message="")
    for session in Session.objects.iterator(chunk_size=CHUNK):
        if target.person.suspects(str(session.get_decoded())):
            session.delete()
    # Whoever tries to log in can write a name there.
    for model in apps.get_app_config("axes").get_models():
        for attempt in model._default_manager.iterator(chunk_size=CHUNK):
            if target.person.suspects(str(list(vars(attempt).values()))):
                attempt.delete()
    # That two cases share a name says what it was, where one of them still has it.
    pairs = Q(first__in=target.cases) | Q(second__in=target.cases)
    LikelyDuplicate.objects.filter(pairs, likeness=Likeness.NAME).delete()
    for pair in LikelyDuplicate.objects.exclude(reason=None).iterator():
        if target.person.suspects(pair.reason):
            LikelyDuplicate.objects.filter(pk=pair.pk).update(reason="redacted")
    Finding.objects.filter(case__in=target.cases).delete()
    for found in Finding.objects.iterator(chunk_size=CHUNK):
        if target.person.suspects(found.detail):
            found.delete()
    for link in LinkCheck.objects.iterator(chunk_size=CHUNK):
        if target.person.suspects(f"{link.address} {link.final_url} {link.detail}"):
            link.delete()
    # A check holds a digest of what was checked, from which a name can be guessed.
    Check.objects.all().delete()
    # What waits to be imported is read again when it is uploaded again.
    Upload.objects.all().delete()
    for file in LoadedFile.objects.iterator(chunk_size=CHUNK):
        if target.person.suspects(file.path):
            file.delete()


def remaining(target: Target) -> Iterator[str]:
    """Tables that nothing here cleans and that hold the name all the same: table and column."""
    cleaned = {
        *WORKING,
        Name,
        LogEntry,
        Session,
        LoadedFile,
        Upload,
        Finding,
        LinkCheck,
        Entry,
        Publication,
        Word,
    }
    for model in apps.get_models(include_auto_created=True):
        if model in cleaned or issubclass(model, PublishedRecord) or model is get_user_model():
            continue
        fields = _textual(model)
        for row in model._default_manager.values_list(*fields).iterator() if fields else ():
            for field, value in zip(fields, row, strict=True):
                if value is not None and target.person.holds(str(value), near=False):
                    yield f"{model._meta.db_table}.{field}"


def _forget_confirmed(target: Target) -> None:
    """What citations remember of the identity, and digests, by which a name could be guessed."""
    cases, gone = target.cases, IDENTITY | OF_CASE
    about = Q(case__in=cases) | Q(defendant__case__in=cases)
    about |= Q(service__defendant__case__in=cases) | Q(verdict__case__in=cases)
    for row in Citation.objects.filter(about).exclude(confirmed={}):
        kept = {
            field: value
            for field, value in row.confirmed.items()
            if field not in gone and not str(value).startswith(DIGEST)
        }
        Citation.objects.filter(pk=row.pk).update(confirmed=kept)


def _uncite(citations: models.QuerySet[Citation], gone: set[str]) -> None:
    for row in citations:
        was = {"fields": row.fields, "values": row.values}
        left = without([was], gone)
        if not left:
            row.delete()
        elif left[0] != was:
            Citation.objects.filter(pk=row.pk).update(**left[0])


def _changed(model: Any, target: Target) -> Iterator[tuple[Any, dict[str, Any]]]:
    fields = _textual(model)
    for row in model.objects.order_by("pk").iterator(chunk_size=CHUNK):
        near = _is_about(row, target)
        if near is None:
            continue
        changed = {}
        for field in fields:
            value = getattr(row, field)
            clean = _clean(value, near, target)
            if clean != value:
                changed[field] = clean
        if isinstance(row, Source) and "title" in changed:
            changed |= {"title": None, "title_language": None}
        if changed:
            yield row, changed


def _is_about(row: Any, target: Target) -> bool | None:
    """Whether a row is about the person; null = it belongs to the case of a namesake."""
    if isinstance(row, Source):
        return target.is_about(RecordKind.SOURCE, row.pk)
    if isinstance(row, Citation):
        owner = row.case_id or row.defendant_id or row.service_id or row.verdict_id or ""
    elif isinstance(row, Payment):
        owner = row.defendant_id
    else:
        owner = row.pk if isinstance(row, Case | Defendant | Service | Verdict) else ""
    if target.is_spared(owner):
        return None
    return bool(owner) and case_of(owner) in target.cases


def _clean(value: Any, near: bool, target: Target) -> Any:
    if isinstance(value, dict):
        return {key: _clean(part, near, target) for key, part in value.items()}
    if isinstance(value, list):
        return [_clean(part, near, target) for part in value]
    return withheld(value, near, target.person)


def _textual(model: Any) -> list[str]:
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTUAL) and not isinstance(field, CLOSED) and not field.primary_key
    ]

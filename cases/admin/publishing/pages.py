"""What the pages share: rights, the record in the address, and what can go wrong with an act."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from psycopg.errors import SerializationFailure

from cases.models import Defendant, Service, Verdict
from cases.publishing.documents.record_refs import ROOTS, WORKING, RecordRef, exists
from cases.publishing.ledger.ledger import RulesBrokenError
from cases.publishing.redaction.redacting import RedactionRefusedError
from cases.publishing.rules import Violation
from cases.publishing.workflow.review import NotAllowedError
from cases.quality.traces import StillFoundError
from cases.vocabulary import RecordKind

REFUSALS = (NotAllowedError, RulesBrokenError, RedactionRefusedError, StillFoundError)

RIGHTS = ("check", "publish", "withdraw", "merge", "redact")


def require(request: HttpRequest, right: str) -> None:
    """403 without the right, one of RIGHTS."""
    if not request.user.has_perm(f"cases.{right}_record"):
        raise PermissionDenied


def require_view(request: HttpRequest, *kinds: RecordKind) -> None:
    """403 unless the account may see the drafts of all these kinds."""
    if not request.user.has_perms([f"cases.view_{kind}" for kind in kinds]):
        raise PermissionDenied


def rights(request: HttpRequest) -> dict[str, bool]:
    return {right: request.user.has_perm(f"cases.{right}_record") for right in RIGHTS}


def root_at(kind: str, public_id: str) -> RecordRef:
    """The root in an address; 404 when there is none."""
    if kind not in ROOTS or "\0" in public_id or not exists(RecordRef(RecordKind(kind), public_id)):
        raise Http404(f"There is no {kind} {public_id}.")
    return RecordRef(RecordKind(kind), public_id)


def page(request: HttpRequest, name: str, title: str, /, **context: Any) -> HttpResponse:
    site = admin.site.each_context(request)
    status = context.pop("status", 200)
    context = site | {"title": title, "rights": rights(request)} | context
    return render(request, f"desk/publishing/{name}.html", context, status=status)


def attempt(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Does it and tells what was done, or why it was refused; whether it was done."""
    try:
        messages.success(request, act())
    except REFUSALS as error:
        for line in str(error).splitlines():
            messages.error(request, line)
    except OperationalError as error:
        if not isinstance(error.__cause__, SerializationFailure):
            raise
        messages.error(request, "Somebody saved one of these records just now. Try again.")
    else:
        return True
    return False


def change_url(root: RecordRef) -> str | None:
    """Address of the form of a root; null when the desk has none."""
    model = WORKING[root.record]._meta
    try:
        return reverse(f"admin:{model.app_label}_{model.model_name}_change", args=[root.public_id])
    except NoReverseMatch:
        return None


def field_url(root: RecordRef, violation: Violation) -> str | None:
    """Where to mend what a rule complains about: the field in the form of the root."""
    form = change_url(root)
    if form is None:
        return None
    return f"{form}#{_anchor(root, violation)}"


def _anchor(root: RecordRef, violation: Violation) -> str:
    field = violation.field or ""
    subject = violation.subject
    if subject == root.public_id:
        return f"id_{field}" if field else "content"
    for model, group in ((Defendant, "defendants"), (Verdict, "verdicts")):
        ids = sorted(model.objects.filter(case=root.public_id).values_list("pk", flat=True))
        if subject in ids:
            return f"id_{group}-{ids.index(subject)}-{field}" if field else f"{group}-group"
    if Service.objects.filter(pk=subject).exists():
        return subject
    return "content"

"""Withdrawing a record, and merging two cases."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cases.admin.publishing.pages import attempt, page, require, root_at
from cases.admin.publishing.redaction import tell_if_still_found
from cases.models import Defendant, Verdict, published
from cases.publishing.documents.record_refs import PARTS, RecordRef
from cases.publishing.workflow import actions
from cases.vocabulary import RecordKind


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Asks for the public reason, then withdraws."""
    require(request, "withdraw")
    root = root_at(kind, public_id)
    person: Any = request.user
    identity = "identity" in request.POST
    if identity:
        require(request, "redact")

    def act() -> str:
        note = request.POST.get("note", "")
        if identity:
            done = actions.withdraw_with_identity(root, note, person)
            publication, target, redaction = done
            tell_if_still_found(public_id, target, redaction, request.META)
        else:
            publication = actions.withdraw(root, note, person)
        return f"{public_id} is withdrawn with publication {publication.number}."

    if request.method == "POST" and attempt(request, act):
        return redirect("admin:publishing_record", kind, public_id)
    return page(
        request,
        "withdraw",
        f"Withdraw {public_id}",
        root=root,
        note=request.POST.get("note", ""),
        identity=identity,
        status=400 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asks for the survivor, then what becomes of each defendant and verdict, then merges."""
    require(request, "merge")
    root = root_at(RecordKind.CASE, public_id)
    survivor = (request.POST.get("into") or request.GET.get("into") or "").strip()
    person: Any = request.user

    def act() -> str:
        mapped = {
            key.removeprefix("map-"): str(value)
            for key, value in request.POST.items()
            if key.startswith("map-")
        }
        note = request.POST.get("note", "")
        publication = actions.merge(public_id, survivor, mapped, note, person)
        return f"{public_id} is merged into {survivor} with publication {publication.number}."

    if request.method == "POST" and attempt(request, act):
        return redirect("admin:publishing_record", "case", survivor)
    return page(
        request,
        "merge",
        f"Merge {public_id} into another case",
        root=root,
        survivor=survivor,
        parts=_parts(root, survivor),
        note=request.POST.get("note", ""),
        status=400 if request.method == "POST" else 200,
    )


def _parts(root: RecordRef, survivor: str) -> list[tuple[str, list[str]]]:
    """Each defendant and verdict of a case with those of the survivor that it may be."""
    parts = []
    for kind, model in zip(PARTS, (Defendant, Verdict), strict=True):
        rows: Any = model._default_manager
        known = set(rows.filter(case=root.public_id).values_list("pk", flat=True))
        current = published(kind).current().filter(public_id__startswith=f"{root.public_id}-")
        known |= set(current.values_list("public_id", flat=True))
        choices = sorted(rows.filter(case=survivor).values_list("pk", flat=True))
        parts += [(pk, choices) for pk in sorted(known)]
    return parts

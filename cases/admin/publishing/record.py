"""The page of one record: what the public will see, what is wrong with it, and the buttons."""

from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cases.admin.publishing.difference import Line, lines
from cases.admin.publishing.pages import (
    attempt,
    change_url,
    field_url,
    page,
    require,
    require_view,
    root_at,
)
from cases.models import Act, Defendant, published
from cases.publishing import checking, editorial
from cases.publishing.drafting import released
from cases.publishing.republishing import Affected, affected
from cases.publishing.roots import ROOTS, Root
from cases.vocabulary import RecordKind

MOST_ACTS = 20


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """GET shows, POST checks or publishes what was shown. What it shows may be a draft."""
    if kind in ROOTS:
        require_view(request, RecordKind(kind))
    root = root_at(kind, public_id)
    if request.method == "POST":
        done = _act(request, root)
        if done:
            return redirect(request.path)
    now = checking.state(root)
    around = Affected(set(), set())
    if kind not in ("case", "statistic"):
        with released({root}):
            around = affected({root})
    case = kind == RecordKind.CASE
    return page(
        request,
        "record",
        f"Publish {public_id}",
        root=root,
        state=now,
        lines=difference(now),
        violations=[(found, field_url(root, found)) for found in now.changes.violations],
        around=sorted(around.ready),
        held=sorted(around.held),
        form_url=change_url(root),
        note=request.POST.get("note", ""),
        second_editor=settings.REQUIRE_SECOND_EDITOR,
        own_work=request.user.pk in now.editors,
        acts=_acts(root),
        defendants=_defendants(root) if case else [],
        status=400 if request.method == "POST" else 200,
    )


def difference(state: checking.State) -> list[Line]:
    """What the next publication changes in the document of a root, readable."""
    if state.document is None:
        return []  # gone: what is public stays until it is withdrawn
    current = published(state.root.record).current().filter(public_id=state.root.public_id)
    body = current.values_list("body", flat=True).first()
    return list(lines(orjson.loads(body) if body else None, state.document))


def _act(request: HttpRequest, root: Root) -> bool:
    person: Any = request.user
    seen = request.POST.get("seen", "")
    note = request.POST.get("note", "").strip()
    if request.POST.get("act") == "check":
        require(request, "check")

        def check() -> str:
            checking.check(root, person, seen)
            return f"{root.public_id} is checked and can be published."

        return attempt(request, check)
    require(request, "publish")

    def publish() -> str:
        publication = editorial.publish(
            {root}, note, person, embedding="embedding" in request.POST, seen={root: seen}
        )
        if publication is None:
            return f"Nothing in {root.public_id} had changed."
        return f"{root.public_id} is public with publication {publication.number}."

    return attempt(request, publish)


def _acts(root: Root) -> QuerySet[Act]:
    acts = Act.objects.filter(record=root.record, public_id=root.public_id)
    return acts.order_by("-pk")[:MOST_ACTS]


def _defendants(root: Root) -> list[str]:
    """Of a case, also those who are not public any more or not yet: they can be redacted too."""
    rows = published(RecordKind.DEFENDANT).filter(public_id__startswith=f"{root.public_id}-")
    entered = Defendant.objects.filter(case=root.public_id).values_list("pk", flat=True)
    return sorted({*rows.values_list("public_id", flat=True), *entered})

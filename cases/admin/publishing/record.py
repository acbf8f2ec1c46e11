"""The page of one record: what the public will see, what is wrong with it, and the buttons."""

from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
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
from cases.models import Act, Citation, Defendant, published
from cases.publishing.documents.record_refs import ROOTS, RecordRef
from cases.publishing.workflow import actions, confirmations, review
from cases.publishing.workflow.drafts import released
from cases.publishing.workflow.republish import Affected, affected
from cases.vocabulary import Rank, RecordKind

MOST_ACTS = 20


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """GET shows, POST checks, publishes or confirms the sources of what was shown. What it shows
    may be a draft."""
    if kind in ROOTS:
        require_view(request, RecordKind(kind))
    root = root_at(kind, public_id)
    if request.method == "POST":
        done = _act(request, root)
        if done:
            return redirect(request.path)
    now = review.state(root)
    around = Affected(set(), set())
    if kind not in ("case", "statistic"):
        with released({root}):
            around = affected({root})
    case = kind == RecordKind.CASE
    cited = [CitedLine(change) for change in now.changes.cited]
    return page(
        request,
        "record",
        f"Publish {public_id}",
        root=root,
        state=now,
        lines=difference(now),
        violations=[(found, field_url(root, found)) for found in now.changes.violations],
        warnings=[(found, field_url(root, found)) for found in now.changes.warnings],
        cited=cited,
        is_asked=any(line.is_open for line in cited),
        may_decide=request.user.has_perm("cases.change_likelyduplicate"),
        may_confirm=request.user.has_perm(f"cases.change_{root.record}"),
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


class CitedLine:
    """A changed value with what each source says of it, for the template."""

    def __init__(self, change: confirmations.CitedChange) -> None:
        self.place = f"{change.subject} › {change.field.replace('_', ' ')}"
        self.before, self.after = (
            confirmations.shown(change.before),
            confirmations.shown(change.after),
        )
        self.sources = [
            (citation, question, self._says(citation, change.field))
            for citation, question in change.cited
        ]
        self.is_open = any(question for _, question in change.cited)

    def _says(self, citation: Citation, field: str) -> str:
        if field in citation.values:
            return f"states {confirmations.shown(citation.values[field])}"
        if citation.rank == Rank.DEPRECATED:
            return "is not relied on"
        return f"supports {self.after}"


def difference(state: review.ReviewState) -> list[Line]:
    """What the next publication changes in the document of a root, readable."""
    if state.document is None:
        return []  # gone: what is public stays until it is withdrawn
    current = published(state.root.record).current().filter(public_id=state.root.public_id)
    body = current.values_list("body", flat=True).first()
    return list(lines(orjson.loads(body) if body else None, state.document))


def _act(request: HttpRequest, root: RecordRef) -> bool:
    person: Any = request.user
    seen = request.POST.get("seen", "")
    if request.POST.get("act") == "confirm":
        if not request.user.has_perm(f"cases.change_{root.record}"):
            raise PermissionDenied

        def confirm() -> str:
            answers = {
                key.removeprefix("says-"): str(value)
                for key, value in request.POST.items()
                if key.startswith("says-")
            }
            stored = actions.confirm(root, answers, seen)
            return f"{stored} answers about the sources of {root.public_id} are stored."

        return attempt(request, confirm)
    note = request.POST.get("note", "").strip()
    if request.POST.get("act") == "check":
        require(request, "check")

        def check() -> str:
            review.check(root, person, seen)
            return f"{root.public_id} is checked and can be published."

        return attempt(request, check)
    if other := request.POST.get("different"):
        if not request.user.has_perm("cases.change_likelyduplicate"):
            raise PermissionDenied

        def different() -> str:
            actions.not_the_same(root, other, request.POST.get(f"why-{other}", ""))
            return f"{root.public_id} and {other} are not the same; the reason is stored."

        return attempt(request, different)
    require(request, "publish")

    def publish() -> str:
        publication = actions.publish(
            {root}, note, person, embedding="embedding" in request.POST, seen={root: seen}
        )
        if publication is None:
            return f"Nothing in {root.public_id} had changed."
        return f"{root.public_id} is public with publication {publication.number}."

    return attempt(request, publish)


def _acts(root: RecordRef) -> QuerySet[Act]:
    acts = Act.objects.filter(record=root.record, public_id=root.public_id)
    return acts.order_by("-pk")[:MOST_ACTS]


def _defendants(root: RecordRef) -> list[str]:
    """Of a case, also those who are not public any more or not yet: they can be redacted too."""
    rows = published(RecordKind.DEFENDANT).filter(public_id__startswith=f"{root.public_id}-")
    entered = Defendant.objects.filter(case=root.public_id).values_list("pk", flat=True)
    return sorted({*rows.values_list("public_id", flat=True), *entered})

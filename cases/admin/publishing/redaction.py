"""Redacting a person: shows every place, asks to type the id, and does what cannot be undone."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cases.admin.publishing.difference import readable
from cases.admin.publishing.pages import attempt, page, require
from cases.models import Publication
from cases.publishing.documents.record_refs import root_of
from cases.publishing.redaction import redacting
from cases.publishing.redaction.bodies import Target
from cases.publishing.workflow import actions
from cases.publishing.workflow.review import NotAllowedError
from cases.quality.traces import StillFoundError, still_found
from cases.vocabulary import RecordKind
from casesapi.databases import router

MOST_FOUND = 20  # addresses named in an error
MOST_PLACES = 1000  # listed on the page; all are counted, and all are redacted


@require_http_methods(["GET", "POST"])
def redact(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET finds; POST finds with more spellings, which must stand in no address, or redacts once
    the id was typed."""
    require(request, "redact")
    given = request.POST
    redacting_now = request.method == "POST" and given.get("act") != "look"
    target = _target(public_id, given)
    person: Any = request.user

    def act() -> str:
        if given.get("typed", "").strip() != public_id:
            raise NotAllowedError(f"Type {public_id} to confirm; it cannot be undone.")
        publication = actions.redact(target, given.get("note", ""), person)
        tell_if_still_found(public_id, target, publication, request.META)
        number = f" with publication {publication.number}" if publication else ""
        return f"{public_id} is redacted{number}."

    if redacting_now and attempt(request, act):
        root = root_of(RecordKind.DEFENDANT, public_id)
        return redirect("admin:publishing_record", "case", root.public_id)
    found = redacting.places(target)
    places = [
        place._replace(before=readable(place.before), after=readable(place.after))
        for place in islice(found, MOST_PLACES)
    ]
    return page(
        request,
        "redact",
        f"Redact {public_id}",
        public_id=public_id,
        places=places,
        count=len(places) + sum(1 for _ in found),
        namesakes=sorted(redacting.shared_by(target)),
        decided=sorted((target.defendants | target.others) - {public_id}),
        spellings=given.get("spellings", ""),
        note=given.get("note", ""),
        case=root_of(RecordKind.DEFENDANT, public_id).public_id,
        # Whether digests confirm a guess of what is redacted.
        guessable=Publication.objects.filter(digest_version=1).exists(),
        status=400 if redacting_now else 200,
    )


def tell_if_still_found(
    public_id: str, target: Target, publication: Publication | None, meta: Mapping[str, Any]
) -> None:
    """StillFoundError when the public still finds whom a publication redacted; None = nothing was
    published. meta: of the request."""
    found = still_found(target, publication, meta) if publication else []
    # The editor's connection was used to ask, with the limits of the public.
    router.limit(connection, 0)
    if found:
        done = f"{public_id} was redacted, but the name is still found. Report this as a fault:"
        raise StillFoundError("\n".join([done, *found[:MOST_FOUND]]))


def _target(public_id: str, given: Any) -> Target:
    """Who is meant, from the address and the form. 404 when there is no such defendant."""
    answers = {
        key.removeprefix("who-"): value for key, value in given.items() if key.startswith("who-")
    }
    try:
        if "\0" in public_id:
            raise redacting.UnknownDefendantError(public_id)
        return redacting.find(
            public_id,
            spellings=[line for line in given.get("spellings", "").splitlines() if line.strip()],
            same=[key for key, value in answers.items() if value == "same"],
            different=[key for key, value in answers.items() if value == "different"],
        )
    except redacting.UnknownDefendantError as error:
        raise Http404(f"There is no defendant {public_id}.") from error

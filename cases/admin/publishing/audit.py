"""The audit: who did what and when. Read only, searched by person, record and deed."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cases.admin.publishing.pages import page
from cases.models import Act
from cases.vocabulary import Deed

PAGE_SIZE = 100


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """`who`, `what` (an id or the beginning of one) and `deed` narrow the list; newest first."""
    if not request.user.has_perm("cases.view_act"):
        raise PermissionDenied
    who, what, deed = (request.GET.get(name, "").strip() for name in ("who", "what", "deed"))
    # PostgreSQL cannot look for this character.
    who, what = who.replace("\0", ""), what.replace("\0", "")
    found = Act.objects.order_by("-pk")
    if who:
        found = found.filter(name__iexact=who)
    if what:
        found = found.filter(public_id__startswith=what)
    if deed in Deed.values:
        found = found.filter(deed=deed)
    listed = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return page(
        request,
        "audit",
        "Who did what",
        listed=listed,
        who=who,
        what=what,
        deed=deed,
        deeds=Deed.choices,
    )

"""`/.well-known/cases-ledger.pem`: the key that heads of the ledger are signed with."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cases.publishing.ledger import heads


@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """The public key as PEM; 404 where nothing was signed yet."""
    key = heads.own_public_key()
    if key is None:
        return HttpResponse(status=404, headers={"Cache-Control": "no-store"})
    return HttpResponse(
        heads.as_pem(key),
        content_type="application/x-pem-file",
        headers={"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"},
    )

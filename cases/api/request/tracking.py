"""Parameters that only track readers: pages, feeds and charts redirect to the address without them,
the API ignores them. Every other unknown parameter is refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import escape_leading_slashes

from cases.addresses import without_tracking
from cases.publishing.serializers.fields import API

# Neither pages nor pictures: what reads its own parameters, or none.
LEFT_ALONE = ("/desk/", "/static/", "/health/", "/metrics")


def no_tracking(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        clean = without_tracking(query) if query else query
        if clean == query or request.path.startswith(LEFT_ALONE):
            return get_response(request)
        # Before anything has read the parameters.
        request.META["QUERY_STRING"] = clean
        if request.path.startswith(f"{API}/"):
            return get_response(request)
        # Without the host, and never with two slashes at its beginning.
        response = HttpResponseRedirect(escape_leading_slashes(request.get_full_path()))
        response["Cache-Control"] = "public, max-age=30"
        return response

    return middleware

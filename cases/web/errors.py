"""Errors as pages. Whoever asks for no page gets the API's error instead."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from cases.api.http import errors as api
from cases.web.languages import accepted, of_path
from cases.web.layout import frame

# Seconds until what is down or busy may be asked again.
RETRY = "30"


def page(
    request: HttpRequest, language: str, status: int, problem: dict[str, Any] | None = None
) -> HttpResponse:
    """An error in the reader's language; problem: what the API said, in English."""
    shown = frame(request, language) | {"status": status, "problem": problem or {}}
    with translation.override(language):
        text = render_to_string("web/error.html", shown)
    response = HttpResponse(text, status=status, headers={"Content-Language": language})
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = RETRY
    return response


def language_of(request: HttpRequest) -> str | None:
    """The language for an error page; null = a program asks, or for something that is no page."""
    if language := of_path(request.path):
        return language
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        return None
    return accepted(request.headers.get("Accept-Language", ""))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    language = language_of(request)
    return page(request, language, 404) if language else api.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    language = language_of(request)
    return page(request, language, 500) if language else api.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what Django refuses. Without a page: its links would need the host it refused."""
    return api.bad_request(request, exception)

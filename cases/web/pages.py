"""What all pages share: the language, one state of the data, validators, and errors in words."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from cases.api.http.code_version import CODE_VERSION
from cases.api.http.etags import tags
from cases.api.views.snapshot_view import CACHE_CONTROL
from cases.edge.cache.wsgi import READ_AT
from cases.web import errors
from cases.web.answers import Answers, Json, MovedError, ProblemError
from cases.web.layout import frame, pinned_to
from casesapi.databases import router

HERE = Path(__file__).parent
# A page looks different when its templates or its words do.
LOOKS = hashlib.sha256(
    b"".join(
        path.read_bytes()
        for suffix in ("html", "mo", "css")
        for path in sorted(HERE.rglob(f"*.{suffix}"))
    )
).hexdigest()[:12]


class Page(View):
    """A page of one state of the data, `as_of` or the newest.

    A subclass names its template and gives what it shows. Nothing is read but by `answers`, no
    cookie and no session is looked at, so that everybody gets the same page and it can be kept.
    """

    http_method_names = ["get", "head", "options"]
    template = ""

    answers: Answers
    language: str

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Without the check of forms: a page takes none, and answers POST with 405."""
        return csrf_exempt(super().as_view(**initkwargs))

    def show(self) -> Json:
        """What the template is given. Parts of the address are in `kwargs`."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        self.language = named.pop("language")
        as_of = request.GET.get("as_of")
        with (
            translation.override(self.language),
            router.use_public_database(),
            pinned_to(as_of),
        ):
            try:
                return super().dispatch(request, *args, **named)
            except MovedError as moved:
                return self._moved(moved)
            except ProblemError as error:
                return errors.page(request, self.language, error.status, error.problem)

    def get(self, request: HttpRequest, **named: str) -> HttpResponse:
        self.answers = Answers(request, request.GET.get("as_of"))
        dataset = self.answers.dataset
        tag = self._tag()
        if tag in tags(request.headers.get("If-None-Match", "")):
            return self._validated(HttpResponseNotModified(), tag)
        shown = frame(request, self.language) | {"dataset": dataset} | self.show()
        if past := self.answers.superseded.get(shown.get("json", "")):
            shown["superseded"] = dict(zip(("operation", "publication"), past, strict=True))
        return self._validated(HttpResponse(render_to_string(self.template, shown)), tag)

    def _tag(self) -> str:
        """The API's own tag names the code and the state that the page is made from."""
        asked = self.request.get_full_path()
        said = [CODE_VERSION, LOOKS, self.answers.tag, self.request.get_host(), asked]
        if self._is_pinned:
            # A page of a past state says what happened to its record since.
            said.append(repr(self.request.META.get(READ_AT)))
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:20]
        return f'"{self.answers.dataset["publication"]}.{digest}"'

    @property
    def _is_pinned(self) -> bool:
        return "as_of" in self.request.GET

    def _validated(self, response: HttpResponse, tag: str) -> HttpResponse:
        response["ETag"] = tag
        response["Cache-Control"] = CACHE_CONTROL
        patch_vary_headers(response, ["Accept-Encoding"])
        if self._is_pinned:
            response["X-Robots-Tag"] = "noindex"
        elif modified := self.answers.modified:
            response["Last-Modified"] = modified
            conditional = get_conditional_response(
                self.request, tag, parse_http_date(modified), response
            )
            assert isinstance(conditional, HttpResponse)
            response = conditional
        # A 304 has them too.
        response["Content-Language"] = self.language
        response["Dataset-Publication"] = str(self.answers.dataset["publication"])
        return response

    def _moved(self, moved: MovedError) -> HttpResponse:
        """To the page of the record that it was merged into, with what the reader asked."""
        query = self.request.META.get("QUERY_STRING")
        place = moved.location.split("?")[0] + (f"?{query}" if query else "")
        return HttpResponse(status=308, headers={"Location": place})

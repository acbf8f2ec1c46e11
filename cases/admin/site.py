"""The desk itself: its names, its start page and its small services."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_deny

from cases.admin.publishing import edits
from casesapi.server import spending


class Desk(AdminSite):
    site_header = "Cases API: the editors' desk"
    site_title = "Editors' desk"
    index_title = "Work to do"
    site_url = "/api/v1/"
    index_template = "cases/desk/index.html"
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        # Their views need the site itself, which is not there yet when this module is read.
        from cases.admin import importing
        from cases.admin.publishing.urls import patterns

        own = [path("dates/", self.admin_view(self.date), name="date")]
        return [*own, *patterns(self), *importing.urls(self), *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the desk, which writes down who changes what."""

        def written_down(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            request.META[spending.TRUSTED] = True
            with edits.by(request.user):
                return view(request, *args, **kwargs)

        return xframe_options_deny(super().admin_view(written_down, cacheable))

    @method_decorator(xframe_options_deny)
    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        from cases.admin.accounts import LoginForm

        self.login_form = LoginForm
        return super().login(request, extra_context)

    def date(self, request: HttpRequest) -> HttpResponse:
        """How `?value=` is understood as a date: `{"ok", "text"}`."""
        from cases.admin.widgets import understood

        return JsonResponse(understood(request.GET.get("value", "")[:100]))

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        from cases.admin.board import board

        return super().index(request, {"board": board(request.user), **(extra_context or {})})

"""The desk itself: its names and its start page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from cases.admin.publishing import edits


class Desk(AdminSite):
    site_header = "Cases API: the editors' desk"
    site_title = "Editors' desk"
    index_title = "Work to do"
    site_url = "/api/v1/"

    def get_urls(self) -> list[Any]:
        # Their views need the site itself, which is not there yet when this module is read.
        from cases.admin import importing
        from cases.admin.publishing.urls import patterns

        return [*patterns(self), *importing.urls(self), *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the desk, which writes down who changes what."""

        def written_down(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with edits.by(request.user):
                return view(request, *args, **kwargs)

        return super().admin_view(written_down, cacheable)

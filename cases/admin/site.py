"""The desk itself: its names and its start page."""

from django.contrib.admin import AdminSite


class Desk(AdminSite):
    site_header = "Cases API: the editors' desk"
    site_title = "Editors' desk"
    index_title = "Work to do"
    site_url = "/api/v1/"

    def get_urls(self):
        from cases.admin import importing

        return [*importing.urls(self), *super().get_urls()]

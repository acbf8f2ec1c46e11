from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "cases.admin.site.Desk"

    def ready(self) -> None:
        from cases.admin.publishing import edits

        super().ready()
        # Not in `cases.admin` itself, which is imported before there are models.
        import_module("cases.admin.registered")
        edits.watch()

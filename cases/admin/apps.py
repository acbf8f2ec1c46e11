from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "cases.admin.site.Desk"

    def ready(self) -> None:
        from cases.admin.publishing import edits

        super().ready()
        edits.watch()

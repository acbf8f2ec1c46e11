"""`manage.py seed_roles`: the roles of the desk and what they may do."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.admin import roles


class Command(BaseCommand):
    help = "Makes the roles reporter, editor and admin, or brings their permissions up to date."

    def handle(self, **options: Any) -> None:
        missing = roles.seed()
        self.stdout.write(f"Roles: {', '.join(roles.ROLES)}.")
        if missing:
            self.stderr.write(f"Permissions that do not exist yet: {', '.join(missing)}.")

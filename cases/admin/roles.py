"""Who may do what at the desk."""

from django.contrib.auth.models import Group, Permission

RECORDS = ("case", "source", "statistic")
REFERENCE = ("region", "court", "formation", "article", "publisher")
DECISIONS = (
    "cases.check_record",
    "cases.publish_record",
    "cases.withdraw_record",
    "cases.merge_record",
    "cases.redact_record",
)


def _may(actions: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"cases.{action}_{kind}" for action in actions.split() for kind in kinds)


ENTERING = (*_may("view add change", (*RECORDS, *REFERENCE)), *_may("view", ("linkcheck",)))
DECIDING = (
    *DECISIONS,
    *_may("delete", (*RECORDS, *REFERENCE)),
    *_may("view change", ("likelyduplicate",)),
    *_may("view", ("finding", "act")),
)
ACCOUNTS = (
    *("auth.view_user", "auth.add_user", "auth.change_user", "auth.view_group"),
    *_may("view add change", ("apikey",)),
)

ROLES: dict[str, tuple[str, ...]] = {
    "reporter": (*ENTERING, *_may("view", ("finding", "likelyduplicate"))),
    "editor": (*ENTERING, *DECIDING),
    "admin": (*ENTERING, *DECIDING, *ACCOUNTS),
}
"""Group: its permissions, as "app.codename"."""


def seed() -> list[str]:
    """Gives each role exactly its permissions; the ones that do not exist are returned."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in wanted if name in known])
    return sorted({name for wanted in ROLES.values() for name in wanted} - known.keys())

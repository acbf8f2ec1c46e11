"""How much who may ask for: a plan has one or more windows, and all of them must have room."""

import re
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cases.edge.ratelimit.costs import Bucket
from cases.vocabulary import KeyPlan

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
ANONYMOUS = "anonymous"


class Window(NamedTuple):
    """So many units in so many seconds, from the first request on."""

    name: str
    quota: int
    seconds: int


class Plan(NamedTuple):
    """policy: its windows as `RateLimit-Policy` states them."""

    name: str
    windows: tuple[Window, ...]
    policy: str


def plan(name: str, text: str) -> Plan:
    """The plan that a setting such as `600/minute 50000/day` means."""
    windows = []
    for word in text.split():
        found = re.fullmatch(r"([1-9]\d{0,11})/(second|minute|hour|day)", word)
        if found is None:
            raise ImproperlyConfigured(
                f"The quota “{word}” of {name} is not understood: write a number, a slash and "
                f"{', '.join(SECONDS)}, such as 600/minute."
            )
        windows.append(Window(found[2], int(found[1]), SECONDS[found[2]]))
    if not windows or len({window.name for window in windows}) < len(windows):
        raise ImproperlyConfigured(
            f"The quotas “{text}” of {name} must be one or more, each of another unit of time."
        )
    policy = ", ".join(f'"{unit}";q={quota};w={seconds}' for unit, quota, seconds in windows)
    return Plan(name, tuple(windows), policy)


PLANS = {
    name: plan(name, text)
    for name, text in (
        (ANONYMOUS, settings.QUOTA_ANONYMOUS),
        (KeyPlan.STANDARD.value, settings.QUOTA_STANDARD),
        (KeyPlan.BULK.value, settings.QUOTA_BULK),
        (Bucket.DESK.value, settings.QUOTA_DESK),
        (Bucket.ASSETS.value, settings.QUOTA_ASSETS),
    )
}
# Keys that do not exist, from one address: who guesses shall not make the database search.
WRONG_KEYS = plan("wrong_keys", "60/minute")

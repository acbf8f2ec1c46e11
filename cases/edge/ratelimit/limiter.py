"""Who asks, by which plan, and how much is left."""

from math import ceil
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import Counter as Figure

from cases.edge.ratelimit import clients
from cases.edge.ratelimit.costs import Bucket
from cases.edge.ratelimit.keys import Keys
from cases.edge.ratelimit.memory import Counter, Decision, ProcessCounter
from cases.edge.ratelimit.plans import ANONYMOUS, PLANS, WRONG_KEYS, Plan
from cases.edge.ratelimit.redis import SharedCounter
from cases.models.key import digest
from casesapi.http.request_log import Environ

SCHEME = "api-key"

REFUSED = Figure("cases_quota_refused", "Requests refused as a quota is used up.", ["plan"])


class RateLimitStatus(NamedTuple):
    """client: by which name it is counted. hint: the first letters of the key; null = there is
    none. wrong_key: one was sent that does not count."""

    client: str
    plan: Plan
    taken: Decision
    hint: str | None = None
    wrong_key: bool = False

    @property
    def left(self) -> str:
        """As `RateLimit` states it."""
        parts = []
        for (name, quota, _), (used, resets_in) in zip(
            self.plan.windows, self.taken.counts, strict=True
        ):
            left = quota - used if used < quota else 0
            parts.append(f'"{name}";r={left};t={ceil(resets_in)}')
        return ", ".join(parts)

    @property
    def violated(self) -> list[str]:
        """Names of the windows that are used up."""
        return [
            window.name
            for window, count in zip(self.plan.windows, self.taken.counts, strict=True)
            if count.used >= window.quota
        ]

    @property
    def retry_after(self) -> int:
        """Seconds until all of them have room again."""
        return max(
            ceil(count.resets_in)
            for window, count in zip(self.plan.windows, self.taken.counts, strict=True)
            if count.used >= window.quota
        )


class Meter:
    """Counts what each client asks for, by its plan."""

    def __init__(self, counter: Counter, keys: Keys) -> None:
        self._counter = counter
        self._keys = keys

    def take(
        self, environ: Environ, cost: int = 1, bucket: Bucket = Bucket.READING
    ) -> RateLimitStatus:
        """Counts a request; with cost 0 it only looks. Keys are for reading."""
        if bucket is not Bucket.READING:
            client = f"{bucket}:{clients.of_address(environ)}"
            return self._counted(client, PLANS[bucket], cost)
        given = key_in(environ)
        if given is None:
            return self._anonymous(environ, cost)
        known = digest(given)
        guesser = f"guesses:{clients.of_address(environ)}"
        if not self._keys.known(known):
            found = self._counted(guesser, WRONG_KEYS, 0, wrong_key=True)
            if found.violated:
                return _noted(found._replace(taken=found.taken._replace(allowed=False)))
        try:
            holder = self._keys.holder(known)
        except DatabaseError:
            return self._anonymous(environ, cost)
        if holder is None:
            # Also where one only looks: it is a guess.
            return self._counted(guesser, WRONG_KEYS, 1, wrong_key=True)
        return self._counted(f"key:{holder.pk}", PLANS[holder.plan], cost, holder.hint)

    def charge(self, standing: RateLimitStatus, cost: int) -> RateLimitStatus:
        """Counts what a request cost beyond what was taken, or with a cost below 0 gives back."""
        if not cost:
            return standing
        windows = standing.plan.windows
        taken = self._counter.take(standing.client, windows, cost, overdraw=True)
        return standing._replace(taken=taken)

    def _anonymous(self, environ: Environ, cost: int) -> RateLimitStatus:
        return self._counted(clients.of_address(environ), PLANS[ANONYMOUS], cost)

    def _counted(
        self, client: str, plan: Plan, cost: int, hint: str | None = None, wrong_key: bool = False
    ) -> RateLimitStatus:
        taken = self._counter.take(client, plan.windows, cost)
        return _noted(RateLimitStatus(client, plan, taken, hint, wrong_key))


def _noted(standing: RateLimitStatus) -> RateLimitStatus:
    if not standing.taken.allowed:
        REFUSED.labels(standing.plan.name).inc()
    return standing


def key_in(environ: Environ) -> str | None:
    """The key that a request carries; null = none. Other schemes are none of our business: a proxy
    may ask for a password of its own."""
    given: str = environ.get("HTTP_AUTHORIZATION", "")
    if not given:
        return None
    scheme, _, key = given.strip().partition(" ")
    return key.strip() if scheme.lower() == SCHEME else None


meter = Meter(SharedCounter(settings.CACHE_URL) if settings.CACHE_URL else ProcessCounter(), Keys())

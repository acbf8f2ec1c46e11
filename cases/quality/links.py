"""Whether the addresses of sources still answer. Calls are polite: one at a time, with a pause
between calls to one host, as robots.txt allows, and with a name that says who calls.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from protego import Protego

from cases.models import DEAD, LinkCheck, Source
from cases.quality.web import (
    PrivateAddressError,
    TooMuchError,
    UnreadableError,
    client,
    text_of,
)
from cases.vocabulary import LinkState

Progress = Callable[[Iterable[Any]], Iterable[Any]]

PAUSE = 1.0  # seconds between two calls to one host; its robots.txt may ask for more
LONGEST_PAUSE = 30.0
REDIRECTS = 5
TRIES = 3
LONGEST_CHECK = 300.0  # seconds for one address with all redirects, tries and pauses
LONGEST_ADDRESS = 2_000  # characters of a redirect that we follow, as of an address in a source
LONGEST_DETAIL = 200  # characters that are kept of what went wrong
# What sites allow is kept for so many of them, and for so many characters of robots.txt.
MOST_ROBOTS, LARGEST_ROBOTS = 1_000, 4_000_000
ADDRESSES = ("url", "archive_url")

# The site does not let automatic visitors in; people may well get an answer.
UNWANTED = (401, 403, 429, 451)


_log = logging.getLogger("cases.links")


class Outcome(NamedTuple):
    state: LinkState
    status: int | None = None
    final_url: str | None = None
    detail: str | None = None


class Robots(NamedTuple):
    """What a site allows. problem: why it could not be asked, which forbids everything."""

    rules: Protego | None
    problem: Outcome | None = None


class Checker:
    """Calls addresses, one after the other. sleep: for tests."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._client = client()
        self._robots: dict[str, Robots] = {}
        self._robots_size = 0
        self._called: dict[str, float] = {}

    def check(self, address: str) -> Outcome:
        """What comes of calling an address, redirects and all.

        Whatever a site sends is a finding about this address and never an error: the next one
        must be called all the same.
        """
        try:
            outcome = self._check(address)
        except Exception as error:
            _log.exception("a link could not be checked")
            why = f"it cannot be checked: {type(error).__name__}"
            outcome = Outcome(LinkState.FAILS, None, None, why)
        return outcome._replace(detail=_printable(outcome.detail))

    def _check(self, address: str) -> Outcome:
        here, seen = address, set()
        begun = time.monotonic()
        for _ in range(REDIRECTS + 1):
            if here in seen:
                return Outcome(LinkState.FAILS, None, here, "redirects in a circle")
            if time.monotonic() - begun > LONGEST_CHECK:
                return Outcome(LinkState.UNREACHABLE, None, here, "no answer in time")
            seen.add(here)
            outcome = self._allowed(here) or self._answer(here)
            if outcome.final_url is None or outcome.state != LinkState.MOVED:
                moved = here if here != address else None
                if outcome.state == LinkState.ANSWERS and moved:
                    return outcome._replace(state=LinkState.MOVED, final_url=moved)
                return outcome._replace(final_url=moved)
            here = outcome.final_url
        return Outcome(LinkState.FAILS, None, here, f"more than {REDIRECTS} redirects")

    def _allowed(self, address: str) -> Outcome | None:
        """Null when the site lets us call the address."""
        try:
            parts = urlsplit(address)
            wrong = parts.scheme not in ("http", "https") or not parts.hostname
        except ValueError:
            wrong = True
        if wrong:
            return Outcome(LinkState.REFUSED, None, None, "no address of the web")
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            if len(self._robots) >= MOST_ROBOTS or self._robots_size > LARGEST_ROBOTS:
                self._robots.clear()
                self._robots_size = 0
            self._robots[origin] = self._ask_robots(origin)
        robots = self._robots[origin]
        if robots.problem:
            return robots.problem
        if robots.rules and not robots.rules.can_fetch(address, settings.LINKS_USER_AGENT):
            return Outcome(LinkState.FORBIDDEN, None, None, "robots.txt forbids it")
        return None

    def _ask_robots(self, origin: str) -> Robots:
        here = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            status, text, target, failed = self._call("GET", here)
            if failed:
                return Robots(None, failed)
            if target is None:
                break
            here = target
        if status is None or status >= 500:
            why = f"robots.txt answers {status}"
            return Robots(None, Outcome(LinkState.FORBIDDEN, status, None, why))
        self._robots_size += len(text)
        return Robots(Protego.parse(text) if status == 200 else None)

    def _answer(self, address: str) -> Outcome:
        outcome = self._once("HEAD", address)
        # Many sites answer HEAD wrongly.
        if outcome.state in (*DEAD, LinkState.FORBIDDEN) and outcome.status is not None:
            outcome = self._once("GET", address)
        return outcome

    def _once(self, method: str, address: str) -> Outcome:
        status, _, target, failed = self._call(method, address)
        if failed:
            return failed
        if target:
            return Outcome(LinkState.MOVED, status, target)
        assert status is not None  # neither failed nor redirected
        if status < 400:
            return Outcome(LinkState.ANSWERS, status)
        if status in UNWANTED:
            return Outcome(LinkState.FORBIDDEN, status, None, "the site turns us away")
        return Outcome(LinkState.GONE if status in (404, 410) else LinkState.FAILS, status)

    def _call(
        self, method: str, address: str
    ) -> tuple[int | None, str, str | None, Outcome | None]:
        """Status, text of robots.txt, where it redirects to, or what went wrong."""
        for attempt in range(TRIES):
            self._wait(address)
            retry_after = 2.0**attempt
            try:
                with self._client.stream(method, address) as answer:
                    status = answer.status_code
                    location = answer.headers.get("Location") if answer.is_redirect else None
                    target = _target(address, location) if location else None
                    text = ""
                    if method == "GET" and address.endswith("/robots.txt") and status == 200:
                        text = text_of(answer)
                    after = answer.headers.get("Retry-After", "")
                failed = None
                if status < 500 and status != 429:
                    break
                retry_after = float(after) if after.isdecimal() else retry_after
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                status, text, target, failed = None, "", None, _failure(error)
                if isinstance(error, ValueError | httpx.InvalidURL | httpx.TimeoutException):
                    break
                if failed.state == LinkState.REFUSED:
                    break
            if attempt < TRIES - 1:
                self._sleep(min(retry_after, LONGEST_PAUSE))
        return status, text, target, failed

    def _wait(self, address: str) -> None:
        """Until the host was left alone for long enough."""
        parts = urlsplit(address)
        robots = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        asked = (
            robots.rules.crawl_delay(settings.LINKS_USER_AGENT) if robots and robots.rules else 0
        )
        pause = min(max(PAUSE, asked or 0), LONGEST_PAUSE)
        host = parts.hostname or ""
        left = self._called.get(host, -pause) + pause - time.monotonic()
        if host in self._called and left > 0:
            self._sleep(left)
        if len(self._called) > 1000:
            self._called.clear()
        self._called[host] = time.monotonic()


class RedirectError(ValueError):
    """A redirect that leads nowhere; the message says why."""


def _target(address: str, location: str) -> str:
    """Where a redirect leads. RedirectError when that is no address."""
    if not location.isprintable():
        raise RedirectError("redirects to what is no address")
    try:
        target = urljoin(address, location)
        urlsplit(target).port  # noqa: B018 - read to see whether it can be
    except ValueError as error:
        raise RedirectError("redirects to what is no address") from error
    if len(target) > LONGEST_ADDRESS:
        raise RedirectError(f"redirects to an address of more than {LONGEST_ADDRESS:,} characters")
    return target


def _printable(detail: str | None) -> str | None:
    """What can be stored and shown of a text that a site may have written."""
    if detail is None:
        return None
    shown = "".join(letter if letter.isprintable() else "?" for letter in detail)
    return shown if len(shown) <= LONGEST_DETAIL else f"{shown[:LONGEST_DETAIL]}…"


def _failure(error: Exception) -> Outcome:
    cause = error.__cause__
    if isinstance(error, RedirectError | UnreadableError):
        return Outcome(LinkState.FAILS, None, None, str(error))
    if isinstance(cause, PrivateAddressError):
        return Outcome(LinkState.REFUSED, None, None, str(cause))
    if isinstance(cause, TooMuchError):
        return Outcome(LinkState.FAILS, None, None, str(cause))
    if isinstance(error, httpx.TimeoutException):
        return Outcome(LinkState.UNREACHABLE, None, None, "no answer in time")
    if isinstance(error, httpx.InvalidURL | ValueError):
        return Outcome(LinkState.REFUSED, None, None, "no address of the web")
    return Outcome(LinkState.UNREACHABLE, None, None, str(error) or type(error).__name__)


def due(before: datetime) -> Iterator[tuple[str, str]]:
    """Source and address of each link that was not checked since `before`; constant memory."""
    rows = Source.objects.filter(Q(url__isnull=False) | Q(archive_url__isnull=False))
    recent = LinkCheck.objects.filter(checked_at__gte=before)
    for pk, *addresses in rows.order_by("pk").values_list("pk", *ADDRESSES).iterator(500):
        for address in dict.fromkeys(filter(None, addresses)):
            if not recent.filter(source=pk, address=address).exists():
                yield pk, address


def check_all(before: datetime, checker: Checker, progress: Progress = iter) -> dict[str, int]:
    """Calls what is due and keeps what came of it, one by one, so that a run that was stopped goes
    on where it ended. How many there are of each state."""
    counts: dict[str, int] = {}
    for pk, address in progress(due(before)):
        outcome = checker.check(address)
        record(pk, address, outcome)
        counts[outcome.state.value] = counts.get(outcome.state.value, 0) + 1
    # Addresses that no source has any more.
    for check in LinkCheck.objects.select_related("source").iterator(500):
        if check.address not in (getattr(check.source, name) for name in ADDRESSES):
            check.delete()
    return counts


def record(pk: str, address: str, outcome: Outcome) -> None:
    now = timezone.now()
    before = LinkCheck.objects.filter(source=pk, address=address).first()
    since = (before.failing_since if before else None) or now
    LinkCheck.objects.update_or_create(
        source_id=pk,
        address=address,
        defaults={
            **outcome._asdict(),
            "checked_at": now,
            "failing_since": since if outcome.state in DEAD else None,
        },
    )

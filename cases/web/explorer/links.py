"""Links from a list to the pages of its records."""

from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Kinds that have pages of their own; a defendant and a ruling stand on that of their case.
PAGES = {"cases": "case", "sources": "source", "statistics": "statistic"}


class Links:
    """pinned: what the addresses of pages end with, where a past state is read."""

    def __init__(self, language: str, pinned: str) -> None:
        self._language, self._pinned = language, pinned

    def record(self, kind: str, public_id: str, part: str = "", shown: str = "") -> SafeString:
        address = reverse(f"web:{PAGES[kind]}", args=[self._language, public_id])
        fragment = f"#{part}" if part else ""
        return format_html(
            '<a class="record-id" href="{}{}{}">{}</a>',
            *(address, self._pinned, fragment, shown or part or public_id),
        )

    def defendant(self, public_id: str) -> SafeString:
        return self.record("cases", public_id.rpartition("-")[0], public_id)

    verdict = defendant

    def host(self, address: str) -> str:
        """The site that an address is on."""
        return urlsplit(address).netloc.removeprefix("www.")

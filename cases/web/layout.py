"""What the frame around every page needs: header, footer, language switch, addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from cases.web.languages import LANGUAGES

# What links to other pages end in, so that they show the same state; empty = the newest.
_pinned: ContextVar[str] = ContextVar("pinned", default="")


@contextmanager
def pinned_to(as_of: str | None) -> Iterator[None]:
    """Within it, links lead to pages of the state that the reader asked for."""
    token = _pinned.set(f"?{urlencode({'as_of': as_of})}" if as_of else "")
    try:
        yield
    finally:
        _pinned.reset(token)


def address_of(page: str, *named: str) -> str:
    """The address of a page in the language and at the state of the one that is made."""
    return reverse(f"web:{page}", args=[get_language(), *named]) + _pinned.get()


def frame(request: HttpRequest, language: str) -> dict[str, Any]:
    """What the frame around every page needs; language switches keep the address.

    pinned, chart_state: `?as_of=…` and `&as_of=…` for links to what is no page; empty = the newest.
    """
    _, _, rest = request.path.lstrip("/").partition("/")
    query = request.META.get("QUERY_STRING", "")
    return {
        "language": language,
        "pinned": _pinned.get(),
        "chart_state": _pinned.get().replace("?", "&"),
        "canonical": request.build_absolute_uri(request.path),
        "site": request.build_absolute_uri("/").rstrip("/"),
        "versions_in": [
            {
                "code": code,
                "name": name,
                "address": f"/{code}/{rest}" + (f"?{query}" if query else ""),
                "canonical": request.build_absolute_uri(f"/{code}/{rest}"),
            }
            for code, name in LANGUAGES.items()
        ],
    }

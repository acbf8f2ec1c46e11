"""A client that holds every answer against the one that the cache would have given."""

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.test import Client

from cases.edge.cache.wsgi import READ_AT, CachedAnswers
from cases.edge.latest import LatestPublication

MEMORY = 50_000_000


class Told:
    """A watch that is told the head by the test, or asks the database each time."""

    def __init__(self, head: LatestPublication | type | None = LatestPublication) -> None:
        self.head = head

    def start(self) -> None:
        pass

    def learn(self, head: LatestPublication, database: str) -> None:
        pass

    def known(self) -> LatestPublication | None:
        return newest() if isinstance(self.head, type) else self.head


def newest() -> LatestPublication:
    """The head as the database says it; not by Django, whose queries tests count."""
    connection.ensure_connection()
    row = connection.connection.execute(
        "SELECT number, digest FROM cases_publication ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return LatestPublication(*row) if row else LatestPublication()


class CheckedClient(Client):
    """Each GET and HEAD is answered by Django, and then by a cache: out of what it kept of earlier
    requests of the test, else out of this one. All must be the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fresh: Any = None
        self.cache = CachedAnswers(self._answer, Told(), MEMORY)

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        read = READ_AT in response.wsgi_request.META
        if read and request.get("REQUEST_METHOD") in ("GET", "HEAD") and not response.streaming:
            self._fresh = response
            fresh = response.status_code, headers(response.items()), response.content
            environ = self._base_environ(**request)
            # Django's client always sends one, and what comes with a cookie is not kept.
            if not environ["HTTP_COOKIE"]:
                del environ["HTTP_COOKIE"]
            for _ in range(2):
                assert ask(self.cache, dict(environ)) == fresh
        return response

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The application: Django's answer, which is here already."""
        response = self._fresh
        request: WSGIRequest = response.wsgi_request
        environ[READ_AT] = request.META[READ_AT]
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, list(response.items()))
        return _Whole(response.content)


class _Whole(list[bytes]):
    """A body that says, as Django's responses do, that it is all there."""

    streaming = False

    def __init__(self, content: bytes) -> None:
        super().__init__([content])

    def close(self) -> None:
        pass


def ask(application: Any, environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a WSGI application."""
    said: list[Any] = []
    body = application(environ, lambda *start: said.append(start))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    [(status, given)] = said
    return int(status.split()[0]), headers(given), content


def headers(given: Any) -> dict[str, str]:
    """By their lower names."""
    return {name.lower(): value for name, value in given}

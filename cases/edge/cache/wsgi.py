"""Answers out of memory, in front of Django.

A view says under which head it read (`READ_AT`); its answer is kept under that head and served as
long as this is the head. So nothing outlives a publication, which a redaction is as well, and no
publication needs to tell anybody what it changed.

Only complete answers to anonymous GETs are kept, and only those that say themselves that anybody
may keep them. What is asked with a cookie, a key or a range is none of our business here.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from functools import lru_cache
from threading import Event, Lock
from typing import Any

from django.conf import settings
from django.utils.http import parse_http_date_safe
from django_http_compression.middleware import best_coding
from prometheus_client import Counter

from cases.api.http.etags import plain, tags
from cases.api.http.query_strings import canonical
from cases.api.request.negotiation import PLAIN
from cases.edge.cache.memory import Answer, AnswerStore, Key
from cases.edge.cache.redis import SharedAnswers
from cases.edge.latest import LatestPublication, PublicationWatcher
from casesapi.http.metrics import Number
from casesapi.http.security_headers import HELD, OPEN
from casesapi.server.wsgi_environ import ENCODED, FOUND, Headers

KEPT = Counter("cases_answers_kept", "Requests for answers that may be kept.", ["from"])
FROM_MEMORY, COMPUTED = Number(KEPT.labels("memory")), Number(KEPT.labels("application"))

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Where in the environment of a request a view says under which head it read.
READ_AT = "cases.read_at"

# Who sends one of these wants an answer of his own, or a part of one.
BYPASS_HEADERS = (
    *("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_RANGE"),
    *("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
)
# An answer with one of these is meant for one client.
PER_CLIENT_HEADERS = {"set-cookie", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"}
# What the keys tell apart. An answer that depends on anything else is not kept.
VARY_HEADERS = {"accept", "accept-encoding", "origin"}
# What describes a body, or is kept with it: a 304 has none of it.
OF_A_BODY = {
    *("content-type", "content-length", "content-encoding", "content-disposition"),
    *("repr-digest", "unencoded-digest", "dataset-count", "link", "allow"),
    *(name.lower() for name in HELD),
}
# Letters of an address and of Accept headers; longer ones are rare, and would fill the memory.
MAX_ADDRESS = 2_000
# Seconds to wait for another request that computes the same; some answers take much longer.
PATIENCE = 2.0


class CachedAnswers:
    """A WSGI application that answers for another one where it can."""

    def __init__(
        self,
        application: Application,
        watch: PublicationWatcher,
        most_bytes: int,
        shared: SharedAnswers | None = None,
    ) -> None:
        self._application = application
        self._watch = watch
        self._shared = shared
        self.store = AnswerStore(most_bytes)
        self._under_way: dict[Key, Event] = {}
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self._watch.start()
        found: Answer | None = environ.pop(FOUND, None)
        if found is not None:
            FROM_MEMORY.inc()
            return _send(found, environ, start_response)
        head, key = self._place(environ)
        if head is None or key is None:
            return self._application(environ, start_response)
        answer = self.store.get(head, key)
        if answer is None:
            if environ["REQUEST_METHOD"] == "HEAD" or not self.store.most_bytes:
                return self._application(environ, start_response)
            COMPUTED.inc()
            return self._compute(environ, start_response, head, key)
        FROM_MEMORY.inc()
        return _send(answer, environ, start_response)

    def knows(self, environ: Environ) -> bool:
        """Whether the answer is in memory, so that nothing needs to be waited for. Then the request
        is to be answered at once: it gets the answer that was found."""
        head, key = self._place(environ)
        if head is None or key is None or (found := self.store.get(head, key)) is None:
            return False
        environ[FOUND] = found
        return True

    def _place(self, environ: Environ) -> tuple[LatestPublication | None, Key | None]:
        """Where the answer to a request is kept; None = nowhere."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not environ.keys().isdisjoint(
            BYPASS_HEADERS
        ):
            return None, None
        return self._watch.known(), _key(environ)

    def _compute(
        self, environ: Environ, start_response: StartResponse, head: LatestPublication, key: Key
    ) -> Iterable[bytes]:
        """Asks what other processes computed, and else the application; of several at once for the
        same, one asks and the others wait."""
        with self._lock:
            done = self._under_way.get(key)
            first = done is None
            if done is None:
                done = self._under_way[key] = Event()
        if not first:
            done.wait(PATIENCE)
            known = self._watch.known()
            if known and (answer := self.store.get(known, key)):
                return _send(answer, environ, start_response)
            return self._ask(environ, start_response, key)
        try:
            if self._shared and (answer := self._shared.get(head, key)):
                self.store.put(head, key, answer)
                return _send(answer, environ, start_response)
            return self._ask(environ, start_response, key)
        finally:
            with self._lock:
                del self._under_way[key]
            done.set()

    def _ask(self, environ: Environ, start_response: StartResponse, key: Key) -> Iterable[bytes]:
        said: list[Any] = []

        def start(status: str, headers: Headers, *failure: Any) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, *failure)

        body = self._application(environ, start)
        head: LatestPublication | None = environ.get(READ_AT)
        # Only a Django response says that it is all there; files and streams do not.
        if head is None or getattr(body, "streaming", True) or not _keepable(said[0], said[1]):
            return body
        with closing(body):  # type: ignore[type-var]
            block = b"".join(body)
        answer = _answer(said[0], said[1], block)
        self.store.put(head, key, answer)
        if self._shared:
            self._shared.put(head, key, answer)
        return [block]


def _send(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if _is_known(answer, environ):
        environ[ENCODED] = answer.encoded_unchanged
        start_response("304 Not Modified", answer.unchanged)
        return [b""]
    environ[ENCODED] = answer.encoded_headers
    start_response(answer.status, answer.headers)
    return [answer.body if environ["REQUEST_METHOD"] == "GET" else b""]


def _is_known(answer: Answer, environ: Environ) -> bool:
    """Whether the client has this answer already, by the rules of RFC 9110."""
    given = environ.get("HTTP_IF_NONE_MATCH")
    if given is not None:
        known = given == answer.tag or answer.tag in tags(given)
        return known or (given.strip() == "*" and answer.modified is not None)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or answer.modified is None:
        return False
    seconds = parse_http_date_safe(since)
    return seconds is not None and answer.modified <= seconds


def _key(environ: Environ) -> Key | None:
    """What tells this answer from all others; null = too long to be remembered."""
    query = environ.get("QUERY_STRING", "")
    path = environ.get("PATH_INFO", "")
    accept = environ.get("HTTP_ACCEPT", "")
    encoding = environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(path) + len(query) + len(accept) + len(encoding) > MAX_ADDRESS:
        return None
    # All that an absolute address in the answer is made of, see HttpRequest.build_absolute_uri.
    place = tuple([environ.get(name) for name in _PLACE])
    # A page shows its own address, as it was typed.
    any_order = path.startswith(OPEN)
    told_apart = _told_apart(query, any_order, accept, encoding)
    return (*place, path, *told_apart, "HTTP_ORIGIN" in environ)


def _place() -> tuple[str, ...]:
    names = ["wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME"]
    if settings.USE_X_FORWARDED_HOST:
        names.append("HTTP_X_FORWARDED_HOST")
    if settings.USE_X_FORWARDED_PORT:
        names.append("HTTP_X_FORWARDED_PORT")
    if settings.SECURE_PROXY_SSL_HEADER:
        names.append(settings.SECURE_PROXY_SSL_HEADER[0])
    return tuple(names)


_PLACE = _place()


@lru_cache(maxsize=2_048)
def _told_apart(query: str, any_order: bool, accept: str, encoding: str) -> tuple[str, str, str]:
    """The query, in one form if the order does not matter, what is accepted, and the coding that
    will be chosen."""
    accept = accept.strip()
    asked = canonical(query) if any_order else query
    return asked, "" if accept in PLAIN else accept, best_coding(encoding)


def _keepable(status: str, headers: Headers) -> bool:
    names = {name.lower(): value for name, value in headers}
    directives = names.get("cache-control", "").replace(" ", "").split(",")
    vary = {name.strip().lower() for name in names.get("vary", "").split(",")}
    return (
        status.startswith("200 ")
        and "public" in directives
        and "etag" in names
        and vary - {""} <= VARY_HEADERS
        and not PER_CLIENT_HEADERS & names.keys()
    )


def _answer(status: str, headers: Headers, body: bytes) -> Answer:
    names = {name.lower(): value for name, value in headers}
    tag = plain(names["etag"])
    modified = parse_http_date_safe(names["last-modified"]) if "last-modified" in names else None
    unchanged = [
        (name, tag if name.lower() == "etag" else value)
        for name, value in headers
        if name.lower() not in OF_A_BODY
    ]
    return Answer(status, headers, body, tag, modified, unchanged)

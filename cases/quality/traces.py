"""After a redaction the program is asked, at its own public addresses, whether it still tells of
the person: by search, facets, records, history, files, feeds, pages and charts.

The redaction has proved by then that no stored text holds the name. This proves the rest: caches,
search, everything that is made of stored texts, and code that nobody thought of.
"""

import time
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.utils import translation

from cases.models import Entry, Publication, published
from cases.names import readings, words
from cases.publishing.redaction.bodies import Target
from cases.publishing.redaction.person import SHORTEST, Person
from cases.publishing.redaction.proof import spelled, texts
from cases.quality.files import text_of
from cases.vocabulary import RecordKind

# Seconds until the newest publication is read everywhere, and until another file may be written.
PATIENCE = 15.0
PAUSE = 0.3

LANGUAGES = ("en", "ru", "kk")
LISTS: dict[RecordKind, str] = {
    RecordKind.CASE: "cases",
    RecordKind.DEFENDANT: "defendants",
    RecordKind.VERDICT: "verdicts",
    RecordKind.SOURCE: "sources",
}
REFERENCE: dict[RecordKind, str] = {
    RecordKind.REGION: "regions",
    RecordKind.COURT: "courts",
    RecordKind.FORMATION: "formations",
    RecordKind.ARTICLE: "articles",
    RecordKind.PUBLISHER: "publishers",
}
OTHERS = {RecordKind.STATISTIC: "statistics"} | REFERENCE
FILES = ("csv", "xlsx", "parquet", "geojson")
FACETS = ("court", "region", "formation", "article", "publisher", "residence")
CHARTS = (
    *("cases-by-month", "cases-by-month-opened", "outcomes", "formations", "regions"),
    "sentences",
)

# Of the editor's request, what the program needs to know itself by name.
OWN_ADDRESS = (
    *("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST", "wsgi.url_scheme"),
    *("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"),
)


class StillFoundError(Exception):
    """A person was redacted, and the program still tells of them. The lines say where."""


class Changed(NamedTuple):
    """A record that was redacted. since: publications that brought the versions in question.
    source: one that it cites, by which lists can be narrowed to it; None = it cites none."""

    kind: RecordKind
    public_id: str
    since: frozenset[int]
    source: str | None


def still_found(target: Target, redacted: Publication, meta: Mapping[str, Any]) -> list[str]:
    """Addresses that still tell of the person, each with what was found; empty = there are none.

    redacted: the publication of the redaction, committed. meta: of a request to this program. The
    newest state is asked, and every earlier one in which a record of the person began to be what
    it was; between these nothing of the person changes. Some 70 small requests a state; memory
    for one answer.
    """
    program = _Program(meta)
    if not program.reads(redacted.number):
        return [
            f"publication {redacted.number} is not read by the public yet: nothing could be asked"
        ]
    found = list(_changed(redacted))
    moments = {redacted.number}.union(*(record.since for record in found))
    return [
        line
        for moment in sorted(moments, reverse=True)
        for line in _at(moment, moment == redacted.number, found, target, program)
    ]


def _changed(redacted: Publication) -> Iterator[Changed]:
    for entry in Entry.objects.filter(publication=redacted).order_by("record", "public_id"):
        kind = RecordKind(entry.record)
        numbers = [one["version"] for one in entry.replaced or () if "version" in one]
        versions = published(kind).filter(public_id=entry.public_id, version__in=numbers)
        since = frozenset(versions.values_list("since", flat=True))
        notes = {one["note_of"] for one in entry.replaced or () if "note_of" in one}
        body = versions.values_list("body", flat=True).first()
        cited = orjson.loads(body).get("sources") if body and kind == RecordKind.STATISTIC else []
        source = cited[0]["id"] if cited else None
        yield Changed(kind, entry.public_id, since | notes, source)


def _at(
    moment: int, newest: bool, found: list[Changed], target: Target, program: "_Program"
) -> Iterator[str]:
    """What is found at one state."""
    asked = _Asked(target, program, {"as_of": str(moment)})
    plurals = LISTS | OTHERS
    for name, query in _searches(target):
        yield from asked.json(f"/api/v1/{name}/", query | {"page_size": "100"}, only="results")
    for record in found:
        place = f"{plurals[record.kind]}/{record.public_id}/"
        yield from asked.json(f"/api/v1/{place}")
        yield from asked.json(f"/api/v1/{place}versions/")
        if record.kind in (RecordKind.CASE, RecordKind.SOURCE, RecordKind.STATISTIC):
            for language in LANGUAGES if newest else LANGUAGES[:1]:
                yield from asked.text(f"/{language}/{place}")
    since = {"since": str(moment - 1)}
    yield from asked.json("/api/v1/changes/", since | {"page_size": "1000"}, only="results")
    yield from asked.json("/api/v1/publications/", since, only="results")
    yield from asked.text("/feeds/changes.atom")
    for case in sorted(target.cases):
        about = {"q": case}
        for name in ("cases", "defendants", "verdicts"):
            yield from _whole(asked, name, about, newest)
        by = [("by", field) for field in FACETS]
        yield from asked.json("/api/v1/cases/facets/", [*about.items(), *by], only="facets")
        for chart in CHARTS:
            yield from asked.json(f"/charts/{chart}.json", about, only="vega_lite")
    sources = [one.public_id for one in found if one.kind == RecordKind.SOURCE]
    for source in sorted(target.sources.union(sources)):
        yield from _whole(asked, "sources", {"q": source}, newest)
    for one in found:
        if one.source:
            for form in ("csv", "ndjson", "xlsx", "parquet"):
                yield from asked.file("/api/v1/statistics/", form, {"source": one.source})
    for name in sorted({OTHERS[one.kind] for one in found if one.kind in REFERENCE}):
        yield from asked.file(f"/api/v1/{name}/", "csv", {})


def _searches(target: Target) -> Iterator[tuple[str, dict[str, str]]]:
    """Each list with a question for the person: by the whole name everywhere, and by each word of
    it in what is about the person. Spellings that search takes for the same are asked once."""
    alone: list[str] = []
    whole: dict[frozenset[str], str] = {}
    for spelling in target.person.spellings:
        same = set()
        for word in spelling.split():
            known = [other for other in alone if readings(other) & readings(word)]
            if not known:
                alone.append(word)
            same.add(known[0] if known else word)
        whole.setdefault(frozenset(same), spelling)
    for kind, name in LISTS.items():
        for spelling in whole.values():
            yield name, {"q": spelling}
        for about in sorted(target.sources if kind == RecordKind.SOURCE else target.cases):
            for word in alone:
                yield name, {"q": f"{about} {word}"}


def _whole(asked: "_Asked", name: str, about: dict[str, str], newest: bool) -> Iterator[str]:
    """A selection as documents, as every kind of file, as a feed and as pages."""
    aside: set[str] = set()
    yield from asked.documents(f"/api/v1/{name}/", about, aside)
    for form in FILES:
        if form != "geojson" or name != "sources":
            yield from asked.file(f"/api/v1/{name}/", form, about, aside)
    yield from asked.text(f"/feeds/{name}.atom", about)
    for language in LANGUAGES if newest else LANGUAGES[:1]:
        yield from asked.text(f"/{language}/{name}/", about)


def _unshared(target: Target) -> Person:
    """The person, by spellings that no namesake was ever published with. What is about a namesake
    keeps the others; where they are is known for documents, which are looked through one by one."""
    others = published(RecordKind.DEFENDANT).filter(public_id__in=target.others)
    taken = {
        frozenset(word for word in words(name["text"]) if len(word) >= SHORTEST)
        for body in others.values_list("body", flat=True)
        for name in orjson.loads(body)["names"]
    }
    spellings = target.person.spellings
    return Person(text for text in spellings if frozenset(text.split()) not in taken)


class _Asked:
    """Asks at one state, and looks for the person in what is answered."""

    def __init__(self, target: Target, program: "_Program", pinned: dict[str, str]) -> None:
        self._target = target
        # In pages and files nothing says whom a name belongs to.
        self._unshared = _unshared(target)
        self._program = program
        self._pinned = pinned

    def json(self, path: str, query: Any = (), only: str | None = None) -> Iterator[str]:
        """only: the part that is no echo of the question."""
        address, content, problem = self._get(path, query)
        if content is None:
            yield from problem
            return
        body = orjson.loads(content)
        for pointer in spelled(body[only] if only else body, False, self._target):
            yield f"{address} still names the person at {pointer}"

    def documents(self, path: str, query: Any, aside: set[str]) -> Iterator[str]:
        """As NDJSON. aside: is given the words that are the name of something else."""
        address, content, problem = self._get(path, dict(query) | {"format": "ndjson"})
        yield from problem
        for line in (content or b"").splitlines():
            document = orjson.loads(line)
            for pointer in spelled(document, False, self._target):
                yield f"{address} still names the person at {pointer}"
            for _, text, about in texts(document, False, self._target):
                aside |= set() if about else self._words(text)

    def file(
        self, path: str, form: str, query: Any, aside: set[str] | None = None
    ) -> Iterator[str]:
        """aside: words that may stay; None = every single word may, but not the whole name."""
        address, content, problem = self._get(path, dict(query) | {"format": form})
        if content is None:
            yield from problem
            return
        text = text_of(content, form)
        left = self._words(text) - aside if aside is not None else set()
        if left or self._unshared.holds(text, near=False):
            yield f"{address} still names the person"

    def text(self, path: str, query: Any = ()) -> Iterator[str]:
        """A page, feed or chart: its frame has words of its own, so only the whole name counts."""
        address, content, problem = self._get(path, query)
        yield from problem
        if content and self._unshared.holds(content.decode(errors="replace"), near=False):
            yield f"{address} still names the person"

    def _words(self, text: str) -> set[str]:
        return {text[start:end] for start, end in self._unshared.spans(text, near=True)}

    def _get(self, path: str, query: Any) -> tuple[str, bytes | None, list[str]]:
        given = [*(query.items() if isinstance(query, dict) else query), *self._pinned.items()]
        return self._program.get(path, given)


class _Program:
    """This program, asked in process: through all of its middleware, but past the caches of the
    server in front of it, which a new publication empties."""

    def __init__(self, meta: Mapping[str, Any]) -> None:
        self._meta = {name: meta[name] for name in OWN_ADDRESS if name in meta}
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def reads(self, number: int) -> bool:
        """Whether the public reads a publication, perhaps from a replica, or does so soon."""
        end = time.monotonic() + PATIENCE
        while True:
            _, content, _ = self.get("/api/v1/", [])
            if content and orjson.loads(content)["publication"] >= number:
                return True
            if time.monotonic() > end:
                return False
            time.sleep(PAUSE)

    def get(self, path: str, query: list[tuple[str, str]]) -> tuple[str, bytes | None, list[str]]:
        """The address without the name in it, the answer, and why there is none. What is not found
        or was withdrawn tells nothing."""
        end = time.monotonic() + PATIENCE
        shown = urlencode([(name, value) for name, value in query if name != "q"])
        address = f"{path}?{shown}" if shown else path
        while True:
            status, content = self._answer(path, urlencode(query))
            # One process writes few files at a time.
            if status != 503 or time.monotonic() > end:
                break
            time.sleep(PAUSE)
        if status == 200:
            return address, content, []
        gone = status in (404, 410, 301, 308)
        return address, None, [] if gone else [f"{address} could not be asked: status {status}"]

    def _answer(self, path: str, query: str) -> tuple[int, bytes]:
        own = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
        request = WSGIRequest(self._meta | own | {"wsgi.input": BytesIO()})
        with translation.override("en"):
            response: Any = self._handler.get_response(request)
            try:
                content = (
                    b"".join(response.streaming_content) if response.streaming else response.content
                )
            finally:
                # `close` would end the editor's request, too.
                for close in response._resource_closers:
                    close()
        return response.status_code, content

"""Publishing all that is ready, with its progress on the page.

The answer is streamed while the work goes on in a thread with a connection of its own: the bar
moves without JavaScript, and the work goes on when the page is closed.
"""

from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.contrib import admin
from django.db import OperationalError, connection
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from cases.admin.publishing.pages import page, require, require_view
from cases.publishing.documents.record_refs import ROOTS, WORKING, RecordRef
from cases.publishing.ledger.ledger import RulesBrokenError
from cases.publishing.workflow import actions
from cases.publishing.workflow.review import NotAllowedError, ReviewState
from casesapi.databases import router

EVERY = 25  # records from one sign of life to the next

Say = Callable[[str], None]


@require_http_methods(["GET", "POST"])
def everything(request: HttpRequest) -> HttpResponseBase:
    """GET explains; POST lists what is waiting, or publishes what is ready of it."""
    require_view(request, *ROOTS)
    if request.method == "GET":
        return page(request, "bulk", "Publish all that is ready")
    person: Any = request.user
    note = request.POST.get("note", "").strip()
    publishing = request.POST.get("act") == "publish"
    if publishing:
        require(request, "publish")

    def work(say: Say) -> None:
        _work(say, person, note, publishing=publishing)

    context = admin.site.each_context(request) | {"title": "Publish all that is ready"}
    frame = render_to_string("desk/publishing/streamed.html", context, request)
    answer = StreamingHttpResponse(_framed(frame, _sayings(work)))
    # Compression would hold the signs of life back until there are many of them.
    answer["Content-Encoding"] = "identity"
    return answer


def _work(say: Say, person: Any, note: str, *, publishing: bool) -> None:
    total = sum(
        WORKING[kind]._default_manager.count() for kind in ROOTS
    )  # of roots; a case makes more documents, so the bar is told the larger number of both
    ready: dict[RecordRef, str] = {}
    for state in actions.waiting(_told(say, total, "Comparing")):
        say(_line(state))
        if state.is_ready:
            ready[state.root] = state.digest
    if not publishing:
        say(format_html("<p><strong>{} ready to be published.</strong></p>", len(ready)))
        return
    if not ready:
        say("<p><strong>Nothing is ready; nothing was published.</strong></p>")
        return
    progress = _told(say, len(ready), "Publishing")
    publication = actions.publish(set(ready), note, person, progress=progress, seen=ready)
    if publication is None:
        say("<p><strong>Somebody else has just published all of it.</strong></p>")
        return
    done = "<p><strong>{} records are public with publication {}.</strong></p>"
    say(format_html(done, len(ready), publication.number))


def _told(say: Say, total: int, task: str) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """Wraps an iterable so that the page tells how far it is."""

    def wrap(items: Iterable[Any]) -> Iterator[Any]:
        for number, item in enumerate(items):
            if number % EVERY == 0:
                bar = '<p class="step">{} <progress max="{}" value="{}"></progress> {} records</p>'
                say(format_html(bar, task, max(total, number), number, number))
            yield item

    return wrap


def _line(state: ReviewState) -> str:
    words = "ready" if state.is_ready else state.name
    if state.changes.violations:
        words = f"{len(state.changes.violations)} broken rules"
    elif state.undecided:
        words = f"may be the same as {', '.join(likely.case for likely in state.duplicates)}"
    elif not state.is_ready:
        words = "waits for a check"
    return format_html(
        '<p><a href="{}">{}</a>: {}</p>',
        reverse("admin:publishing_record", args=state.root),
        state.root.public_id,
        words,
    )


def _sayings(work: Callable[[Say], None]) -> Iterator[str]:
    """What the work says while it goes on in a thread; the last of it is how it ended."""
    queue: SimpleQueue[str | None] = SimpleQueue()

    def run() -> None:
        try:
            work(queue.put)
        except (NotAllowedError, RulesBrokenError) as error:
            queue.put(format_html('<p class="errornote">{}</p>', str(error)))
        except OperationalError as error:
            queue.put(
                '<p class="errornote">The database stopped to answer. Look whether it was '
                "published before you try again.</p>"
                if router.is_down(error)
                else '<p class="errornote">Somebody saved one of these records just now. '
                "Nothing was published; try again.</p>"
            )
        except BaseException:
            queue.put('<p class="errornote">It failed, and nothing was published.</p>')
            raise
        finally:
            connection.close()
            queue.put(None)

    Thread(target=run, name="publishing").start()
    while (said := queue.get()) is not None:
        yield said


def _framed(frame: str, sayings: Iterator[str]) -> Iterator[str]:
    before, _, after = frame.partition("<!-- here -->")
    yield before
    yield from sayings
    yield after

"""Between Granian and the WSGI application: a slow client holds no thread.

Granian's own adapters let a thread wait for the body of a request and for a client that reads its
file slowly, so a few silent clients would stop a worker. Here Granian calls `handle` in its one
Python thread for each request, and `handle` never waits: cached responses are sent at once, all
others are computed by a few threads (`lanes.py`), and bodies and files travel by the event loop,
with deadlines.

It is a scheduler of Granian in place of the one for coroutines, see decision record 0032.
"""

import asyncio
import logging
import os
import socket
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO, Any

import granian.server.mp
from django.http import FileResponse
from granian._granian import CallbackScheduler

from casesapi.http import proxies
from casesapi.http.request_log import Application, Environ
from casesapi.server.lanes import Job, Lane, Lanes, TooManyAtOnceError
from casesapi.server.wsgi_environ import (
    ENCODED,
    FOUND,
    REFUSAL,
    EncodedHeaders,
    Headers,
    Refusal,
    encoded,
    environment,
    takes_body,
)

# Bytes of a body; it may be a workbook.
MAX_BODY = 50_000_000
# Bytes of a body or a file that stay in memory.
IN_MEMORY = 1_000_000
# Seconds that the body of a request may take altogether.
BODY_TIMEOUT = 60
# Seconds in which a client must take one block of a response.
BLOCK_TIMEOUT = 30
BLOCK = 1 << 16
# Bytes a second below which a response is broken off, after BLOCK_TIMEOUT.
SLOWEST = 20_000
# Bodies and files on their way in one worker, and how many of them one client may have.
MAX_BODIES, MAX_BODIES_PER_CLIENT = 20, 4
MAX_SENDS, MAX_SENDS_PER_CLIENT = 500, 50
# Larger responses are sent in blocks, so that a client that does not read holds little memory.
WHOLE = 4 * BLOCK

START, BODY = "http.response.start", "http.response.body"

# Threads for cached responses, where a store must be asked to count a request.
MEMORY_THREADS = 2
# Seconds after which a thread or a slot is likely to be free.
COMPUTED_SOON, SENT_SOON = 2, 5
LATE = Refusal(
    503, "busy", "Too many requests are waiting. Try again in a few seconds.", COMPUTED_SOON
)

_log = logging.getLogger(__name__)


class BusyError(Exception):
    """No slot is free."""


class TooLargeError(Exception):
    """A body is larger than MAX_BODY."""


class Gateway:
    def __init__(
        self,
        application: Application,
        refused: Application,
        knows: Callable[[Environ], bool],
        lane_of: Callable[[Environ], str],
        lanes: Lanes,
        *,
        counts_elsewhere: bool = False,
    ) -> None:
        """refused: answers with the `Refusal` in the environment. knows: whether the response to a
        request is cached. counts_elsewhere: even then, another process is asked, so the request
        must not be answered in Granian's thread."""
        self._application, self._refused = application, refused
        self._knows, self._lane_of, self._lanes = knows, lane_of, lanes
        self._memory = Lane("memory", MEMORY_THREADS) if counts_elsewhere else None
        self._loop: AbstractEventLoop | None = None
        self._bodies = Slots(MAX_BODIES, MAX_BODIES_PER_CLIENT)
        self._sends = Slots(MAX_SENDS, MAX_SENDS_PER_CLIENT)

    def install(self) -> None:
        """Makes Granian call `handle`, in this worker process."""
        gateway = self

        class Scheduler(CallbackScheduler):
            def __init__(self, loop: AbstractEventLoop, *_: object) -> None:
                super().__init__()
                gateway._loop = loop
                self._schedule_fn = gateway.handle
                # The loop runs when the server listens.
                loop.call_soon(end_unread_connections)

        def scheduler(loop: AbstractEventLoop, callback: object, **_: object) -> Scheduler:
            return Scheduler(loop, callback, None, None, None)

        granian.server.mp._new_cbscheduler = scheduler  # type: ignore[assignment,attr-defined]

    def handle(self, watcher: Any) -> None:
        """Answer one request or pass it on. Never raises: Granian could not cope with that."""
        try:
            scope, proto = watcher.scope, watcher.proto
            environ = environment(scope)
            if takes_body(environ):
                self._spawn(self._receive(environ, proto))
            elif not self._knows(environ):
                self._compute(environ, proto)
            elif self._memory:
                # A publication may replace it while the request waits.
                environ.pop(FOUND, None)
                self._memory.put(proxies.network(environ), self._job(environ, proto))
            else:
                self._answer(environ, proto)
        except Exception:
            _log.exception("a request failed before it reached the application")

    def _compute(self, environ: Environ, proto: Any) -> None:
        """Lets a request be answered by a thread of its lane."""
        try:
            job = self._job(environ, proto)
            self._lanes.put(self._lane_of(environ), proxies.network(environ), job)
        except TooManyAtOnceError:
            detail = (
                f"{self._lanes.most_per_client} requests of this client are pending. Wait for one"
                " of them before you send the next."
            )
            refusal = Refusal(429, "too_many_at_once", detail, COMPUTED_SOON)
            self._refuse(environ, proto, refusal)

    def _job(self, environ: Environ, proto: Any) -> Job:
        return Job(
            compute=partial(self._answer, environ, proto),
            give_up=partial(self._refuse, environ, proto, LATE),
        )

    def _spawn(self, work: Any) -> Any:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _receive(self, environ: Environ, proto: Any) -> None:
        """Reads the body, then lets the request be computed."""
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        try:
            with self._bodies.taken(environ):
                async with asyncio.timeout(BODY_TIMEOUT):
                    size = await _read(proto, body)
        except BusyError:
            detail = "Too many uploads are running. Try again in a moment."
            refusal = Refusal(503, "busy", detail, SENT_SOON)
        except TimeoutError:
            detail = f"The body of the request took longer than {BODY_TIMEOUT} seconds."
            refusal = Refusal(408, "too_slow", detail)
        except TooLargeError:
            detail = f"The body of the request has more than {MAX_BODY:,} bytes."
            refusal = Refusal(413, "too_large", detail)
        except ConnectionError:
            # The client has gone, but without a response Granian would report a failure.
            refusal = Refusal(400, "incomplete", "The body of the request is incomplete.")
        except OSError:
            detail = "There is no room for uploads at the moment."
            refusal = Refusal(503, "disk_full", detail, retry_after=60)
        else:
            body.seek(0)
            environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(size)}
            self._compute(environ, proto)
            return
        body.close()
        self._refuse(environ, proto, refusal)

    def _refuse(self, environ: Environ, proto: Any, refusal: Refusal) -> None:
        environ[REFUSAL] = refusal
        # Those of a response that is not sent.
        environ.pop(ENCODED, None)
        self._answer(environ, proto, self._refused)

    def _answer(self, environ: Environ, proto: Any, application: Application | None = None) -> None:
        """Runs the application in this thread."""
        said: list[Any] = []

        def start(status: str, headers: Headers, *failure: Any) -> None:
            said[:] = status, headers

        try:
            body = (application or self._application)(environ, start)
            self._send(environ, proto, said[0], said[1], body)
        except Exception:
            _log.exception("a request failed outside of the application")
            _fail(proto)
        finally:
            environ["wsgi.input"].close()

    def _send(
        self, environ: Environ, proto: Any, status: str, headers: Headers, body: Iterable[bytes]
    ) -> None:
        if environ["REQUEST_METHOD"] == "HEAD":
            _close(body)
            body = [b""]
        if type(body) is list:  # of a cached response
            self._send_whole(environ, proto, status, headers, b"".join(body))
        elif isinstance(body, FileResponse):
            self._spawn(self._stream(environ, proto, status, headers, body))
        elif getattr(body, "streaming", False):
            # The progress of an editor's import or publication, which runs in this thread.
            self._stream_while_computed(proto, status, headers, body)
        else:
            block = b"".join(body)
            _close(body)
            self._send_whole(environ, proto, status, headers, block)

    def _send_whole(
        self, environ: Environ, proto: Any, status: str, headers: Headers, block: bytes
    ) -> None:
        if len(block) > WHOLE:
            self._spawn(self._stream(environ, proto, status, headers, _blocks(block)))
        else:
            _start(proto, status, headers, environ.get(ENCODED))
            proto.send({"type": BODY, "body": block})

    async def _stream(
        self, environ: Environ, proto: Any, status: str, headers: Headers, blocks: Iterable[bytes]
    ) -> None:
        """Sends blocks that are there already, no faster than the client reads them."""
        try:
            with self._sends.taken(environ):
                _start(proto, status, headers)
                until = asyncio.get_running_loop().time() + BLOCK_TIMEOUT
                for block in blocks:
                    until += len(block) / SLOWEST
                    async with asyncio.timeout(BLOCK_TIMEOUT), asyncio.timeout_at(until):
                        await proto.send({"type": BODY, "body": block, "more_body": True})
                proto.send({"type": BODY, "body": b""})
        except BusyError:
            detail = "Too many downloads are running. Try again in a moment."
            self._refuse(environ, proto, Refusal(503, "busy", detail, SENT_SOON))
        except TimeoutError:
            # The response is shorter than its Content-Length, so the client knows.
            _log.info("a client reads too slowly")
        except Exception:
            _log.exception("a response broke off")
        finally:
            _close(blocks)

    def _stream_while_computed(
        self, proto: Any, status: str, headers: Headers, blocks: Iterable[bytes]
    ) -> None:
        try:
            _start(proto, status, headers)
            for block in blocks:
                message = {"type": BODY, "body": block, "more_body": True}
                self._spawn(_awaited(proto.send, message)).result(BLOCK_TIMEOUT)
            proto.send({"type": BODY, "body": b""})
        finally:
            _close(blocks)


class Slots:
    """How many things may be on their way, in all and for one client."""

    def __init__(self, most: int, most_per_client: int) -> None:
        self._most, self._most_per_client = most, most_per_client
        self._taken: Counter[str | None] = Counter()
        self._lock = Lock()

    @contextmanager
    def taken(self, environ: Environ) -> Iterator[None]:
        """BusyError if all are taken."""
        client = proxies.network(environ)
        with self._lock:
            if self._taken.total() >= self._most or self._taken[client] >= self._most_per_client:
                raise BusyError
            self._taken[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[client] -= 1
                if not self._taken[client]:
                    del self._taken[client]


def end_unread_connections() -> None:
    """Lets the kernel close connections whose client takes no byte for BLOCK_TIMEOUT: a response
    of one block waits in no coroutine of ours. Sockets inherit it from the one that listens."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None:  # not Linux
        return
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        # Neither closed here nor duplicated: a duplicate of a locked file would keep the lock.
        with suppress(OSError):
            found = socket.socket(fileno=descriptor)
            try:
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.setsockopt(socket.IPPROTO_TCP, option, BLOCK_TIMEOUT * 1_000)
            finally:
                found.detach()


def _fail(proto: Any) -> None:
    """Answers without any application, of which one has failed."""
    with suppress(RuntimeError):  # a response has begun already
        _start(proto, "500", [("Content-Length", "0"), ("Cache-Control", "no-store")])
        proto.send({"type": BODY, "body": b""})


def _start(proto: Any, status: str, headers: Headers, begin: EncodedHeaders | None = None) -> None:
    """begin: the first of the headers, if they are encoded already."""
    given = [*begin, *encoded(headers[len(begin) :])] if begin else encoded(headers)
    proto.send({"type": START, "status": int(status[:3]), "headers": given})


async def _awaited(call: Callable[..., Any], *given: Any) -> Any:
    return await call(*given)


async def _read(proto: Any, body: IO[bytes]) -> int:
    """Writes the body of a request to a file; its bytes."""
    size = 0
    while True:
        message = await proto.receive()
        if message["type"] != "http.request":
            raise ConnectionError
        size += len(message["body"])
        if size > MAX_BODY:
            raise TooLargeError
        body.write(message["body"])
        if not message["more_body"]:
            return size


def _blocks(whole: bytes) -> Iterator[bytes]:
    return (whole[at : at + BLOCK] for at in range(0, len(whole), BLOCK))


def _close(body: Any) -> None:
    if close := getattr(body, "close", None):
        close()

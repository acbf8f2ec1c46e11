"""`make serve`: the database, its tables, the data, and an HTTP server, in one command."""

import errno
import gc
import http.client
import ipaddress
import logging
import multiprocessing
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from environs import Env
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer

from cases.management import interrupts
from casesapi import deployment

CORES = os.cpu_count() or 1
# Connections that clients may keep open to one worker, and what it opens beside them.
MOST_CONNECTIONS, FILES = 10_000, 200
# Seconds that a connection may wait for a request, or for the end of its headers.
IDLE_TIMEOUT = 30
# Seconds that a request may go on after a stop was asked for.
GRACE = 10
# Seconds that a worker waits for a database before it answers without one.
PATIENCE = 5
# Seconds between two questions whether it answers already: the first and the longest.
SHORT_PAUSE, LONG_PAUSE = 0.05, 2.0
# Where the workers of one server count together: in memory, where there is such a folder, so that
# nobody else's files can take the room. Bytes of one file; what it counts is known beforehand.
METRICS_FOLDER, METRICS_BYTES = "PROMETHEUS_MULTIPROC_DIR", 1 << 20
SHARED_MEMORY = "/dev/shm"  # nosec B108


class Command(BaseCommand):
    help = "Start the database, load the data and serve the API (HOST, PORT, WORKERS)."

    def execute(self, *args: Any, **options: Any) -> str | None:
        # Before Django's checks, which import every view.
        interrupts.end_at_once_when_told()
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        begin = time.monotonic()
        env = Env()
        host = env.str("HOST", "127.0.0.1")
        port = env.int("PORT", 8000)
        workers = env.int("WORKERS", min(CORES, 4))
        if settings.DEBUG and host not in deployment.LOOPBACK:
            raise CommandError(
                f"DEBUG shows the inside of the program, and HOST={host} lets others see it: leave "
                "one of them unset."
            )
        demand_free_port(host, port)
        # It imports the models, which a worker that imports this module has not set up yet.
        from cases.management.starting import prepare

        reported = prepare(self.stdout, self.stderr)
        for line in reported:
            self.stderr.write(line)
        connections.close_all()
        interrupts.interrupt_when_told()
        with suppress(KeyboardInterrupt), shared_figures():
            self.serve(host, port, workers, begin, reported[:1])

    def serve(
        self, host: str, port: int, workers: int, begin: float, notes: Sequence[str] = ()
    ) -> None:
        """notes: what the operator must not miss, each a line."""
        # A forked worker would inherit the threads' locks and our place among the database's users.
        multiprocessing.set_start_method("spawn", force=True)
        server = interrupts.Server(
            "casesapi.wsgi:application",
            address=host,
            port=port,
            # Without its lifespan; the gateway makes WSGI of it.
            interface=Interfaces.ASGINL,
            # Streams of HTTP/2 have buffers that nothing bounds; proxies speak HTTP/1.1 inside.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=IDLE_TIMEOUT * 1_000),
            websockets=False,
            workers=workers,
            backpressure=connections_per_worker(),
            workers_kill_timeout=GRACE,
            # One that was killed, for example for its memory.
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
            log_dictconfig=settings.LOGGING,
        )
        end_with_terminal(server)
        ended = threading.Event()
        threading.Thread(
            target=self.announce, args=(reachable(host), port, begin, notes, ended), daemon=True
        ).start()
        try:
            server.serve(target_loader=load_worker, wrap_loader=False)
        finally:
            ended.set()

    def announce(
        self, host: str, port: int, begin: float, notes: Sequence[str], ended: threading.Event
    ) -> None:
        """Print where the server answers, as soon as it does."""
        pause = SHORT_PAUSE
        while not answers(host, port):
            if ended.wait(pause):
                return
            pause = min(pause * 1.25, LONG_PAUSE)
        origin = f"http://{in_url(host)}:{port}"
        if settings.PUBLIC:
            names = ", ".join(settings.ALLOWED_HOSTS)
            addresses = f"    {origin}   for your proxy, as {names}\n"
        else:
            addresses = f"    {origin}/          pages\n    {origin}/api/v1/   the API\n"
        self.stdout.write(
            f"\n  Cases API answers after {time.monotonic() - begin:.1f} seconds\n\n"
            + addresses
            + "".join(f"\n  {note}\n" for note in notes)
            + "\n  Stop it with Ctrl-C.\n"
        )
        self.stdout.flush()


def connections_per_worker() -> int:
    """How many a worker keeps open at a time. Most are idle and take next to nothing, but each
    takes a file, and those over the limit would wait for an idle one to end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_CONNECTIONS + FILES
    if soft != resource.RLIM_INFINITY and soft < files:
        soft = files if hard == resource.RLIM_INFINITY else min(files, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return soft - FILES
    return MOST_CONNECTIONS


@contextmanager
def shared_figures() -> Iterator[None]:
    """A folder in which the workers count, so that /metrics of each one tells of all."""
    memory = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
    with TemporaryDirectory(prefix="cases-api-metrics-", dir=memory) as folder:
        os.environ[METRICS_FOLDER] = folder
        yield


def reserve_metrics() -> None:
    """Makes the files in which this worker counts, whole: a file with holes on a full disk ends the
    process that writes into it. Where there is no room, the worker counts by itself."""
    if METRICS_FOLDER not in os.environ or not hasattr(os, "posix_fallocate"):  # not Linux
        return
    try:
        for kind in ("counter", "histogram"):
            path = os.path.join(os.environ[METRICS_FOLDER], f"{kind}_{os.getpid()}.db")
            with open(path, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, METRICS_BYTES)
    except OSError as error:
        logging.getLogger(__name__).warning("Metrics of this worker are its own: %s", error)
        del os.environ[METRICS_FOLDER]


def demand_free_port(host: str, port: int) -> None:
    """Granian shares its port with whoever listens there already; a person wants to be told."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            # Connections of a server that just ended don't count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CommandError(f"Can't listen on {host} port {port}: {error.strerror}.") from None
        raise CommandError(
            f"Port {port} is in use by another program. Choose another: PORT={port + 1} make serve"
        ) from None


def reachable(host: str) -> str:
    """Where this machine finds a server that listens on `host`, which may mean all addresses."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def answers(host: str, port: int) -> bool:
    """Whether a worker is alive. It is asked directly, whatever proxy the environment names, and at
    an address that is neither redirected to HTTPS nor counted."""
    # A name that it knows. A pattern such as .example.org includes example.org.
    name = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else "localhost"
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health/live", headers={"Host": name})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def end_with_terminal(server: AbstractServer[Any]) -> None:
    """Granian reloads on a hang-up and would outlive its terminal. Under nohup it shall."""
    nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN

    @server.on_startup  # by then it has set its own
    def _() -> None:
        as_stop = signal.getsignal(signal.SIGTERM)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if nohup else as_stop)


def load_worker() -> Callable[..., Any]:
    """What each worker process runs first."""
    interrupts.leave_terminal()
    threading.Thread(target=_end_with_server, daemon=True).start()
    reserve_metrics()
    from django.urls import get_resolver

    from casesapi.wsgi import application, cached, refusals  # first, as it sets Django up
    from cases.edge.latest import watch  # isort: skip
    from cases.edge.ratelimit.costs import THREADS, lane_of  # isort: skip
    from casesapi.server.gateway import Gateway
    from casesapi.server.lanes import Lanes

    # The first request shall find out neither who is down nor what is the newest.
    watch.start()
    ready = time.monotonic() + PATIENCE
    while watch.known() is None and time.monotonic() < ready:
        time.sleep(0.01)
    _ = get_resolver().url_patterns
    # What is loaded by now stays for ever; looking through it again and again made some answers
    # wait.
    gc.collect()
    gc.freeze()
    lanes = Lanes(THREADS, settings.COMPUTED_AT_ONCE)
    gateway = Gateway(
        application,
        refusals,
        cached.knows,
        lane_of,
        lanes,
        counts_elsewhere=bool(settings.CACHE_URL),
    )
    gateway.install()
    return application


def _end_with_server() -> None:
    server = multiprocessing.parent_process()
    assert server
    server.join()
    os.kill(os.getpid(), signal.SIGKILL)

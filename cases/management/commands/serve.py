"""`make serve`: the database, its tables, the data, and an HTTP server, in one command."""

import errno
import gc
import multiprocessing
import os
import resource
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections
from environs import Env
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.common import AbstractServer

from cases.api.quotas.turns import THREADS
from casesapi import deployment, reading, replicas
from casesapi.state import CHECKOUT

CORES = os.cpu_count() or 1
# Connections that clients may keep open to one worker, and what it opens beside them.
MOST_CONNECTIONS, FILES = 10_000, 200
# Seconds that a request may go on after a stop was asked for.
GRACE = 10
# Seconds that a worker waits for a database before it answers without one.
PATIENCE = 5
# Any number: what two starts at once must agree on.
PREPARING = 726_001


class Command(BaseCommand):
    help = "Start the database, load the data and serve the API (HOST, PORT, WORKERS)."

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
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            self.prepare()
            connections.close_all()
            with shared_figures():
                self.serve(host, port, workers, begin)
        except KeyboardInterrupt:
            pass

    def prepare(self) -> None:
        """The tables and the data; replicas have them already."""
        try:
            with only_one_at_a_time():
                call_command("migrate", verbosity=0, interactive=False)
                call_command("load_dataset", str(CHECKOUT / "fixtures"))
        except DatabaseError as error:
            if not (replicas.replicas() and reading.is_down(error)):
                raise
            self.stderr.write(f"The primary does not answer, only replicas are read: {error}")

    def serve(self, host: str, port: int, workers: int, begin: float) -> None:
        # A forked worker would inherit the threads' locks and our place among the database's users.
        multiprocessing.set_start_method("spawn", force=True)
        server = Granian(
            "casesapi.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            backpressure=connections_per_worker(),
            workers_kill_timeout=GRACE,
            # One that was killed, for example for its memory.
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
            log_dictconfig=settings.LOGGING,
        )
        end_with_terminal(server)
        url = f"http://{reachable(host)}:{port}/"
        threading.Thread(target=self.announce, args=(url, begin), daemon=True).start()
        server.serve(target_loader=load_worker, wrap_loader=False)

    def announce(self, url: str, begin: float) -> None:
        while not answers(f"{url}api/v1/"):
            time.sleep(0.05)
        self.stdout.write(
            f"\n  Cases API answers after {time.monotonic() - begin:.1f} seconds\n\n"
            f"    {url}          pages\n"
            f"    {url}api/v1/   the API\n\n"
            "  Stop it with Ctrl-C.\n"
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
    with TemporaryDirectory(prefix="cases-api-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


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


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Hold off other starts on the same database: two migrations at once would collide."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])


def reachable(host: str) -> str:
    """What to put in a URL for `host`: "all addresses" is none that one can call."""
    # It binds to nothing.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # nosec B104
    return f"[{host}]" if ":" in host else host


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()  # nosec B310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
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
    # A Ctrl-C is for the server, which tells its workers; they would seem to have crashed.
    os.setpgrp()
    threading.Thread(target=_end_with_server, daemon=True).start()
    from django.urls import get_resolver

    from casesapi.wsgi import application  # first, as it sets Django up
    from cases.api.caching.head import watch  # isort: skip

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
    return application


def _end_with_server() -> None:
    server = multiprocessing.parent_process()
    assert server
    server.join()
    os.kill(os.getpid(), signal.SIGKILL)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt

"""Ctrl-C during a start: it ends everything at once, and prints nothing."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from granian.server.mp import MPServer

CTRL_C = {signal.SIGINT}


def end_at_once_when_told(code: int = 0) -> None:
    """Let Ctrl-C and SIGTERM end this process, unless it was told to ignore them.

    No KeyboardInterrupt: raised within an import or a destructor, it is printed and forgotten. What
    a start leaves behind needs nobody: PostgreSQL rolls back, and the embedded one has its keeper.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: os._exit(code))


def interrupt_when_told() -> None:
    """Let Ctrl-C and SIGTERM raise KeyboardInterrupt."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


class Server(MPServer):
    """Granian, whose workers never see a Ctrl-C. It is for the server, which tells its workers;
    they would print where they were interrupted, and seem to have crashed."""

    def _spawn_workers(self, *args: Any, **options: Any) -> None:
        # Launching it makes way for Ctrl-C again, so it must run before.
        resource_tracker.ensure_running()
        with _ctrl_c_waits():
            super()._spawn_workers(*args, **options)  # type: ignore[no-untyped-call]

    def _respawn_workers(self, *args: Any, **options: Any) -> None:
        with _ctrl_c_waits():
            super()._respawn_workers(*args, **options)


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """A process that is launched meanwhile is never interrupted, not even before its first line."""
    signal.pthread_sigmask(signal.SIG_BLOCK, CTRL_C)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, CTRL_C)


def leave_terminal() -> None:
    """In a worker: from here on, a Ctrl-C in the terminal of the server does not reach it."""
    os.setpgrp()
    # One that came before is forgotten.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, CTRL_C)

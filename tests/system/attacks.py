"""Clients that mean harm: bounded in number and time, against servers of the tests only."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.waiting import WAIT_TIMEOUT, until

# A client that reads no more than this before it stalls, in bytes.
SMALL_BUFFER = 4_096
# Seconds that another client may wait. A thread that is held is free after 30 at the earliest.
BEARABLE = 10
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@contextmanager
def clients(
    port: int,
    requests: list[str],
    host: str = "localhost",
    wrap: Any = None,
    source: str = "127.0.0.1",
) -> Iterator[list[socket.socket]]:
    """One connection for each request, which is sent and of which nothing is read.

    requests: everything but the Host header. wrap: makes TLS of a connected socket. source: the
    address of the client.
    """
    with ExitStack() as stack:
        connected = []
        for request in requests:
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
            client.settimeout(WAIT_TIMEOUT)
            client.bind((source, 0))
            client.connect(("127.0.0.1", port))
            if wrap:
                client = wrap(client)
            stack.enter_context(client)
            line, _, rest = request.partition("\r\n")
            client.sendall(f"{line}\r\nHost: {host}\r\n{rest}".encode())
            connected.append(client)
        yield connected


def hold_up_nobody(
    attack: Callable[[], AbstractContextManager[Any]],
    ask: Callable[[], object],
    output: Callable[[], str] = lambda: "",
) -> None:
    """Until others were answered eight times in a row while an attack went on.

    Where a thread is held, no attempt succeeds. Where the machine is only busy, one does.
    """

    def answered() -> bool:
        with attack():
            for _ in range(8):
                begin = time.monotonic()
                ask()
                if time.monotonic() - begin > BEARABLE:
                    return False
        return True

    until(answered, "others are answered during an attack", output)


def silent_post(path: str) -> str:
    """A request whose body never comes."""
    return f"POST {path} HTTP/1.1\r\n{FORM}Content-Length: 100\r\n\r\n"


def download(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\n\r\n"


def enlarge(kept: Path, size: int) -> None:
    """Makes each kept export as large as those of a large dataset; it reads as zeros.

    kept: EXPORT_CACHE_DIR of a server that was asked for them once.
    """
    found = list(kept.glob("*/*.*.*"))
    assert found, "no export is kept"
    for file in found:
        with file.open("r+b") as handle:
            handle.truncate(size)

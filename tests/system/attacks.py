"""Clients that mean harm: bounded in number and time, against servers of the tests only."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

# A client that reads no more than this before it stalls, in bytes.
SMALL_BUFFER = 4_096
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@contextmanager
def clients(
    port: int, requests: list[str], host: str = "localhost", wrap: Any = None
) -> Iterator[list[socket.socket]]:
    """One connection for each request, which is sent and of which nothing is read.

    requests: everything but the Host header. wrap: makes TLS of a connected socket.
    """
    with ExitStack() as stack:
        connected = []
        for request in requests:
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
            client.settimeout(30)
            client.connect(("127.0.0.1", port))
            if wrap:
                client = wrap(client)
            stack.enter_context(client)
            line, _, rest = request.partition("\r\n")
            client.sendall(f"{line}\r\nHost: {host}\r\n{rest}".encode())
            connected.append(client)
        yield connected


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

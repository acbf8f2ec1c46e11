"""What readers wait for while one client spends its whole quota on the costliest requests.

    python -m tests.bench.beside [--cases 100000] [--seconds 120] [--write] [--keep FOLDER]

A server of two workers, as it is behind a proxy, with the quotas of a public one. Two readers ask
without a pause, one for an answer that is in memory, the other for records that have to be
computed: first alone, then while one client sends its costliest requests over many connections and
goes on as soon as its quota allows. --write: the table into docs/performance.md, between its marks.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count, cycle
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from casesapi.postgres import embedded
from tests.bench import page
from tests.bench.cost import QUOTA, addresses
from tests.bench.speed import heading
from tests.system.processes import Process, free_port

BEGIN, END = "<!-- beside -->", "<!-- end of beside -->"
CACHED = "/api/v1/cases/"
# Milliseconds in which 99 of 100 are answered beside such a client.
WANTED = {"out of memory": 50, "computed records": 250}
CONNECTIONS = 10
COSTLY = ("facets", "search", "chart", "page")


class Times(NamedTuple):
    """Milliseconds of each answer, by what was read; `refused`: any that was not 200."""

    by_reader: dict[str, list[float]]
    refused: int


def main() -> None:
    options = _options()
    state = options.keep or Path(tempfile.mkdtemp(prefix="cases-api-bench-"))
    state.mkdir(exist_ok=True)
    state.chmod(0o711)
    os.environ["CASES_STATE_DIR"] = str(state)
    os.environ["DJANGO_SETTINGS_MODULE"] = "casesapi.settings"
    try:
        alone, beside, spent = _measured(options, state)
    finally:
        embedded.server().leave()
        if not options.keep:
            shutil.rmtree(state, ignore_errors=True)
    lines = _table(options, alone, beside, spent)
    print("\n".join(lines))
    if options.write:
        page.write(BEGIN, END, "\n".join(lines))
    slow = [name for name, most in WANTED.items() if _p99(beside.by_reader[name]) > most]
    sys.exit(bool(slow or alone.refused or beside.refused))


def _measured(options, state: Path) -> tuple[Times, Times, int]:
    # Django and all that needs it only now: the settings read the environment.
    from tests.bench.contenders import servers

    servers.prepare(options.cases, working_copy=False)
    from cases.models import PublishedCase

    costly = [one for kind in COSTLY for one in addresses(servers)[kind]]
    # Each is asked for once, so that none is in memory.
    records = iter(
        PublishedCase.objects.current().order_by("?").values_list("public_id", flat=True)
    )
    with _serving(state) as port:
        _read(port, records, 3)  # what the first requests pay for
        alone = _read(port, records, options.seconds / 4)
        with _spending(port, costly) as answered:
            beside = _read(port, records, options.seconds)
        return alone, beside, len(answered)


def _read(port: int, records: Iterator[str], seconds: float) -> Times:
    numbers, refused = count(), []
    until = time.monotonic() + seconds

    def read(addresses: Iterator[str]) -> list[float]:
        found = []
        while time.monotonic() < until:
            # Each reader stays below the quota.
            reader = f"203.0.113.{next(numbers) // 100 % 250}"
            began = time.perf_counter()
            status, _ = _ask(port, next(addresses), reader)
            found.append(1_000 * (time.perf_counter() - began))
            if status != 200:
                refused.append(status)
            time.sleep(0.02)
        return found

    with ThreadPoolExecutor(2) as pool:
        readers = {
            "out of memory": pool.submit(read, cycle([CACHED])),
            "computed records": pool.submit(read, (f"{CACHED}{id}/" for id in records)),
        }
        return Times({name: one.result() for name, one in readers.items()}, len(refused))


@contextmanager
def _spending(port: int, costly: list[str]) -> Iterator[list[int]]:
    """One client that asks for the costliest for as long as the block goes on; its answers."""
    stop, answered = threading.Event(), []
    turns = cycle(costly)
    lock = threading.Lock()

    def spend() -> None:
        while not stop.is_set():
            with lock:
                address = next(turns)
            status, wait = _ask(port, address, "198.51.100.1")
            if status == 200:
                answered.append(status)
            stop.wait(wait)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        spenders = [pool.submit(spend) for _ in range(CONNECTIONS)]
        try:
            yield answered
        finally:
            stop.set()
        for one in spenders:
            one.result()


def _ask(port: int, address: str, client: str) -> tuple[int, float]:
    """The status, and for how many seconds the client should wait."""
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", address, headers={"X-Forwarded-For": client})
        answer = connection.getresponse()
        answer.read()
        return answer.status, float(answer.headers["Retry-After"] or 0)
    finally:
        connection.close()


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def _table(options, alone: Times, beside: Times, spent: int) -> list[str]:
    lines = [
        f"{heading(options).partition(', 1 rounds')[0]}, two workers; one client got {spent} of the"
        f" costliest answers in {options.seconds} seconds, over {CONNECTIONS} connections.",
        "",
        "| milliseconds until an answer | alone: half | 99 % | beside: half | 99 % | wanted |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, most in WANTED.items():
        cells = [
            f"{what(each.by_reader[name]):.1f}"
            for each in (alone, beside)
            for what in (median, _p99)
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {most} |")
    return lines


@contextmanager
def _serving(state: Path) -> Iterator[int]:
    from tests.bench.contenders import servers

    port = free_port()
    command = ("-W", "ignore", "-m", "tests.bench.contenders.own", str(port), "2")
    with Process(state, *command, PROXIES="1", QUOTA_ANONYMOUS=f"{QUOTA}/minute"):
        servers.wait(port, "/health/live")
        yield port


def _options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", type=Path)
    found = parser.parse_args()
    found.rounds = 1  # for the heading of the table
    return found


if __name__ == "__main__":
    main()

"""`make load`: mixed traffic at 80 % of what the server can do, for half an hour.

Readers ask for new and for known things: pages and records that many ask for, filters and searches
that nobody asked for before, facets, changes, and files. Each request has its moment, whether the
one before was answered or not, so a server that stalls is not asked less, and the time is counted
from that moment.
"""

import argparse
import http.client
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.system.processes import Server
from tests.waiting import WAIT_TIMEOUT

THREADS = 8
SHARE = 0.8
# Of requests, in percent.
MIX = {
    "known": 60,
    "record": 15,
    "filtered": 15,
    "searched": 5,
    "facets": 2,
    "changes": 2,
    "file": 1,
}
KNOWN = ("", "cases/", "cases/?region=KZ", "statistics/", "publications/", "formations/", "docs/")
LETTERS = "абвгдежзиклмнопрстуabcdefghiklmnoprstu"


class Found(NamedTuple):
    """rate: answers a second. p50, p99, slowest: seconds from the moment a request was due.
    failed: by status, or what broke; 503 is one too. memory: MB of the whole server, before and
    after."""

    answers: int
    rate: float
    p50: float
    p99: float
    slowest: float
    failed: dict[str, int]
    memory: tuple[float, float]

    def __str__(self) -> str:
        before, after = self.memory
        return (
            f"{self.answers:,} answers, {self.rate:,.0f} a second; median {1000 * self.p50:.1f} ms,"
            f" p99 {1000 * self.p99:.1f} ms, slowest {1000 * self.slowest:.0f} ms;"
            f" failed: {self.failed or 'none'}; memory {before:.0f} MB, then {after:.0f} MB"
        )


def address(chance: random.Random) -> str:
    [kind] = chance.choices([*MIX], [*MIX.values()])
    country = chance.choice(["KZ", "UZ", "KG"])
    number = chance.randint(1, 9)
    return (
        "/api/v1/"
        + {
            "known": chance.choice(KNOWN),
            "record": f"cases/{country}-000{number % 4 + 1}/",
            "filtered": f"verdicts/?region={country}&page_size={chance.randint(1, 200)}"
            f"&sentence_months_max={chance.randint(1, 400)}",
            "searched": f"defendants/?q={''.join(chance.choices(LETTERS[19:], k=4))}",
            "facets": f"cases/facets/?by=region&opened_after=20{chance.randint(10, 25)}",
            "changes": "changes/?since=0",
            "file": f"statistics/?format={chance.choice(['csv', 'ndjson'])}",
        }[kind]
    )


def run(server: psutil.Process, port: int, seconds: float, rate: float | None) -> Found:
    """Asks for so long. rate: requests a second; null = as many as it can."""
    begin, lock = time.monotonic(), threading.Lock()
    due = iter(range(10**9))
    times: list[float] = []
    failed: dict[str, int] = {}

    def ask(seed: int) -> None:
        chance = random.Random(seed)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_TIMEOUT)
        own: list[float] = []
        while True:
            with lock:
                number = next(due)
            moment = begin + number / rate if rate else time.monotonic()
            if moment > begin + seconds:
                break
            time.sleep(max(0.0, moment - time.monotonic()))
            wrong = ""
            try:
                connection.request("GET", address(chance))
                answer = connection.getresponse()
                answer.read()
                # An id that there is not is answered too.
                wrong = "" if answer.status in (200, 308, 404, 410) else str(answer.status)
            except (OSError, http.client.HTTPException) as error:
                wrong = type(error).__name__
                connection.close()
            own.append(time.monotonic() - moment)
            if wrong:
                with lock:
                    failed[wrong] = failed.get(wrong, 0) + 1
        connection.close()
        with lock:
            times.extend(own)

    before = memory(server)
    threads = [threading.Thread(target=ask, args=[seed]) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    took = time.monotonic() - begin
    return Found(
        answers=len(times),
        rate=len(times) / took,
        p50=times[len(times) // 2],
        p99=times[len(times) * 99 // 100],
        slowest=times[-1],
        failed=failed,
        memory=(before, memory(server)),
    )


def memory(server: psutil.Process) -> float:
    """MB of the server and its workers, without its database."""
    return sum(p.memory_info().rss for p in (server, *server.children(recursive=True))) / 1e6


def capacity(server: psutil.Process, port: int, seconds: float) -> float:
    """Requests a second, of a server that has warmed up."""
    run(server, port, seconds, None)
    return run(server, port, seconds, None).rate


def main() -> None:
    parser = argparse.ArgumentParser(description="Mixed traffic at 80 % of capacity.")
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    state = Path(tempfile.mkdtemp(prefix="cases-api-load-"))
    state.chmod(0o711)
    workers = str(min(os.cpu_count() or 1, 4))
    with Server(state, WORKERS=workers, QUOTA_ANONYMOUS="9000000/minute").started() as process:
        server, port = psutil.Process(process.pid), process.port
        most = capacity(server, port, 10)
        print(f"Capacity: {most:,.0f} requests a second, load generator included", flush=True)
        found = run(server, port, 60 * minutes, SHARE * most)
        print(f"{minutes:g} minutes at {SHARE * most:,.0f}: {found}")
    shutil.rmtree(state, ignore_errors=True)
    sys.exit(bool(found.failed))


if __name__ == "__main__":
    main()

"""`make bench-pages`: the pages of the explorer, computed and kept, beside the API's answers.

    python -m tests.bench.pages [--cases 100000] [--rounds 15] [--write] [--keep FOLDER]

One request after the other, in turns, so that the time of one page is seen and not that of a queue.
CPU time says what a page costs whatever else the machine does. --write: the table into
docs/performance.md, between its marks. --keep: the database in this folder, filled if it is new,
for further runs.
"""

import argparse
import http.client
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psutil

from casesapi.postgres import embedded
from tests.bench import page
from tests.bench.speed import heading
from tests.system.processes import Process, free_port
from tests.waiting import WAIT_TIMEOUT

BEGIN, END = "<!-- pages -->", "<!-- end of pages -->"


class Cost(NamedTuple):
    """One answer: seconds until it was read, CPU seconds of its worker and of the database."""

    wall: float
    worker: float
    database: float


def main() -> None:
    options = _options()
    state = options.keep or Path(tempfile.mkdtemp(prefix="cases-api-bench-"))
    state.mkdir(exist_ok=True)
    state.chmod(0o711)
    os.environ["CASES_STATE_DIR"] = str(state)
    os.environ["DJANGO_SETTINGS_MODULE"] = "casesapi.settings"
    try:
        lines = _measured(options, state)
    finally:
        embedded.server().leave()
        if not options.keep:
            shutil.rmtree(state, ignore_errors=True)
    print("\n".join(lines))
    if options.write:
        page.write(BEGIN, END, "\n".join(lines))


class Server:
    """One worker, asked over one connection."""

    def __init__(self, state: Path, process: Process, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_TIMEOUT)
        self._process = psutil.Process(process.pid)
        postmaster = next(state.glob("postgres-*/postmaster.pid")).read_text().split()[0]
        self._database = psutil.Process(int(postmaster))

    def get(self, address: str) -> Cost:
        before, begin = self._cpu(), time.perf_counter()
        self.ask(address)
        wall = time.perf_counter() - begin
        worker, database = (
            sum(seconds - then.get(thread, 0) for thread, seconds in now.items())
            for now, then in zip(self._cpu(), before, strict=True)
        )
        return Cost(wall, worker, database)

    def ask(self, address: str) -> int:
        """The publication that an answer is from."""
        self._connection.request("GET", address)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address} was answered with {answer.status}")
        return int(answer.headers["Dataset-Publication"])

    def _cpu(self) -> tuple[dict[str, float], dict[str, float]]:
        own = [self._process, *self._process.children(recursive=True)]
        return _spent(own), _spent(self._database.children())


def _spent(processes: list[psutil.Process]) -> dict[str, float]:
    """CPU seconds of each thread, by the scheduler: ticks of the clock are too coarse."""
    found = {}
    for process in processes:
        # A connection may end just now.
        with suppress(OSError):
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                nanoseconds = (thread / "schedstat").read_text().split()[0]
                found[str(thread)] = int(nanoseconds) / 1e9
    return found


def _measured(options, state: Path) -> list[str]:
    # Django and all that needs it only now: the settings read the environment.
    from tests.bench.contenders import servers
    from tests.bench.publishing import statement
    from tests.bench.synthetic import connect

    servers.prepare(options.cases, working_copy=False)
    pages = _pages(servers)
    cold: dict[str, list[Cost]] = {name: [] for name in pages}
    warm: dict[str, list[Cost]] = {name: [] for name in pages}
    with (
        _serving(state, ANSWER_CACHE_MB="0") as computing,
        _serving(state) as keeping,
        connect(state) as connection,
    ):
        _warm_up(computing, pages)
        publish = statement(connection)
        for _ in range(options.rounds):
            # Each round asks for what nobody asked since a publication, of one case.
            [number] = connection.execute(publish).fetchone()
            for server in (computing, keeping):
                while server.ask("/api/v1/regions/") < number:
                    time.sleep(0.01)
            for name, address in pages.items():
                cold[name].append(computing.get(address))
                keeping.ask(address)
                warm[name].append(keeping.get(address))
    api = statistics.median(cost.wall for cost in warm[API])
    lines = [
        heading(options).partition(f", {options.rounds} rounds")[0] + f", {options.rounds} rounds,"
        f" one worker, one request at a time; load average at the end {os.getloadavg()[0]:.1f}.",
        "",
        "| | computed, ms | CPU of Python, ms | of PostgreSQL, ms | kept, ms | × the API |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, costs in cold.items():
        cells = [f"{statistics.median(each) * 1000:.1f}" for each in zip(*costs, strict=True)]
        kept = statistics.median(cost.wall for cost in warm[name])
        cells += [f"{kept * 1000:.2f}", f"{kept / api:.1f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


API = "API: newest 25 cases"
LIST, COUNTS = "page: newest 25 cases", "counts beside it"


def _pages(servers) -> dict[str, str]:
    """What is asked for. A name is one person's, or a given name that a third of all cases have."""
    name = servers.name_of_somebody()
    queries = {
        "under five filters": servers.some_filters(),
        "of one region": servers.some_filters().partition("&")[0],
        "of one country": "country=KZ",
        "searched by a person's name": f"q={quote(name)}",
        "searched by a given name": f"q={quote(name.split()[0])}",
    }
    found = {LIST: "/en/cases/", COUNTS: "/en/cases/facets/"}
    for words, query in queries.items():
        found[f"page {words}"] = f"/en/cases/?{query}"
        found[f"{COUNTS}, {words}"] = f"/en/cases/facets/?{query}"
    # Last, as the page asks for it too and has to be the first.
    return found | {API: "/api/v1/cases/"}


def _warm_up(server: Server, pages: dict[str, str]) -> None:
    """What the first requests of a process pay for: templates, code, what it counts ahead."""
    for _ in range(2):
        for address in pages.values():
            server.ask(address)


@contextmanager
def _serving(state: Path, **env: str) -> Iterator[Server]:
    """One worker on a port of its own."""
    from tests.bench.contenders import servers

    port = free_port()
    command = ("-W", "ignore", "-m", "tests.bench.contenders.own", str(port), "1")
    with Process(state, *command, **env) as process:
        servers.wait(port, "/api/v1/regions/")
        yield Server(state, process, port)


def _options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", type=Path)
    found = parser.parse_args()
    found.seconds = 0
    return found


if __name__ == "__main__":
    main()

"""W6: everything as a file, beside PostgreSQL's own COPY of the same documents."""

import threading
import time
import urllib.request

from tests.bench.contenders.servers import IDS
from tests.bench.export import peak_memory
from tests.bench.synthetic import connect
from tests.system.processes import BANNER, Server


def measure_exports(state, cases: int) -> list[str]:
    lines = [
        "",
        "| W6 export of all | rows/s | seconds | memory above idle, MB |",
        "|---|--:|--:|--:|",
    ]
    begin = time.perf_counter()
    with connect(state) as connection:
        query = "COPY (SELECT body FROM cases_publishedcase WHERE until_id IS NULL) TO STDOUT"
        with connection.cursor().copy(f"{query} (FORMAT csv)") as copy:
            for _ in copy:
                pass
        lines.append(_line("PostgreSQL COPY", cases, time.perf_counter() - begin, 0))
        command = ("-m", "tests.bench.contenders.own", "{port}")
        with Server(state, *command, DJANGO_SETTINGS_MODULE="casesapi.settings") as server:
            server.waits_for(BANNER)
            for form in ("ndjson", "csv"):
                url = f"{server.url}/api/v1/cases/?format={form}"
                for _ in range(4):
                    # Each worker loads what an export needs.
                    urllib.request.urlopen(f"{url}&ids={IDS[0]}").read()
                for name in (form, f"{form}, kept"):
                    seconds, grown = _fetched(url, server.workers())
                    lines.append(_line(name, cases, seconds, grown / 1e6))
    return lines


def _fetched(url: str, workers) -> tuple[float, int]:
    """Seconds until the last byte, and by how many bytes a worker grew at most."""
    idle = [worker.memory_info().rss for worker in workers]
    done = threading.Event()
    peaks = [peak_memory(worker, done) for worker in workers]
    begin = time.perf_counter()
    with urllib.request.urlopen(url) as answer:
        while answer.read(1 << 20):
            pass
    seconds = time.perf_counter() - begin
    done.set()
    return seconds, max(peak[0] - rss for peak, rss in zip(peaks, idle, strict=True))


def _line(name: str, rows: int, seconds: float, memory: float) -> str:
    return f"| {name} | {rows / seconds:,.0f} | {seconds:.1f} | {memory:.0f} |"

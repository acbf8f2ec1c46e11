"""`make bench-export`: rows a second and memory of a real server, by number of synthetic cases.

Every answer is read to its end and its records are counted. Peak memory is that of the worker
process, sampled; a fresh server for each line, so that one does not see the memory of another.
"""

import shutil
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from tests.bench.synthetic import connect, replace_cases
from tests.system.processes import LIVE, Server

SIZES = (1_000, 10_000, 100_000)
FORMATS = ("ndjson", "csv", "parquet", "xlsx", "geojson")


def peak_memory(process, done):
    peak = [process.memory_info().rss]

    def watch():
        while not done.wait(0.01):
            peak[0] = max(peak[0], process.memory_info().rss)

    threading.Thread(target=watch, daemon=True).start()
    return peak


def measure(state, form, size):
    with Server(state, WORKERS="1").started(LIVE) as serve:
        url, [worker] = f"{serve.url}/api/v1/cases/?format=", serve.workers()
        # The first export loads what all need.
        urllib.request.urlopen(f"{url}{form}&as_of=1").read()
        done = threading.Event()
        idle = worker.memory_info().rss
        peak = peak_memory(worker, done)
        begin = time.perf_counter()
        with urllib.request.urlopen(url + form) as answer:
            first = time.perf_counter() - begin
            assert int(answer.headers["Dataset-Count"]) == size, dict(answer.headers)
            sent = 0
            while block := answer.read(1 << 20):
                sent += len(block)
        seconds = time.perf_counter() - begin
        done.set()
    print(
        f"{form:8} {size:>8,} rows {size / seconds:>8,.0f} rows/s {sent / 1e6:>7.1f} MB"
        f" {first:>6.2f} s to the first byte {seconds:>6.2f} s"
        f" {idle / 1e6:>5.0f} MB idle {peak[0] / 1e6:>5.0f} MB peak",
        flush=True,
    )


def main():
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    state = Path(tempfile.mkdtemp(prefix="cases-api-bench-"))
    state.chmod(0o711)
    try:
        for size in sizes:
            with Server(state, WORKERS="1").started(LIVE), connect(state) as connection:
                print(f"Writing {size:,} synthetic cases", flush=True)
                replace_cases(connection, size)
            for form in FORMATS:
                measure(state, form, size)
    finally:
        shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    main()

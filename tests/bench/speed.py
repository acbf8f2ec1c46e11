"""`make bench`: this API beside others over the same synthetic cases, in alternating rounds.

    python -m tests.bench.speed [--cases 100000] [--rounds 5] [--seconds 3] [--only W1,W2]
                                [--ours] [--write] [--keep FOLDER]

--ours: only this API, for sizes at which the others take too long to be filled. --write: the
table and the picture into docs/performance.md, between its marks. --keep: the database in this
folder, filled if it is new, for further runs.
"""

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from casesapi.postgres import embedded
from tests.bench import chart, page, wrk

WORKERS = 2


class Contender(NamedTuple):
    """name; colour in the picture; port; the addresses of the work items it can do."""

    name: str
    colour: str
    port: int
    works: dict[str, str]
    headers: dict[str, str] = {}


TITLES = {
    "W1": "newest 25, everything nested",
    "W2": "one record",
    "W3": "region, formation, article, dates, with count",
    "W4": "facets by region and formation under a filter",
    "W5": "a page at 90 % depth",
    "W7": "a name, searched",
    "W8": "asked again with its tag (304)",
}


def main() -> None:
    options = _options()
    if wrk.missing():
        sys.exit("wrk is missing. On Debian: sudo apt-get install wrk")
    state = options.keep or Path(tempfile.mkdtemp(prefix="cases-api-bench-"))
    state.mkdir(exist_ok=True)
    state.chmod(0o711)
    os.environ["CASES_STATE_DIR"] = str(state)
    os.environ["DJANGO_SETTINGS_MODULE"] = "casesapi.settings"
    try:
        _run(options, state)
    finally:
        embedded.server().leave()
        if not options.keep:
            shutil.rmtree(state, ignore_errors=True)


def _run(options, state) -> None:
    # Django and all that needs it only now: the settings read the environment.
    from tests.bench.contenders import servers
    from tests.bench.exports import measure_exports
    from tests.bench.limits import measure_limits
    from tests.bench.publishing import measure_publishing

    servers.prepare(options.cases, working_copy=not options.ours)
    results: dict[str, dict[str, list[wrk.Load]]] = {}
    with servers.running(state, options.ours) as contenders:
        for round in range(options.rounds):
            print(f"Round {round + 1} of {options.rounds}", flush=True)
            for work in options.only:
                for contender in _turned(contenders, round):
                    if work in contender.works:
                        found = _measure(contender, work, options.seconds)
                        results.setdefault(work, {}).setdefault(contender.name, []).append(found)
        parts = [[heading(options), "", *_table(results, contenders)]]
        print("\n".join(parts[0]), flush=True)
        if not options.ours:
            parts.append(measure_limits(state))
        parts.append(measure_publishing(state, contenders, options.seconds))
    parts.append(measure_exports(state, options.cases))
    text = "\n".join(line for part in parts for line in part)
    print(text)
    if options.write:
        _write(text, results, contenders, options)


def _turned(contenders: list[Contender], round: int) -> list[Contender]:
    """Nobody always comes first, or behind the same one."""
    at = round % len(contenders)
    turned = contenders[at:] + contenders[:at]
    return turned[::-1] if round % 2 else turned


def _measure(contender: Contender, work: str, seconds: float) -> wrk.Load:
    from tests.bench.contenders.servers import IDS

    address = contender.works[work]
    headers = contender.headers if work == "W8" else {}
    found = wrk.load(contender.port, address, seconds, headers, IDS)
    if found.failed:
        print(f"  {contender.name} {work}: {found.failed} requests failed", flush=True)
    return found


def _table(results, contenders) -> list[str]:
    """A Markdown table: medians over the rounds, how far rounds differ, and ratios to plain DRF."""
    lines = [
        "| work | contender | answers/s | spread | median ms | p99 ms | × plain DRF |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for work, found in results.items():
        plain = _median(found.get("plain DRF"))
        title = f"{work} {TITLES[work]}"
        for contender in contenders:
            if loads := found.get(contender.name):
                rates = [load.rate for load in loads]
                rate = statistics.median(rates)
                spread = (max(rates) - min(rates)) / rate if rate else 0
                ratio = f"{rate / plain:,.1f}" if plain else ""
                median = statistics.median(load.median for load in loads) * 1000
                p99 = statistics.median(load.p99 for load in loads) * 1000
                lines.append(
                    f"| {title} | {contender.name} | {rate:,.0f} | {spread:.0%} |"
                    f" {median:.2f} | {p99:.1f} | {ratio} |"
                )
                title = ""
    return lines


def _median(loads) -> float | None:
    return statistics.median(load.rate for load in loads) if loads else None


def heading(options) -> str:
    cpu = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        found = [
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ]
        cpu = found[0] if found else cpu
    return (
        f"{options.cases:,} cases, {datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} cores of {cpu},"
        f" Python {platform.python_version()}, {options.rounds} rounds of {options.seconds:g} s,"
        f" {wrk.CONNECTIONS} connections, {WORKERS} workers each, load on the same cores;"
        f" load average at the end {os.getloadavg()[0]:.1f}."
    )


def _write(text, results, contenders, options) -> None:
    """Replaces what stands between the marks of this size."""
    picture = f"performance-{options.cases}.svg"
    groups = {
        f"{work} {TITLES[work]}": [
            (contender.name, _median(found[contender.name]), contender.colour)
            for contender in contenders
            if contender.name in found
        ]
        for work, found in results.items()
    }
    (page.DOCS / picture).write_text(
        chart.chart(f"Answers a second, {options.cases:,} cases, logarithmic scale", groups)
    )
    begin, end = f"<!-- {options.cases} -->", f"<!-- end of {options.cases} -->"
    page.write(begin, end, f"![Answers a second]({picture})\n\n{text}")


def _options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(TITLES))
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()

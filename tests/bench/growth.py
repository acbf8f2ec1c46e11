"""`make bench-growth`: this API with ten times the synthetic cases, in alternating rounds.

    python -m tests.bench.growth [--cases 100000,1000000] [--rounds 5] [--seconds 3] [--write]
                                 [--keep FOLDER,FOLDER]

Both sizes are served at once, each by a PostgreSQL of its own, and are asked in turns: what else
the machine does holds up both alike. --write: the table into docs/performance.md, between its
marks. --keep: the databases in these folders, filled if they are new, for further runs.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import page, wrk
from tests.bench.speed import TITLES, Contender, heading
from tests.system.processes import Process

READY = "Ready: "
BEGIN, END = "<!-- growth -->", "<!-- end of growth -->"


def main() -> None:
    options = _options()
    if options.serve:
        serve(options.serve)
        return
    if wrk.missing():
        sys.exit("wrk is missing. On Debian: sudo apt-get install wrk")
    sizes = options.cases
    with ExitStack() as stack:
        states = options.keep or [stack.enter_context(_folder()) for _ in sizes]
        served = [
            stack.enter_context(_served(state, size))
            for state, size in zip(states, sizes, strict=True)
        ]
        found: dict[tuple[str, str], list[list[wrk.Load]]] = {}
        for round in range(options.rounds):
            print(f"Round {round + 1} of {options.rounds}", flush=True)
            for work in TITLES:
                # Cached and not, each at both sizes right after each other.
                for place in range(len(served[0][0])):
                    sides = list(enumerate(served))
                    for side, (contenders, ids) in sides[:: -1 if round % 2 else 1]:
                        one = contenders[place]
                        headers = one.headers if work == "W8" else {}
                        load = wrk.load(one.port, one.works[work], options.seconds, headers, ids)
                        if load.failed:
                            print(f"  {one.name} {work}: {load.failed} requests failed")
                        loads = found.setdefault((work, one.name), [[] for _ in served])
                        loads[side].append(load)
        options.cases = sizes[-1]
        lines = [heading(options), "", *_table(sizes, found)]
    print("\n".join(lines))
    if options.write:
        page.write(BEGIN, END, "\n".join(lines))


def serve(cases: int) -> None:
    """Serves one size out of the state folder of this process until its input ends."""
    from casesapi.postgres import embedded
    from casesapi.postgres.state_dir import state_folder
    from tests.bench.contenders import servers

    servers.prepare(cases, working_copy=False)
    with servers.running(state_folder(), ours_alone=True) as contenders:
        print(READY + json.dumps([contenders, servers.IDS]), flush=True)
        sys.stdin.read()
    embedded.server().leave()


@contextmanager
def _served(state: Path, cases: int):
    """Contenders and ids of one size."""
    state.mkdir(exist_ok=True)
    state.chmod(0o711)
    command = ("-W", "ignore", "-m", "tests.bench.growth", "--serve", str(cases))
    with Process(state, *command, DJANGO_SETTINGS_MODULE="casesapi.settings") as process:
        print(f"Serving {cases:,} synthetic cases", flush=True)
        while READY not in process.printed():
            if process.popen.poll() is not None:
                sys.exit(process.printed())
            time.sleep(0.5)
        contenders, ids = json.loads(process.printed().partition(READY)[2].splitlines()[0])
        yield [Contender(*one) for one in contenders], ids
        process.popen.stdin.close()
        process.popen.wait(60)


@contextmanager
def _folder():
    state = Path(tempfile.mkdtemp(prefix="cases-api-bench-"))
    yield state
    shutil.rmtree(state, ignore_errors=True)


def _table(sizes, found) -> list[str]:
    """Medians over the rounds; growth: how many times as long an answer takes, the median of the
    ratios within a round."""
    named = " | ".join(f"{size:,} cases, answers/s | median ms" for size in sizes)
    lines = [
        f"| work | | {named} | growth |",
        f"|---|---|{'--:|' * (2 * len(sizes) + 1)}",
    ]
    for (work, name), sides in found.items():
        cells = [
            f"{statistics.median(load.rate for load in loads):,.0f} |"
            f" {statistics.median(load.median for load in loads) * 1000:.2f}"
            for loads in sides
        ]
        ratios = [
            first.rate / last.rate
            for first, last in zip(sides[0], sides[-1], strict=True)
            if last.rate  # else none was answered in the time of a round
        ]
        cells.append(f"{statistics.median(ratios):.2f}" if ratios else "")
        lines.append(f"| {work} {TITLES[work]} | {name} | {' | '.join(cells)} |")
    return lines


def _options():
    parser = argparse.ArgumentParser()
    sizes = {"type": lambda text: [int(size) for size in text.split(",")]}
    parser.add_argument("--cases", default=[100_000, 1_000_000], **sizes)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", type=lambda text: [Path(each) for each in text.split(",")])
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
    main()

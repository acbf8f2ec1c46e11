"""`make bench-cost`: the costliest requests of each kind, and what a client's quota makes of them.

    python -m tests.bench.cost [--cases 100000] [--write] [--keep FOLDER]

Each address is asked once of a server that keeps nothing, one after the other: the second time,
counts are known. *Cores* is the load of one client that uses its whole quota in this way, on one
process: the requests that the quota allows in a minute, times the CPU time of one. --write: the
table into docs/performance.md, between its marks. --keep: the database in this folder, filled if it
is new, for further runs.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from casesapi.postgres import embedded
from tests.bench import page
from tests.bench.pages import Server
from tests.bench.speed import heading
from tests.system.processes import Process, free_port

BEGIN, END = "<!-- cost -->", "<!-- end of cost -->"
# Of an anonymous client of a public server, a minute.
QUOTA = 600
MOST_CORES = 0.5
# Far more, so that the bench itself is never refused; of a day, which does not end meanwhile.
AMPLE = 100_000_000
TEXT = "application/x-www-form-urlencoded"


class Asked(NamedTuple):
    """What one request took. cpu: seconds of the worker, its renderer and the database. charged:
    what it cost of the quota."""

    address: str
    status: int
    wall: float
    cpu: float
    charged: int

    @property
    def cores(self) -> float:
        return QUOTA / self.charged * self.cpu / 60


class Client(Server):
    """Asks one worker, and sees what it took."""

    left = AMPLE

    def spend(self, method: str, address: str, body: str = "", **headers: str) -> Asked:
        # A server closes what was idle for long.
        self._connection.close()
        before, begin = self._cpu(), time.perf_counter()
        self._connection.request(method, address, body or None, headers)
        answer = self._connection.getresponse()
        self.body, self.headers = answer.read().decode("utf-8", "replace"), answer.headers
        wall = time.perf_counter() - begin
        cpu = sum(
            seconds - then.get(thread, 0)
            for now, then in zip(self._cpu(), before, strict=True)
            for thread, seconds in now.items()
        )
        [left] = re.findall(r"r=(\d+)", answer.headers["RateLimit"])
        charged, self.left = self.left - int(left), int(left)
        return Asked(address, answer.status, wall, cpu, charged)


def main() -> None:
    options = _options()
    state = options.keep or Path(tempfile.mkdtemp(prefix="cases-api-bench-"))
    state.mkdir(exist_ok=True)
    state.chmod(0o711)
    os.environ["CASES_STATE_DIR"] = str(state)
    os.environ["DJANGO_SETTINGS_MODULE"] = "casesapi.settings"
    try:
        found = _measured(options, state)
    finally:
        embedded.server().leave()
        if not options.keep:
            shutil.rmtree(state, ignore_errors=True)
    lines = _table(options, found)
    print("\n".join(lines))
    if options.write:
        page.write(BEGIN, END, "\n".join(lines))
    over = [asked for each in found.values() for asked in each if asked.cores > MOST_CORES]
    for asked in over:
        print(f"{asked.address} makes {asked.cores:.2f} cores", file=sys.stderr)
    sys.exit(bool(over))


def _measured(options, state: Path) -> dict[str, list[Asked]]:
    # Django and all that needs it only now: the settings read the environment.
    from tests.bench.contenders import servers

    servers.prepare(options.cases, working_copy=False)
    found: dict[str, list[Asked]] = {}
    with _serving(state) as client:
        for kind, asked in addresses(servers).items():
            for address in asked:
                # What the first request of a process pays for: code, templates, a renderer.
                if address == asked[0]:
                    client.spend("GET", address)
                found.setdefault(kind, []).append(client.spend("GET", address))
                if options.verbose:
                    print(kind, found[kind][-1], flush=True)
    with _serving(state) as client:
        found["login"] = [_login(client) for _ in range(2)]
        client.left = AMPLE  # counted apart from what is read
    with _serving(state, ANSWER_CACHE_MB="64") as client:
        client.spend("GET", "/api/v1/cases/")
        found["out of memory"] = [client.spend("GET", "/api/v1/cases/") for _ in range(5)]
        tag = client.headers["ETag"]
        found["304"] = [
            client.spend("GET", "/api/v1/cases/", **{"If-None-Match": tag}) for _ in range(5)
        ]
    return found


def _login(client: Client) -> Asked:
    """A password that is wrong: it is hashed all the same."""
    client.left = AMPLE
    client.spend("GET", "/desk/login/")
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.body)
    cookie = client.headers["Set-Cookie"].partition(";")[0]
    form = {"csrfmiddlewaretoken": token, "username": "synthetic", "password": "x" * 20}
    given = {"Cookie": cookie, "Content-Type": TEXT}
    return client.spend("POST", "/desk/login/", urlencode(form), **given)


def addresses(servers) -> dict[str, list[str]]:
    """The costliest that we know of each kind."""
    given = quote(servers.name_of_somebody().split()[0])
    days = "&".join(f"{day}_after=2001&{day}_before=2030" for day in ("opened", "decided"))
    ranges = f"{days}&date_mode=certain"
    terms = "sentence_months_min=1&sentence_months_max=900"
    single = ("region", "formation", "article", "court", "outcome", "plea", "publisher")
    crossed = ("region,formation", "opened_month,court", "decided_month,opened_month")
    by = "&".join(f"by={name}" for name in (*single, *crossed))
    ten = "&".join(f"by={name}" for name in (*single, "status", "opened_month", "decided_month"))
    # Each is left out by a facet, so that every facet counts other records.
    many = "&".join(f"{name}__isnull=false" for name in ("region", "formation", "article", "court"))
    long_words = ["+".join(_word(seed, 39) for seed in range(place, place + 5))
                  for place in (0, 5)]  # fmt: skip
    wrong = ",".join(f"KZ-X{number}" for number in range(264))
    api, en = "/api/v1", "/en"
    return {
        "records": [
            f"{api}/cases/",
            f"{api}/cases/?page_size=200&{ranges}",
            f"{api}/defendants/?page_size=200&{ranges}&{terms}",
            f"{api}/cases/?page_size=200&country=KZ&omit=sources",
            f"{api}/cases/?region={wrong}",
            f"{api}/cases/?{'&'.join(f'formaiton{n}=1' for n in range(264))}",
            *(f"{api}/{path}/" for path in ("statistics/coverage", "changes", "schema", "docs")),
        ],
        "page": [
            *(f"{en}/", f"{en}/cases/", f"{en}/cases/?page_size=200&{ranges}"),
            f"{en}/cases/filters/?country=KZ",
        ],
        "search": [
            *(f"{api}/{kind}/?q={given}" for kind in ("cases", "defendants")),
            f"{api}/cases/?q=synthetic",
            f"{api}/defendants/?q=synthetic",
            f"{api}/defendants/?q=sin",
            f"{api}/cases/?q=synthetic+court+{given}",
            f"{en}/cases/?q=synthetic&page_size=200",
            *(f"{api}/defendants/?q={words}" for words in long_words),
            f"{api}/defendants/?q={'+'.join(_word(seed, 24) for seed in range(8))}",
        ],
        "facets": [
            f"{api}/cases/facets/?{by}&measure=sentence_months",
            f"{api}/cases/facets/?{by}&measure=sentence_months&{many}&{ranges}",
            f"{api}/defendants/facets/?{by}&measure=sentence_months",
            f"{api}/cases/facets/?{ten}&country=KZ&kind=participation&status=decided",
            f"{api}/cases/facets/?{ten}&q=synthetic",
            f"{en}/cases/facets/?country=KZ",
            f"{en}/cases/facets/?q=synthetic",
        ],
        "chart": [
            "/charts/outcomes.svg",
            *(
                f"/charts/{name}.png?width=1600&country=KZ&theme=dark"
                for name in ("cases-by-month", "regions", "formations", "sentences", "outcomes")
            ),
        ],
        "feed": ["/feeds/changes.atom", "/feeds/cases.atom", f"/feeds/cases.atom?q={given}"],
        "file": [
            f"{api}/cases/?format=csv&provenance=inline",
            f"{api}/cases/?format=parquet",
            f"{api}/cases/?format=xlsx",
            f"{api}/cases/?format=ndjson",
        ],
    }


def _word(seed: int, letters: int) -> str:
    """Letters that fold in many ways."""
    text = "схжйцшщчюяэё"
    places = (seed * 7 + place * (seed % 5 + 1) + place // 12 for place in range(letters))
    return quote("".join(text[place % len(text)] for place in places))


def _table(options, found: dict[str, list[Asked]]) -> list[str]:
    lines = [
        f"{heading(options).partition(', 1 rounds')[0]}, one worker, one request at a time; load"
        f" average at the end {os.getloadavg()[0]:.1f}.",
        "",
        "| kind | the costliest | seconds | CPU seconds | charged | cores at full quota |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for kind, each in found.items():
        costliest = max(each, key=lambda asked: asked.cpu)
        cores = max(asked.cores for asked in each)
        address = costliest.address
        shown = address if len(address) <= 70 else f"{address[:69]}…"
        lines.append(
            f"| {kind} | `{shown}` | {costliest.wall:.3f} | {costliest.cpu:.3f} |"
            f" {costliest.charged} | {cores:.2f} |"
        )
    return lines


@contextmanager
def _serving(state: Path, **env: str) -> Iterator[Client]:
    from tests.bench.contenders import servers

    port = free_port()
    command = ("-W", "ignore", "-m", "tests.bench.contenders.own", str(port), "1")
    quotas = dict.fromkeys(("QUOTA_ANONYMOUS", "QUOTA_DESK"), f"{AMPLE}/day")
    nothing_kept = {"ANSWER_CACHE_MB": "0", "EXPORT_CACHE_MB": "0"}
    with Process(state, *command, **nothing_kept | quotas | env) as process:
        servers.wait(port, "/health/live")
        client = Client(state, process, port)
        client.spend("GET", "/api/v1/regions/")
        yield client


def _options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--keep", type=Path)
    found = parser.parse_args()
    found.rounds, found.seconds = 1, 0
    return found


if __name__ == "__main__":
    main()

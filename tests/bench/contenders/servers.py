"""Fills the database, starts every contender and says where each does what."""

import sqlite3
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from datetime import date
from urllib.parse import quote

from casesapi.postgres.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.bench.chart import LIMITS, OTHERS, OURS
from tests.system.processes import Process, free_port
from tests.waiting import WAIT_TIMEOUT

WORKERS = 2
# Put in place of {id}, one after the other.
IDS: list[str] = []


def prepare(cases: int, *, working_copy: bool) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from cases.models import Publication
    from tests.bench import data

    call_command("migrate", verbosity=0)
    if not Publication.objects.exists():
        print(f"Writing {cases:,} synthetic cases", flush=True)
        data.build(cases, working_copy=working_copy)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id FROM cases_publishedcase WHERE until_id IS NULL"
            " ORDER BY md5(public_id) LIMIT 500"
        )
        IDS[:] = [public_id for (public_id,) in cursor.fetchall()]


@contextmanager
def running(state, ours_alone: bool):
    """All contenders, as a list, until the block ends."""
    from tests.bench.speed import Contender

    sizes = {}
    with ExitStack() as stack:
        found = []

        def start(name, colour, works, *command, **env):
            port = free_port()
            stack.enter_context(Process(state, *_at(port, command), **_env(state), **env))
            wait(port, next(iter(works.values())).replace("{id}", IDS[0]))
            found.append(Contender(name, colour, port, works, {}))
            return port

        works = _own_works()
        serve = ("-m", "tests.bench.contenders.own", "{port}")
        port = start("Cases API, cached", OURS, works, *serve)
        start("Cases API, each computed", OURS, works, *serve, ANSWER_CACHE_MB="0")
        sizes["W1"], tag = _size_and_tag(port, works["W1"])
        found[:] = [one._replace(headers={"If-None-Match": tag}) for one in found]
        if not ours_alone:
            _others(start, state, found, sizes["W1"])
        yield found


def _others(start, state, found, size) -> None:
    granian = ("-m", "granian", "--no-ws", "--workers", str(WORKERS), "--port", "{port}")
    module = "tests.bench.contenders"
    filters = some_filters()
    drf = {
        "W1": "/api/v1/cases/",
        "W2": "/api/v1/cases/{id}/",
        "W3": f"/api/v1/cases/?{filters}",
        "W4": "/api/v1/cases/facets/?kind=participation",
        "W5": f"/api/v1/cases/?page={_deep_page()}",
        "W7": f"/api/v1/cases/?search={quote(name_of_somebody())}",
        "W8": "/api/v1/cases/",
    }
    wsgi = (*granian, "--interface", "wsgi", "--blocking-threads", "4")
    port = start("plain DRF", OTHERS, drf, *wsgi, f"{module}.plain_drf:application")
    _, tag = _size_and_tag(port, drf["W8"])
    found[-1] = found[-1]._replace(headers={"If-None-Match": tag})
    ninja = {"W1": "/api/v1/cases/", "W2": "/api/v1/cases/{id}/"}
    start("django-ninja", OTHERS, ninja, *wsgi, f"{module}.ninja:application")
    asgi = (*granian, "--interface", "asgi", f"{module}.fast:app")
    rows = {"W1": "/rows/cases/", "W2": "/rows/cases/{id}/"}
    start("FastAPI + asyncpg, rows", OTHERS, rows, *asgi)
    day, public_id = _deep_place()
    documents = {
        "W1": "/documents/cases/",
        "W2": "/documents/cases/{id}/",
        "W3": f"/documents/found/?{filters}",
        "W4": "/documents/facets/?kind=participation",
        "W5": f"/documents/behind/?decided={day}&public_id={public_id}",
        # The name as it is spelt; no other spelling is found.
        "W7": f"/documents/named/?q={quote(name_of_somebody())}",
    }
    start("FastAPI + asyncpg, our documents", OTHERS, documents, *asgi)
    _datasette(start, state)
    constant = {"W1": "/constant/", "W8": "/constant/"}
    bytes_ = {"BENCH_BYTES": str(size)}
    start("FastAPI, constant bytes", LIMITS, constant, *asgi, **bytes_)
    found[-1] = found[-1]._replace(headers={"If-None-Match": '"constant"'})
    start("bare WSGI, constant bytes", LIMITS, constant, *wsgi, f"{module}.constant:application",
          **bytes_)  # fmt: skip
    found[-1] = found[-1]._replace(headers={"If-None-Match": '"constant"'})


def _own_works() -> dict[str, str]:
    return {
        "W1": "/api/v1/cases/",
        "W2": "/api/v1/cases/{id}/",
        "W3": f"/api/v1/cases/?{some_filters()}",
        "W4": "/api/v1/cases/facets/?by=region&by=formation&kind=participation",
        "W5": f"/api/v1/cases/?cursor={quote(_deep_cursor())}",
        "W7": f"/api/v1/defendants/?q={quote(name_of_somebody())}",
        "W8": "/api/v1/cases/",
    }


def some_filters() -> str:
    """A region, unit and article that some cases have together."""
    [row] = _ask(
        "SELECT region[1], formation[1], article[1] FROM (SELECT"
        " array(SELECT r FROM unnest(region) r WHERE r LIKE '%-%') AS region,"
        " array(SELECT f FROM unnest(formation) f WHERE f LIKE '%unit%') AS formation,"
        " array(SELECT a FROM unnest(article) a WHERE a LIKE '%-%-%') AS article"
        " FROM cases_publishedcase WHERE until_id IS NULL AND opened_first > '2021-01-01'"
        " ORDER BY public_id LIMIT 1) AS one"
    )
    region, formation, article = row
    return (
        f"region={region}&formation={formation}&article={article}"
        "&opened_after=2020-01-01&opened_before=2023-12-31"
    )


def name_of_somebody() -> str:
    [[body]] = _ask(
        "SELECT body::jsonb #>> '{names,0,text}' FROM cases_publisheddefendant"
        " WHERE until_id IS NULL ORDER BY md5(public_id) LIMIT 1"
    )
    return body


def _deep_page() -> int:
    [[count]] = _ask("SELECT count(*) FROM cases_case")
    return max(1, int(count * 0.9 / 25))


def _deep_cursor() -> str:
    """The cursor behind nine tenths of the list; walking there would take minutes."""
    from cases.api.queries.pagination import signed

    [[digest]] = _ask("SELECT digest FROM cases_publication ORDER BY number DESC LIMIT 1")
    day, public_id = _deep_place()
    bound = ["case", {}, digest, "-decided"]
    return signed(bound, {"keys": [str(day), public_id], "back": False})


def _deep_place() -> tuple[date, str]:
    """Sort keys of the record at nine tenths of the list."""
    [[day, public_id]] = _ask(
        "SELECT decided_last, public_id FROM cases_publishedcase WHERE until_id IS NULL"
        " ORDER BY decided_last DESC, public_id DESC"
        " OFFSET (SELECT count(*) * 9 / 10 FROM cases_publishedcase) LIMIT 1"
    )
    return day, public_id


def _datasette(start, state) -> None:
    path = state / "bench.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as lite:
        lite.execute("CREATE TABLE cases (id TEXT PRIMARY KEY, decided TEXT, body TEXT)")
        lite.executemany(
            "INSERT INTO cases VALUES (?, ?, ?)",
            _ask(
                "SELECT public_id, decided_last::text, body FROM cases_publishedcase"
                " WHERE until_id IS NULL"
            ),
        )
        lite.execute("CREATE INDEX decided ON cases (decided DESC, id DESC)")
    works = {
        "W1": "/bench/cases.json?_sort_desc=decided&_size=25&_json=body",
        "W2": "/bench/cases/{id}.json?_json=body",
    }
    command = ("-m", "datasette", "serve", str(path), "--port", "{port}")
    start("Datasette (one process)", OTHERS, works, *command)


def _ask(query: str) -> list:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _at(port: int, command: tuple[str, ...]) -> list[str]:
    return [part.replace("{port}", str(port)) for part in command]


def _env(state) -> dict[str, str]:
    folder = EmbeddedPostgres(state).sockets
    return {"BENCH_DSN": f"postgresql://{SUPERUSER}@/{DATABASE}?host={folder}"}


def wait(port: int, address: str) -> None:
    deadline = time.monotonic() + WAIT_TIMEOUT
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30).close()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"Nothing answers at port {port}{address}: {error}") from error
            time.sleep(0.1)


def _size_and_tag(port: int, address: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as answer:
        return len(answer.read()), answer.headers["ETag"]

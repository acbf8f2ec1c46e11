"""A real server with several workers, each with answers of its own in memory."""

import http.client
import os
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg
import pytest

from casesapi.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.api.test_answer_cache import ADDRESSES
from tests.system.processes import Process, free_port
from tests.waiting import until

WORKERS = 3
# Connections, enough that each worker surely has some of them.
MANY = 24
# Of the head in any worker, while the database answers. It is told in milliseconds; the rest is
# for a busy machine.
PROMISED = 1.0
PERSON = "Synthetic Secret Person"


class Serve(Process):
    def __init__(self, state, **env):
        self.port = free_port()
        super().__init__(state, "manage.py", "serve", PORT=str(self.port), **env)

    def get(self, address, method="GET", connection=None, **headers):
        """Status, headers and body, from a connection of its own unless one is given."""
        mine = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        mine.request(method, f"/api/v1/{address}", headers=headers)
        answer = mine.getresponse()
        body = answer.read()
        if connection is None:
            mine.close()
        told = {name.lower(): value for name, value in answer.getheaders()}
        # What is left of the quota is another number each time.
        del told["date"], told["ratelimit"]
        return answer.status, told, body


@pytest.fixture(scope="module")
def serve(state):
    with Serve(state, WORKERS=str(WORKERS)) as serve:
        serve.waits_for("Stop it with Ctrl-C.")
        yield serve


@pytest.fixture(scope="module")
def uncached(state, serve):
    """A second server of the same data, which keeps nothing."""
    with Serve(state, WORKERS="1", ANSWER_CACHE_MB="0") as uncached:
        uncached.waits_for("Stop it with Ctrl-C.")
        yield uncached


@pytest.fixture
def connections(serve):
    """Open ones; the kernel deals them out to the workers."""
    opened = [http.client.HTTPConnection("127.0.0.1", serve.port, timeout=60) for _ in range(MANY)]
    yield opened
    for connection in opened:
        connection.close()


@pytest.fixture
def database(state, serve):
    folder = str(EmbeddedPostgres(state).sockets)
    with psycopg.connect(
        host=folder, user=SUPERUSER, dbname=DATABASE, autocommit=True
    ) as connection:
        yield connection


def publish(database, *statements):
    """The next publication, with whatever else it does; the number."""
    with database.transaction():
        for statement in statements:
            database.execute(statement)
        return database.execute(
            "INSERT INTO cases_publication (number, published_at, note, digest)"
            " SELECT max(number) + 1, now(), 'synthetic', encode(sha256(random()::text::bytea),"
            " 'hex') FROM cases_publication RETURNING number"
        ).fetchone()[0]


def publications(serve, connections, address):
    return {
        serve.get(address, connection=connection)[1]["dataset-publication"]
        for connection in connections
    }


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_with_and_without_memory_the_answers_are_the_same(serve, uncached, coding):
    asked = {
        "Accept-Encoding": coding,
        "Origin": "https://synthetic.example",
        # Absolute addresses in the answers hold the name that was asked for.
        "Host": "localhost:8000",
        # Else each answer has an id of its own.
        "X-Request-ID": "with-and-without-memory",
    }
    for address in ADDRESSES:
        fresh = uncached.get(address, **asked)
        assert fresh[0] == 200
        for method, body in (("GET", fresh[2]), ("HEAD", b"")):
            for _ in range(4):
                assert serve.get(address, method, **asked) == (*fresh[:2], body), address
            assert uncached.get(address, method, **asked) == (*fresh[:2], body), address
        tag = fresh[1]["etag"]
        unchanged = uncached.get(address, **asked, **{"If-None-Match": tag})
        assert unchanged[0] == 304
        for _ in range(4):
            assert serve.get(address, **asked, **{"If-None-Match": tag}) == unchanged, address


def test_a_publication_is_seen_by_every_worker_within_its_time(serve, database, connections):
    for address in ("cases/?page_size=1", "cases/KZ-0009/"):
        for _ in range(3):
            publications(serve, connections, address)
        for _ in range(5):
            number = publish(database)
            time.sleep(PROMISED)
            assert publications(serve, connections, address) == {str(number)}


def test_who_publishes_and_reads_sees_it_promptly(serve, database, connections):
    publications(serve, connections, "cases/?page_size=1")
    waited = []
    for _ in range(10):
        number = publish(database)
        since = time.monotonic()
        until(
            lambda number=number: (
                publications(serve, connections, "cases/?page_size=1") == {str(number)}
            )
        )
        waited.append(time.monotonic() - since)
    assert sorted(waited)[len(waited) // 2] < PROMISED


def test_no_connection_ever_goes_back_to_an_older_publication(serve, database, connections):
    def watch(connection):
        seen = []
        while not seen or seen[-1] < last:
            seen.append(
                int(
                    serve.get("cases/?page_size=1", connection=connection)[1]["dataset-publication"]
                )
            )
        return seen

    last = publish(database) + 20
    with ThreadPoolExecutor(4) as crowd:
        watching = [crowd.submit(watch, connection) for connection in connections[:4]]
        while publish(database) < last:
            time.sleep(0.02)
        for seen in watching:
            assert seen.result() == sorted(seen.result())


def test_what_is_redacted_is_gone_from_pinned_answers_of_every_worker(
    state, serve, database, connections
):
    insert = (
        "INSERT INTO cases_publishedcase (public_id, version, since_id, body, words)"
        " SELECT 'ZZ-0001', 1, (SELECT max(number) FROM cases_publication),"
        f" replace(replace(body, 'KZ-0009', 'ZZ-0001'), 'Luft', '{PERSON}'), words"
        " FROM cases_publishedcase WHERE public_id = 'KZ-0009'"
    )
    pinned = publish(database, insert) + 1
    publish(database)
    addresses = [
        f"cases/ZZ-0001/?as_of={pinned}",
        f"cases/?as_of={pinned}&ids=ZZ-0001",
        f"cases/?as_of={pinned}&ids=ZZ-0001&format=ndjson",
        "cases/ZZ-0001/",
    ]
    time.sleep(PROMISED)
    for _ in range(3):
        for address in addresses:
            for connection in connections:
                assert PERSON.encode() in serve.get(address, connection=connection)[2]
    assert any(PERSON.encode() in content for content in kept_files(state))
    publish(
        database,
        f"UPDATE cases_publishedcase SET body = replace(body, '{PERSON}', '')"
        " WHERE public_id = 'ZZ-0001'",
    )
    time.sleep(PROMISED)
    for address in addresses:
        for connection in connections:
            status, _, body = serve.get(address, connection=connection)
            assert status == 200
            assert PERSON.encode() not in body, address
    assert not any(PERSON.encode() in content for content in kept_files(state))


def kept_files(state):
    return [path.read_bytes() for path in (state / "exports").rglob("*") if path.is_file()]


def test_many_readers_and_a_publisher_see_whole_states_only(serve, database, connections):
    """What is read under one publication number has one content."""
    statement = """
        UPDATE cases_publishedcase SET body = regexp_replace(
            body, '"court_case_number":[^,]*', concat(
                '"court_case_number":"', (SELECT max(number) + 1 FROM cases_publication), '"'
            )
        ) WHERE public_id = 'KZ-0009'
    """
    publish(database, statement)
    time.sleep(PROMISED)
    stop = time.monotonic() + 3

    def read(connection):
        seen = set()
        while time.monotonic() < stop:
            status, headers, body = serve.get("cases/KZ-0009/", connection=connection)
            assert status == 200
            seen.add((headers["dataset-publication"], body))
        return seen

    with ThreadPoolExecutor(6) as crowd:
        reading = [crowd.submit(read, connection) for connection in connections[:6]]
        while time.monotonic() < stop:
            publish(database, statement)
            time.sleep(0.05)
        found = set().union(*(seen.result() for seen in reading))
    # A state may be read while the next one is made, as the text above changes the past like a
    # redaction; what stands under a number is then newer, never older.
    for number, body in found:
        written = int(body.partition(b'"court_case_number":"')[2].partition(b'"')[0])
        assert written >= int(number)


def test_a_worker_keeps_its_memory_bounded(state, database):
    with Serve(state, WORKERS="1", ANSWER_CACHE_MB="5") as small:
        small.waits_for("Stop it with Ctrl-C.")
        children = psutil.Process(small.pid).children()
        worker = next(c for c in children if any("spawn_main" in word for word in c.cmdline()))

        def ask(numbers):
            for number in numbers:
                ordering = "-id" if number % 2 else "id"
                address = f"cases/?ordering={ordering}&page_size={number % 40 + 1}"
                assert small.get(f"{address}&changed_since=0&ids={many(number)}")[0] == 200

        # 50 MB of answers, then ten times as many.
        ask(range(200))
        before = worker.memory_info().rss
        ask(range(200, 1200))
        assert worker.memory_info().rss - before < 20_000_000


def many(number):
    """Ids that make an address nobody asked for."""
    known = ",".join(f"KZ-{case:04}" for case in range(1, 12))
    return f"{known},KZ-{10_000 + number}"


def test_the_servers_of_these_tests_have_workers_of_their_own(serve):
    children = psutil.Process(serve.pid).children()
    workers = [c for c in children if any("spawn_main" in word for word in c.cmdline())]
    assert len(workers) == WORKERS
    assert os.getpid() not in {worker.pid for worker in workers}

"""A real server with several workers, each with answers of its own in memory."""

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.test_answer_cache import ADDRESSES
from tests.system import processes
from tests.system.processes import LIVE, Server
from tests.waiting import WAIT_TIMEOUT, until

WORKERS = 3
# Connections, enough that each worker surely has some of them.
MANY = 24
# Seconds after which each worker tells a publication while the database answers, beside what the
# machine takes to ask all of them. It is told in milliseconds.
PROMISED = 1.0
PERSON = "Synthetic Secret Person"
ANY_PAGE = "cases/?page_size=1"


class Asked(Server):
    def get(self, address, method="GET", connection=None, **headers):
        """Status, headers by their lower names, and body."""
        answer = self.ask(f"/api/v1/{address}", method, headers, connection=connection)
        told = {name.lower(): value for name, value in answer.headers.items()}
        # What is left of the quota is another number each time.
        del told["date"], told["ratelimit"]
        return answer.status, told, answer.body


@pytest.fixture(scope="module")
def serve(state):
    with Asked(state, WORKERS=str(WORKERS)).started() as serve:
        yield serve


@pytest.fixture(scope="module")
def uncached(state, serve):
    """A second server of the same data, which keeps nothing."""
    with Asked(state, WORKERS="1", ANSWER_CACHE_MB="0").started(LIVE) as uncached:
        yield uncached


@pytest.fixture
def connections(serve):
    """Open ones; the kernel deals them out to the workers."""
    opened = [serve.connect() for _ in range(MANY)]
    yield opened
    for connection in opened:
        connection.close()


@pytest.fixture
def database(state, serve):
    with processes.database(state) as connection:
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


def publications(serve, connections, address=ANY_PAGE):
    return {
        serve.get(address, connection=connection)[1]["dataset-publication"]
        for connection in connections
    }


def until_told(serve, connections, number):
    """Until each worker tells a publication."""
    until(
        lambda: publications(serve, connections) == {str(number)},
        f"each worker tells publication {number}",
        serve.printed,
    )


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


def test_a_publication_is_soon_seen_in_every_worker(serve, database, connections):
    """Also in what it had in memory."""
    record = "cases/KZ-0009/"
    until_told(serve, connections, publish(database))
    begin = time.monotonic()
    publications(serve, connections)
    asking = time.monotonic() - begin
    waited = []
    for _ in range(10):
        for _ in range(3):
            publications(serve, connections, record)
        number = publish(database)
        begin = time.monotonic()
        until_told(serve, connections, number)
        waited.append(time.monotonic() - begin)
        assert publications(serve, connections, record) == {str(number)}
    assert statistics.median(waited) < PROMISED + 20 * asking


def test_no_connection_ever_goes_back_to_an_older_publication(serve, database, connections):
    def watch(connection):
        seen = []
        while not seen or seen[-1] < last:
            headers = serve.get(ANY_PAGE, connection=connection)[1]
            seen.append(int(headers["dataset-publication"]))
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
        " FROM cases_publishedcase WHERE public_id = 'KZ-0009' AND until_id IS NULL"
    )
    pinned = publish(database, insert) + 1
    number = publish(database)
    addresses = [
        f"cases/ZZ-0001/?as_of={pinned}",
        f"cases/?as_of={pinned}&ids=ZZ-0001",
        f"cases/?as_of={pinned}&ids=ZZ-0001&format=ndjson",
        "cases/ZZ-0001/",
    ]
    until_told(serve, connections, number)
    for _ in range(3):
        for address in addresses:
            for connection in connections:
                assert PERSON.encode() in serve.get(address, connection=connection)[2]
    assert any(PERSON.encode() in content for content in kept_files(state))
    number = publish(
        database,
        f"UPDATE cases_publishedcase SET body = replace(body, '{PERSON}', '')"
        " WHERE public_id = 'ZZ-0001'",
    )
    until_told(serve, connections, number)
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
    until_told(serve, connections, publish(database, statement))
    over = threading.Event()

    def read(connection):
        seen = set()
        while not over.is_set():
            status, headers, body = serve.get("cases/KZ-0009/", connection=connection)
            assert status == 200
            seen.add((headers["dataset-publication"], body))
        return seen

    with ThreadPoolExecutor(6) as crowd:
        reading = [crowd.submit(read, connection) for connection in connections[:6]]
        try:
            for _ in range(40):
                publish(database, statement)
                time.sleep(0.05)
        finally:
            over.set()
        found = set().union(*(seen.result(WAIT_TIMEOUT) for seen in reading))
    assert len({number for number, _ in found}) > 5
    # A state may be read while the next one is made, as the text above changes the past like a
    # redaction; what stands under a number is then newer, never older.
    for number, body in found:
        written = int(body.partition(b'"court_case_number":"')[2].partition(b'"')[0])
        assert written >= int(number)


def test_a_worker_keeps_its_memory_bounded(state, database):
    with Asked(state, WORKERS="1", ANSWER_CACHE_MB="5").started(LIVE) as small:
        [worker] = small.workers()

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


def test_the_server_of_these_tests_has_several_workers(serve):
    assert len(serve.workers()) == WORKERS

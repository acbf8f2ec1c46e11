"""What a client of a real server sees when an export goes wrong: never a shorter good file."""

import http.client
import threading
import time

import pytest

from tests.system.processes import LIVE, Server, database
from tests.waiting import WAIT_TIMEOUT, until

SYNTHETIC = 30_000  # sources, so that an export lasts half a second and overflows all buffers
SOURCES = "/api/v1/sources/?format="


@pytest.fixture(scope="module")
def serve(state):
    with Server(state, WORKERS="1").started() as serve:
        yield serve


@pytest.fixture(scope="module", autouse=True)
def connection(state, serve):
    """To the server's database, which has synthetic sources in a publication of their own."""
    with database(state) as connection:
        [number] = connection.execute("SELECT max(number) + 1 FROM cases_publication").fetchone()
        connection.execute(
            "INSERT INTO cases_publication VALUES (%s, now(), 'synthetic', repeat('0', 64))",
            [number],
        )
        connection.execute(
            "INSERT INTO cases_publishedsource (public_id, version, since_id, body, words)"
            " SELECT name, 1, %s, replace(body, 'SRC-0001', name), words"
            " FROM cases_publishedsource, generate_series(1000001, 1000000 + %s) AS number,"
            "  concat('SRC-', number) AS name"
            " WHERE public_id = 'SRC-0001' AND until_id IS NULL",
            [number, SYNTHETIC],
        )
        yield connection


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_database_that_breaks_off_gives_an_error_and_no_file(serve, connection, form):
    publishers = serve.ask("/api/v1/publishers/").json()["results"]
    over = threading.Event()

    def kill():
        while not over.is_set():
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'FETCH FORWARD%%' AND pid <> pg_backend_pid()"
            )
            time.sleep(0.001)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        # On a busy machine a file may be there before its connection is ended. Each publisher makes
        # another file, so that none is kept already.
        for other in publishers:
            both = f"kz-legal-statistics,{other['id']}"
            broken = serve.ask(f"{SOURCES}{form}&publisher={both}")
            if broken.status != 200:
                break
    finally:
        over.set()
        killer.join(WAIT_TIMEOUT)
    assert broken.status == 503
    assert broken.headers["Content-Type"] == "application/problem+json"
    assert broken.json()["code"] == "unavailable"
    # The next one is whole again.
    whole = serve.ask(SOURCES + form)
    assert (whole.status, int(whole.headers["Content-Length"])) == (200, len(whole.body))


def test_a_server_that_dies_while_it_sends_gives_an_incomplete_read(state):
    with Server(state, WORKERS="1").started(LIVE) as dying:
        connection = dying.connect()
        connection.request("GET", f"{SOURCES}ndjson")
        answer = connection.getresponse()
        assert int(answer.headers["Dataset-Count"]) > SYNTHETIC
        answer.read(1000)
        dying.kill()
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
        connection.close()


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_a_file_is_never_chunked(serve, coding):
    """A chunked answer that breaks off ends as if it were complete."""
    answer = serve.ask(f"{SOURCES}csv", headers={"Accept-Encoding": coding})
    assert answer.headers["Transfer-Encoding"] is None
    assert int(answer.headers["Content-Length"]) == len(answer.body)


def breaks_off(environ, start_response):
    """A WSGI application whose file cannot be read to its end."""
    if environ["PATH_INFO"] == "/whole":
        start_response("200 OK", [("Content-Length", "0")])
        return []
    start_response("200 OK", [("Content-Length", "3000")])

    def blocks():
        yield b"x" * 1000
        raise OSError("the disk failed")

    return blocks()


def test_the_server_shows_that_a_file_could_not_be_read_to_its_end(state):
    granian = ("-m", "granian", "--interface", "wsgi", "--port", "{port}")
    with Server(state, *granian, f"{__name__}:breaks_off") as server:
        until(lambda: server.status("/whole") == 200, "granian answers", server.printed)
        # In a hurry, the server breaks off before it sends anything.
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            server.ask("/")

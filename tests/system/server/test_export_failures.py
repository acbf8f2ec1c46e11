"""What a client of a real server sees when an export goes wrong: never a shorter good file."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request

import psycopg
import pytest

from casesapi.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.system.processes import Process, free_port, status
from tests.waiting import until

SYNTHETIC = 60_000  # sources, so that an export lasts a second and overflows all buffers


class Serve(Process):
    def __init__(self, state):
        self.port = free_port()
        super().__init__(state, "manage.py", "serve", PORT=str(self.port), WORKERS="1")
        self.waits_for("Stop it with Ctrl-C.")

    def get(self, path):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1{path}", timeout=60)


@pytest.fixture(scope="module")
def serve(state):
    with Serve(state) as serve:
        yield serve


@pytest.fixture(scope="module", autouse=True)
def connection(state, serve):
    """To the server's database, which has synthetic sources in a publication of their own."""
    folder = str(EmbeddedPostgres(state).sockets)
    with psycopg.connect(
        host=folder, user=SUPERUSER, dbname=DATABASE, autocommit=True
    ) as connection:
        connection.execute(
            "INSERT INTO cases_publication VALUES (2, now(), 'synthetic', repeat('0', 64))"
        )
        connection.execute(
            "INSERT INTO cases_publishedsource (public_id, version, since_id, body, words)"
            " SELECT name, 1, 2, replace(body, 'SRC-0001', name), words"
            " FROM cases_publishedsource, generate_series(1000001, 1000000 + %s) AS number,"
            "  concat('SRC-', number) AS name"
            " WHERE public_id = 'SRC-0001'",
            [SYNTHETIC],
        )
        yield connection


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_database_that_breaks_off_gives_an_error_and_no_file(serve, connection, form):
    killed = threading.Event()

    def kill():
        while not killed.is_set():
            found = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'FETCH FORWARD%%' AND pid <> pg_backend_pid()"
            ).fetchall()
            if found:
                killed.set()
            time.sleep(0.001)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(urllib.error.HTTPError) as caught:
            serve.get(f"/sources/?format={form}")
        assert killed.is_set()
    finally:
        killed.set()
        killer.join()
    assert caught.value.status == 503
    assert caught.value.headers["Content-Type"] == "application/problem+json"
    assert json.load(caught.value)["code"] == "unavailable"
    # The next one is whole again.
    with serve.get(f"/sources/?format={form}") as answer:
        assert int(answer.headers["Content-Length"]) == len(answer.read())


def test_a_server_that_dies_while_it_sends_gives_an_incomplete_read(state):
    with Serve(state) as dying, dying.get("/sources/?format=ndjson") as answer:
        assert int(answer.headers["Dataset-Count"]) > SYNTHETIC
        answer.read(1000)
        dying.kill()
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_a_file_is_never_chunked(serve, coding):
    """A chunked answer that breaks off ends as if it were complete."""
    address = f"http://127.0.0.1:{serve.port}/api/v1/sources/?format=csv"
    request = urllib.request.Request(address, headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.headers["Transfer-Encoding"] is None
        assert int(answer.headers["Content-Length"]) == len(answer.read())


def breaks_off(environ, start_response):
    """A WSGI application whose file cannot be read to its end."""
    start_response("200 OK", [("Content-Length", "3000")])

    def blocks():
        yield b"x" * 1000
        raise OSError("the disk failed")

    return blocks()


def test_the_server_shows_that_a_file_could_not_be_read_to_its_end(state):
    port = free_port()
    application = f"{__name__}:breaks_off"
    with Process(state, "-m", "granian", "--interface", "wsgi", "--port", str(port), application):
        until(lambda: status(port) == 200)
        # In a hurry, the server breaks off before it sends anything.
        with (
            pytest.raises((http.client.IncompleteRead, ConnectionResetError)),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer,
        ):
            answer.read()

"""The disk of temporary and kept files is full; the database has its own."""

import psutil
import pytest

from tests.system.faults.disks import fill, small
from tests.system.faults.nodes import fresh, seconds_until_it_answers
from tests.system.processes import Server
from tests.waiting import until

SIZE = 4  # MB


@pytest.fixture(scope="module")
def small_disk():
    with small(SIZE) as folder:
        yield folder


@pytest.fixture(scope="module")
def node(state, small_disk):
    places = {
        "TMPDIR": str(small_disk),
        "EXPORT_CACHE_DIR": str(small_disk / "state" / "exports"),
    }
    with Server(state, **places).started() as node:
        yield node


def workers(node):
    return {worker.pid for worker in node.workers()}


def ask(node, form):
    """A file that was not requested before."""
    # Another one may be written at the moment.
    answers = []
    until(
        lambda: (
            answers.append(node.ask(f"/api/v1/sources/?format={form}&{fresh().split('&')[1]}"))
            or b'"busy"' not in answers[-1][2]
        ),
        "no other file is written",
    )
    return answers[-1]


def test_a_full_disk_of_temporary_files_ends_nothing(node, small_disk):
    before = workers(node)
    # More than the disk takes: those that are kept make room.
    for _ in range(60):
        assert ask(node, "ndjson")[0] == 200
    filler = small_disk / "filler"
    fill(filler)
    statuses = set()
    for form in ("csv", "xlsx", "parquet", "ndjson") * 3:
        fill(filler)
        status, headers, body = ask(node, form)
        statuses.add(status)
        if status == 503:
            assert headers["Retry-After"] == "60"
            assert b"disk_full" in body
    assert 503 in statuses
    assert statuses <= {200, 503}
    # All else goes on, and metrics count.
    for _ in range(8):
        assert node.status(f"/api/v1/sources/?page_size={fresh()}") == 200
    until(
        lambda: any(name.startswith("cases_requests_total{") for name in node.metrics()),
        "requests are counted",
        node.printed,
    )
    filler.unlink()
    for form in ("csv", "xlsx", "parquet", "ndjson"):
        assert ask(node, form)[0] == 200
    assert workers(node) == before
    left = [path.name for path in small_disk.iterdir()]
    assert not [name for name in left if "xlsx" in name or name.startswith("tmp")]


def test_a_worker_that_starts_on_a_full_disk_serves(node, small_disk):
    fill(small_disk / "filler")
    killed = workers(node)
    for pid in killed:
        psutil.Process(pid).kill()
    until(
        lambda: len(workers(node) - killed) == len(killed),
        "workers are started anew",
        node.printed,
    )
    seconds_until_it_answers(node)

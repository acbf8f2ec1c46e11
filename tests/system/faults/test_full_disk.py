"""The disk of temporary and kept files is full; the database has its own."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from tests.system.faults.nodes import Node, fresh
from tests.system.faults.test_disk import fill
from tests.waiting import until

SIZE = 4  # MB


@pytest.fixture
def small_disk():
    folder = Path(tempfile.mkdtemp(prefix="cases-api-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=700", "tmpfs", str(folder)]
    if (
        os.geteuid()
        or not shutil.which("mount")
        or subprocess.run(mount, capture_output=True).returncode
    ):
        folder.rmdir()
        pytest.skip("to mount a small disk needs root, and a container that may mount")
    yield folder
    # Lazily, as a process that is just ending may hold a file.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def workers(node):
    return {
        child.pid
        for child in psutil.Process(node.pid).children()
        if any("spawn_main" in word for word in child.cmdline())
    }


def ask(node, form):
    """A file that nobody asked for before."""
    # Another one may be written at the moment.
    answers = []
    until(
        lambda: (
            answers.append(node.get(f"/api/v1/sources/?format={form}&{fresh().split('&')[1]}"))
            or b'"busy"' not in answers[-1][2]
        ),
        "no other file is written",
    )
    return answers[-1]


def test_a_full_disk_of_temporary_files_ends_nothing(state, small_disk):
    places = {
        "TMPDIR": str(small_disk),
        "EXPORT_CACHE_DIR": str(small_disk / "state" / "exports"),
        "METRICS_TOKEN": "only-for-tests-0123456789",
    }
    with Node(state, **places) as node:
        node.started()
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
            assert node.get(f"/api/v1/sources/?page_size={fresh()}")[0] == 200
        time.sleep(1)
        token = {"Authorization": f"Bearer {places['METRICS_TOKEN']}"}
        assert b"cases_requests_total{" in node.get("/metrics", **token)[2]
        filler.unlink()
        for form in ("csv", "xlsx", "parquet", "ndjson"):
            assert ask(node, form)[0] == 200
        assert workers(node) == before
        left = [path.name for path in small_disk.iterdir()]
        assert not [name for name in left if "xlsx" in name or name.startswith("tmp")]


def test_a_worker_that_starts_on_a_full_disk_serves(state, small_disk):
    with Node(state, TMPDIR=str(small_disk)) as node:
        node.started()
        fill(small_disk / "filler")
        killed = workers(node)
        for pid in killed:
            psutil.Process(pid).kill()
        until(lambda: len(workers(node)) == len(killed), "workers are started anew", node.printed)
        node.seconds_until_it_answers()

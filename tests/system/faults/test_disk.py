"""The disk of the embedded database is full while publications are written."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from casesapi.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.system.faults.nodes import (
    Node,
    Publisher,
    Readers,
    assert_ledger_verifies,
    assert_nothing_is_lost,
)
from tests.system.processes import processes_of
from tests.waiting import until

# MB: the database with the data, its log, and little more.
SIZE = 200


@pytest.fixture
def small_disk():
    """A state folder on a disk of its own, in memory."""
    folder = Path(tempfile.mkdtemp(prefix="cases-api-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=711", "tmpfs", str(folder)]
    if (
        os.geteuid()
        or not shutil.which("mount")
        or subprocess.run(mount, capture_output=True).returncode
    ):
        folder.rmdir()
        pytest.skip("to mount a small disk needs root, and a container that may mount")
    yield folder
    until(lambda: not processes_of(folder))
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_loses_nothing_and_when_there_is_room_again_all_goes_on(small_disk, took):
    filler = small_disk / "filler"
    server = EmbeddedPostgres(small_disk)
    with Node(small_disk) as node:
        node.started()
        with Publisher(small_disk) as publisher, Readers(node) as readers:
            until(lambda: len(publisher.confirmed) > 1)
            fill(filler)
            until(lambda: publisher.printed().count("failed") > 3)
            # Who reads needs no room, unless the server had to stop; then it is told so.
            time.sleep(2)
            seen = set(readers.statuses)
            assert seen <= {200, 503}
            filler.unlink()
            begin = time.monotonic()
            node.seconds_until_it_answers()
            took("disk full, then room again, answered", time.monotonic() - begin)
            already = len(publisher.confirmed)
            until(lambda: len(publisher.confirmed) > already)
            took("disk full, then room again, published", time.monotonic() - begin)
            publisher.kill()
        assert readers.statuses.keys() <= {200, 503}
        assert (readers.broken, readers.backwards) == (0, [])
        dsn = f"host={server.sockets} user={SUPERUSER} dbname={DATABASE}"
        assert_nothing_is_lost(dsn, publisher.confirmed)
        assert_ledger_verifies(small_disk)


def fill(path):
    """Until not a byte is left."""
    with path.open("wb", buffering=0) as file:
        block = b"\0" * 1_000_000
        while block:
            try:
                file.write(block)
            except OSError:
                block = block[: len(block) // 2]

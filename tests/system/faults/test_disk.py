"""The disk of the embedded database is full while publications are written."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests.system.faults.nodes import (
    Publisher,
    Readers,
    assert_ledger_verifies,
    assert_nothing_is_lost,
    seconds_until_it_answers,
)
from tests.system.processes import Server, dsn, until_nothing_runs
from tests.system.tools import not_tested
from tests.waiting import until

# MB: the database with the data, its log, and little more.
SIZE = 200


@pytest.fixture
def small_disk():
    """A state folder on a disk of its own, in memory."""
    what, folder = "a full disk", Path(tempfile.mkdtemp(prefix="cases-api-small-"))
    try:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=711", "tmpfs", str(folder)]
        if os.geteuid():
            not_tested(what, "only root may mount a small one: run the tests as root on Linux")
        if subprocess.run(mount, capture_output=True).returncode:
            not_tested(what, "this container may not mount a small one: give it CAP_SYS_ADMIN")
        try:
            yield folder
            until_nothing_runs(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


def test_a_full_disk_loses_nothing_and_when_there_is_room_again_all_goes_on(small_disk, took):
    filler = small_disk / "filler"
    with Server(small_disk).started() as node:
        with Publisher(small_disk) as publisher, Readers(node) as readers:
            publisher.publishes(2)
            fill(filler)
            until(
                lambda: publisher.printed().count("failed") > 3,
                "publishing fails for want of room",
                publisher.printed,
            )
            # Who reads needs no room, unless the server had to stop; then it is told so.
            readers.answered(50)
            assert {*readers.statuses} <= {200, 503}
            filler.unlink()
            begin = time.monotonic()
            took("disk full, then room again, answered", seconds_until_it_answers(node))
            publisher.publishes()
            took("disk full, then room again, published", time.monotonic() - begin)
            publisher.kill()
        assert readers.statuses.keys() <= {200, 503}
        assert (readers.broken, readers.backwards) == (0, [])
        assert_nothing_is_lost(dsn(small_disk), publisher.confirmed)
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

"""The disk of the embedded database is full while publications are written."""

import time

import pytest

from tests.system.faults.disks import fill, small
from tests.system.faults.nodes import (
    Publisher,
    Readers,
    assert_ledger_verifies,
    assert_nothing_is_lost,
    seconds_until_it_answers,
)
from tests.system.processes import Server, dsn
from tests.waiting import until

# MB: the database with the data, its log, and little more.
SIZE = 200


@pytest.fixture
def small_disk():
    """A state folder on a disk of its own."""
    with small(SIZE) as folder:
        yield folder


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

"""What a process counts when it learns of a publication, nobody has to wait for later."""

import threading
from random import Random
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cases.edge.latest import LatestPublication
from cases.web.explorer import precompute
from cases.web.explorer.groups import BESIDE, counted_by
from tests.api import published
from tests.api.random_history import History
from tests.waiting import WAIT_TIMEOUT


@pytest.fixture(autouse=True)
def _every_list_is_long(monkeypatch):
    monkeypatch.setattr(precompute, "COUNTED_AT_ONCE", 0)


def walks(client):
    """Statements that count, for which a reader of a list and of its filters would wait."""
    with CaptureQueriesContext(connection) as queries:
        by = [name for each in BESIDE["cases"] if (name := counted_by("cases", each))]
        for path in ("", "cases/", f"cases/facets/?{urlencode({'by': by}, doseq=True)}"):
            assert client.get(f"/api/v1/{path}").status_code == 200
    return [query["sql"] for query in queries if "count(*)" in query["sql"].lower()]


def test_a_reader_finds_everything_counted(empty, client):
    precompute.count()  # of nothing
    history = History(Random(9), size=4, redacting=True)
    assert walks(client)
    for _ in range(4):
        history.go_on(1)
        precompute.count()
        assert walks(client) == []


def test_a_thread_counts_and_a_database_that_fails_does_not_stop_the_next(
    shared_database, client, monkeypatch
):
    History(Random(9), size=4)
    count = precompute.count

    def fail():
        raise OperationalError

    monkeypatch.setattr(precompute, "count", fail)
    prepare()
    monkeypatch.setattr(precompute, "count", count)
    assert walks(client)
    published.publish()
    prepare()
    assert walks(client) == []


def prepare():
    precompute.prepare(LatestPublication())
    for thread in threading.enumerate():
        if thread.name == "counts ahead":
            thread.join(WAIT_TIMEOUT)

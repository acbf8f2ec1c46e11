"""Readers and publishers at the same time, each on a connection of its own."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import orjson
import pytest
from django.db import connection, transaction
from django.test import Client

from cases.models import Entry, Publication, Source, published
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.vocabulary import RecordKind
from casesapi.postgres.state_dir import CHECKOUT
from tests import synthetic
from tests.api.reading import ids, pages, read
from tests.waiting import WAIT_TIMEOUT

pytestmark = pytest.mark.usefixtures("shared_database")


def number(count):
    return f"SRC-{9000 + count}"


def sources(count):
    for public_id in map(number, range(1, count + 1)):
        synthetic.source(public_id, title=f"{public_id} as it was")


def retitle(public_id, title):
    Source.objects.filter(pk=public_id).update(title=title)


def elsewhere(work, *arguments):
    """Runs `work` on a connection of its own, as a future."""

    def run():
        try:
            return work(*arguments)
        finally:
            connection.close()

    executor = ThreadPoolExecutor(1)
    future = executor.submit(run)
    executor.shutdown(wait=False)
    return future


def at_once(*works):
    """Runs all of them at the same moment, each on its own connection; returns their results."""
    together = Barrier(len(works))

    def started(work):
        together.wait(WAIT_TIMEOUT)
        return work()

    return [future.result(WAIT_TIMEOUT) for future in [elsewhere(started, work) for work in works]]


def titles():
    return {
        row.public_id: orjson.loads(row.body)["title"]
        for row in published(RecordKind.SOURCE).current()
    }


def assert_sound():
    assert list(differences()) == []
    numbers = Publication.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("ordering", ["id", "-id", "publication", "-publication", "-published"])
def test_a_crawl_sees_one_state_while_another_connection_publishes(client, ordering):
    sources(9)
    ledger.publish()
    retitle(number(4), "corrected before the crawl")
    ledger.publish()
    before = titles()

    def publish_more(step):
        """Corrects one record, adds one and takes one away, also some already crawled."""
        retitle(number(step), f"corrected while crawled {step}")
        retitle(number(10 - step), f"corrected while crawled {step}")
        synthetic.source(number(20 + step), title="added")
        synthetic.source(f"SRC-0{step}00", title="added in front")
        if step > 1:
            Source.objects.filter(pk=number(step - 1)).delete()
        ledger.publish()

    crawled = []
    for step, page in enumerate(
        pages(client, "sources/", ordering=ordering, page_size=2, published_after="2024"), 1
    ):
        assert step <= 5, "the crawl should have ended"
        assert (page["publication"], page["count"]) == (2, 9)
        crawled += [(source["id"], source["title"]) for source in page["results"]]
        elsewhere(publish_more, step).result(WAIT_TIMEOUT)
    assert len(crawled) == 9
    assert dict(crawled) == before
    assert Publication.objects.count() == 2 + 5
    assert_sound()


def test_a_reader_sees_nothing_of_a_publication_until_it_is_whole(client, monkeypatch):
    sources(3)
    ledger.publish()
    before = client.get("/api/v1/sources/").content
    retitle(number(1), "new")
    written, seen = Event(), Event()
    digest = ledger.publication_digest

    def pause(*arguments):
        # All rows of the publication are written by now; only the commit is missing.
        written.set()
        assert seen.wait(WAIT_TIMEOUT)
        return digest(*arguments)

    monkeypatch.setattr(ledger, "publication_digest", pause)
    publishing = elsewhere(ledger.publish)
    assert written.wait(WAIT_TIMEOUT)
    during = client.get("/api/v1/sources/").content
    seen.set()
    publishing.result(WAIT_TIMEOUT)
    assert during == before
    assert read(client, "sources/")["publication"] == 2
    assert titles()[number(1)] == "new"


def test_two_publishers_at_once_lose_nothing(client):
    sources(1)
    ledger.publish()

    def edit_and_publish(first):
        for count in range(first, first + 10):
            synthetic.source(number(count), title=f"by {first}")
            ledger.publish(f"by {first}")

    at_once(lambda: edit_and_publish(20), lambda: edit_and_publish(40))
    assert titles() == {number(1): f"{number(1)} as it was"} | {
        number(first + count): f"by {first}" for first in (20, 40) for count in range(10)
    }
    assert_sound()
    crawled = [
        public_id for page in pages(client, "sources/", page_size=4) for public_id in ids(page)
    ]
    assert sorted(crawled) == sorted(titles())


def test_two_publishers_of_the_same_change_publish_it_once():
    sources(3)
    done = at_once(ledger.publish, ledger.publish, ledger.publish)
    assert sorted(publication is None for publication in done) == [False, True, True]
    assert Entry.objects.filter(record=RecordKind.SOURCE).count() == 3
    assert_sound()


def test_readers_of_several_threads_see_whole_publications_only():
    sources(5)
    ledger.publish()
    stop = Event()

    def publish_often():
        for count in range(8):
            with transaction.atomic():
                Source.objects.update(title=f"edition {count}")
            ledger.publish()
        stop.set()

    def read_often():
        client, seen = Client(), set()
        while not stop.is_set():
            page = read(client, "sources/")
            seen.add((page["publication"], *(source["title"] for source in page["results"])))
        return seen

    _, *answers = at_once(publish_often, read_often, read_often)
    for seen in answers:
        for publication, *found in seen:
            if publication == 1:
                assert len(found) == 5
            else:
                assert found == [f"edition {publication - 2}"] * 5
    assert_sound()


KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from cases.models import Entry
from cases.publishing.ledger import ledger
Entry.objects.bulk_create = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
ledger.publish()
"""


def test_a_publisher_that_is_killed_leaves_nothing_and_the_next_one_works(client, shared_database):
    sources(3)
    ledger.publish()
    before = client.get("/api/v1/sources/").content
    retitle(number(2), "new")
    synthetic.source(number(4), title="added")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, shared_database],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "casesapi.settings"},
        timeout=WAIT_TIMEOUT,
    )
    assert killed.returncode == -signal.SIGKILL
    assert client.get("/api/v1/sources/").content == before
    assert Publication.objects.count() == 1
    assert_sound()
    publication = elsewhere(ledger.publish).result(WAIT_TIMEOUT)
    assert publication.number == 2
    assert titles()[number(2)] == "new"
    assert_sound()


def test_a_publisher_that_fails_leaves_nothing_and_the_next_one_works(monkeypatch):
    sources(3)
    ledger.publish()
    before = titles()
    retitle(number(2), "new")

    def fail(*_):
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(Entry.objects, "bulk_create", fail)
        with pytest.raises(RuntimeError, match="disk full"):
            ledger.publish()
    assert titles() == before
    assert_sound()
    assert elsewhere(ledger.publish).result(WAIT_TIMEOUT).number == 2
    assert_sound()


def test_a_publication_holds_one_state_of_the_working_copy(client):
    """Editors commit while a publication is being made; half of an edit must not go out."""
    case = synthetic.case()
    ledger.publish()

    def edit():
        with transaction.atomic():
            retitle(synthetic.SOURCE, "new title")
            synthetic.change(case, court_case_number="new number")

    def edited_on_the_way(documents):
        for document in documents:
            yield document
            if document.record == RecordKind.SOURCE:
                elsewhere(edit).result(WAIT_TIMEOUT)

    synthetic.source(number(5), title="something to publish")
    ledger.publish(progress=edited_on_the_way)
    record = read(client, "sources/SRC-9001/", as_of=2)
    within = read(client, "cases/KZ-9001/", as_of=2)
    [embedded] = [source for source in within["sources"] if source["id"] == record["id"]]
    assert record["title"] == embedded["title"]
    assert (record["title"] == "new title") == (within["court_case_number"] == "new number")


def test_a_reader_who_pages_while_somebody_is_redacted_never_sees_half_of_it(client):
    """The pages that come after the redaction hold nothing of the person, and the crawl ends."""
    for count in range(1, 7):
        person = {"names": [(f"Blimpov{'abcdef'[count - 1] * 3} Zarzuk", "full")]}
        synthetic.case(f"KZ-900{count}", defendant=person)
    ledger.publish()
    crawled, redacted = [], False
    for page in pages(client, "defendants/", page_size=1, ordering="id"):
        crawled += ids(page)
        text = orjson.dumps(page).decode()
        assert not (redacted and "Blimpovfff" in text)
        if not redacted:
            target = redacting.find("KZ-9006-D1")
            others = redacting.shared_by(target)
            target = redacting.find("KZ-9006-D1", different=others)
            elsewhere(redacting.redact, target, "On request").result(WAIT_TIMEOUT)
            redacted = True
    assert crawled == [f"KZ-900{count}-D1" for count in range(1, 7)]
    assert_sound()


def test_a_redaction_and_a_publisher_wait_for_each_other(client):
    synthetic.case(defendant={"names": [("Blimpov Zarzuk", "full")]})
    sources(2)
    ledger.publish()
    target = redacting.find("KZ-9001-D1")

    def publish_more():
        for count in range(3):
            retitle(number(2), f"edition {count}")
            ledger.publish()

    at_once(lambda: redacting.redact(target, "On request"), publish_more)
    assert_sound()
    assert "Blimpov" not in client.get("/api/v1/cases/?as_of=1").content.decode()


def test_two_editors_who_publish_the_same_record_publish_it_once():
    synthetic.case()
    root = RecordRef(RecordKind.CASE, "KZ-9001")
    done = at_once(*[lambda: actions.publish({root}, "", None)] * 2)
    assert sorted(publication is None for publication in done) == [False, True]
    assert_sound()

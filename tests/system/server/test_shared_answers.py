"""Answers in a real Redis: the same from every process, signed, short-lived, and dispensable."""

import time

import pytest

from cases.edge.cache import redis
from cases.edge.cache.memory import Answer
from cases.edge.cache.redis import LARGEST, LIFE, SharedAnswers
from cases.edge.cache.wsgi import CachedAnswers
from cases.edge.latest import LatestPublication
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.checked import MEMORY, Told, ask
from tests.api.test_answer_cache import ADDRESSES, HEAD, ORIGIN, django, environ
from tests.system import redis_server

__all__ = ["django"]  # a fixture

KEY = ("http", "testserver", None, "/api/v1/cases/", "", True)


@pytest.fixture(scope="module")
def running():
    with redis_server.running() as store:
        yield store


@pytest.fixture
def store(running, monkeypatch):
    running.asked(lambda client: client.flushall())
    # A test may be held up for longer than a request may be.
    monkeypatch.setattr(redis, "PATIENCE", 10)
    return running


@pytest.fixture
def process(django, store):
    """Makes what one process has in front of Django."""
    return lambda: CachedAnswers(django, Told(), MEMORY, SharedAnswers(store.url))


def answer(body=b"synthetic"):
    headers = [("Content-Type", "application/json"), ("X-Name", "Люфт")]
    return Answer("200 OK", headers, body, '"1"', None, headers[1:])


@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd"])
def test_what_one_process_computed_all_others_have(django, process, coding):
    asked = {"HTTP_ACCEPT_ENCODING": coding} if coding else {}
    for address in ADDRESSES:
        for more in ({}, ORIGIN):
            first = ask(process(), environ(address, **asked, **more))
            before, other = django.asked, process()
            # From the store, and then out of its own memory.
            for _ in range(2):
                assert ask(other, environ(address, **asked, **more)) == first
            status, headers, body = ask(other, environ(address, "HEAD", **asked, **more))
            assert (status, headers, body) == (*first[:2], b"")
            known = environ(address, **asked, **more, HTTP_IF_NONE_MATCH=first[1]["etag"])
            assert ask(other, dict(known))[0] == 304
            assert django.asked == before, address


def test_what_is_taken_out_of_the_past_is_not_found(process, store):
    address = "cases/KZ-0009/?as_of=1"
    assert b"KZ-59" in ask(process(), environ(address))[2]
    rows = published.rows(RecordKind.CASE).filter(public_id="KZ-0009", since=1)
    rows.update(body=rows.get().body.replace("KZ-59", "XX-00"))
    # Redacting is a publication as well.
    published.publish(*published.reference(region=["XX"]))
    assert b"KZ-59" not in ask(process(), environ(address))[2]
    # What was there before ends by itself.
    left = store.asked(lambda client: [client.ttl(name) for name in client.scan_iter()])
    assert len(left) == 2
    assert all(0 < seconds <= LIFE for seconds in left)


def test_an_answer_comes_back_as_it_was(store):
    answers = SharedAnswers(store.url)
    assert answers.get(HEAD, KEY) is None
    for body in (b"synthetic", b"", bytes(range(256)) * 100):
        answers.put(HEAD, KEY, answer(body))
        assert answers.get(HEAD, KEY) == answer(body)
    assert answers.get(LatestPublication(1, "b" * 64), KEY) is None
    assert answers.get(HEAD, (*KEY[:-1], False)) is None


def test_what_another_wrote_or_moved_is_not_believed(store, settings):
    answers = SharedAnswers(store.url)
    answers.put(HEAD, KEY, answer())
    [name] = store.asked(lambda client: list(client.scan_iter()))
    signed = store.asked(lambda client: client.get(name))
    other = redis._name(HEAD, (*KEY[:-1], False))
    store.asked(lambda client: client.set(other, signed))
    assert answers.get(HEAD, (*KEY[:-1], False)) is None
    for forged in (signed.replace(b"synthetic", b"forgeries"), signed[:-1], b"", b"x" * 40):
        store.asked(lambda client, forged=forged: client.set(name, forged))
        assert answers.get(HEAD, KEY) is None
    store.asked(lambda client: client.set(name, signed))
    assert answers.get(HEAD, KEY) == answer()
    settings.SECRET_KEY = "synthetic " * 5
    assert answers.get(HEAD, KEY) is None


def test_a_long_answer_is_not_put_there(store):
    SharedAnswers(store.url).put(HEAD, KEY, answer(b"x" * (LARGEST + 1)))
    assert store.asked(lambda client: client.dbsize()) == 0


def test_without_the_store_everything_is_answered_and_it_is_used_again(
    django, process, store, monkeypatch
):
    monkeypatch.setattr(redis, "PAUSE", 0.2)
    one, two = process(), process()
    fresh = ask(one, environ("cases/"))
    store.kill()
    try:
        assert ask(two, environ("cases/")) == fresh
        assert ask(one, environ("verdicts/"))[0] == 200
    finally:
        store.start()
    time.sleep(0.3)
    ask(one, environ("sources/"))
    asked = django.asked
    assert ask(two, environ("sources/"))[0] == 200
    assert django.asked == asked


def test_a_store_that_does_not_answer_holds_up_one_request_for_a_moment(
    process, store, monkeypatch
):
    monkeypatch.setattr(redis, "PATIENCE", 2)
    monkeypatch.setattr(redis, "PAUSE", 600)
    one = process()
    ask(one, environ("cases/"))
    store.freeze()
    try:
        waited = []
        for address in ("verdicts/", "sources/", "regions/", "courts/"):
            begin = time.monotonic()
            assert one._shared.get(HEAD, (address,)) is None
            waited.append(time.monotonic() - begin)
            assert ask(one, environ(address))[0] == 200
    finally:
        store.thaw()
    # Only the first one waited, until its patience was over.
    assert waited[0] >= 2
    assert sum(waited[1:]) < waited[0]

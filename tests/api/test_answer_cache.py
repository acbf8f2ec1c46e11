"""Answers out of memory: the same as Django's, only while they are true, and no more than fit."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils.http import http_date

from cases.edge.cache.memory import LARGEST_SHARE, OVERHEAD, Answer, AnswerStore
from cases.edge.cache.wsgi import READ_AT, CachedAnswers
from cases.edge.latest import LatestPublication
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.checked import MEMORY, Told, ask
from tests.api.reading import LISTS, REFERENCE_LISTS
from tests.waiting import WAIT_TIMEOUT

ADDRESSES = [
    "",
    *(f"{name}/" for name in (*LISTS, *REFERENCE_LISTS)),
    *(f"{name}/?as_of=1" for name in (*LISTS, *REFERENCE_LISTS)),
    "cases/KZ-0009/",
    "cases/KZ-0009/?as_of=1&fields=defendants.plea",
    "cases/KZ-0009/versions/",
    "cases/facets/?by=region&by=formation&country=KZ",
    "cases/facets/?by=region&format=geojson",
    "cases/facets/?by=outcome&measure=sentence_months",
    "cases/?region=KZ-59,KZ-75&page_size=1&ordering=-opened&count=false",
    "defendants/?q=nobody",
    "statistics/coverage/",
    "changes/?since=0",
    "publications/",
    "codebook/",
    "schema/",
    "schema/?format=yaml",
    "docs/",
    "redoc/",
]
ERRORS = [
    ("cases/?regoin=KZ", 400),
    ("cases/?as_of=99", 400),
    ("cases/KZ-9999/", 404),
    ("nothing/", 404),
    ("cases/UZ-0002/", 410),
    ("cases/KG-0001/", 308),
    ("cases", 301),
]
CODINGS = ["", "gzip", "br", "zstd", "gzip;q=0.5, br"]
ORIGIN = {"HTTP_ORIGIN": "https://synthetic.example"}


def environ(address, method="GET", **headers):
    path, _, query = f"/api/v1/{address}".partition("?")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **headers,
    }


class Django:
    """The application behind the cache; it counts how often it is asked."""

    def __init__(self):
        self.handler = get_wsgi_application()
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.handler(environ, start_response)


@pytest.fixture
def django(dataset):
    # The test's transaction must outlive its requests.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield Django()
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.fixture
def cache(django):
    return CachedAnswers(django, Told(), MEMORY)


def filled(cache, django, address, **headers):
    """Asks until the answer is kept, and makes sure that it is."""
    ask(cache, environ(address, **headers))
    asked = django.asked
    answer = ask(cache, environ(address, **headers))
    assert django.asked == asked, f"{address} is not kept"
    return answer


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_out_of_memory_is_that_of_django(cache, django, address, coding):
    headers = {"HTTP_ACCEPT_ENCODING": coding} if coding else {}
    for more in ({}, ORIGIN):
        kept = filled(cache, django, address, **headers, **more)
        assert kept == ask(django, environ(address, **headers, **more))
        assert kept[0] == 200
        assert ("access-control-allow-origin" in kept[1]) is bool(more)
        without_body = ask(cache, environ(address, "HEAD", **headers, **more))
        assert without_body == (*kept[:2], b"")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_was_found_in_memory_is_answered_without_another_look(cache, django, method):
    address = ADDRESSES[0]
    asked = environ(address, method)
    assert not cache.knows(asked)
    filled(cache, django, address)
    expected = ask(cache, environ(address, method))
    assert cache.knows(asked)
    cache.store.get = None
    assert ask(cache, asked) == expected


@pytest.mark.parametrize(
    "own",
    [{"HTTP_COOKIE": "a=1"}, {"HTTP_AUTHORIZATION": "Api-Key x"}, {"HTTP_RANGE": "bytes=0-1"}],
)
def test_what_may_be_ones_own_is_not_known(cache, django, own):
    filled(cache, django, ADDRESSES[0])
    assert not cache.knows(environ(ADDRESSES[0], **own))
    assert not cache.knows(environ(ADDRESSES[0], "POST"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_client_holds_is_not_sent_again(cache, django, address):
    _, headers, _ = filled(cache, django, address)
    _, compressed, _ = filled(cache, django, address, HTTP_ACCEPT_ENCODING="gzip")
    tag, modified = headers["etag"], headers["last-modified"]
    for conditions in (
        {"HTTP_IF_NONE_MATCH": tag},
        {"HTTP_IF_NONE_MATCH": f"W/{tag}"},
        {"HTTP_IF_NONE_MATCH": f'"other", {tag}'},
        {"HTTP_IF_NONE_MATCH": compressed["etag"], "HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_IF_MODIFIED_SINCE": modified},
        {"HTTP_IF_NONE_MATCH": tag, "HTTP_IF_MODIFIED_SINCE": http_date(0)},
    ):
        for more in ({}, ORIGIN):
            asked = environ(address, **conditions, **more)
            fresh = ask(django, dict(asked))
            assert fresh[0] == 304
            coding = {n: v for n, v in conditions.items() if n == "HTTP_ACCEPT_ENCODING"}
            filled(cache, django, address, **coding, **more)
            before = django.asked
            status, unchanged, body = ask(cache, dict(asked))
            assert (status, body, django.asked) == (304, b"", before)
            assert unchanged == fresh[1]


@pytest.mark.parametrize(
    "conditions",
    [
        {"HTTP_IF_NONE_MATCH": '"other"'},
        {"HTTP_IF_NONE_MATCH": ""},
        {"HTTP_IF_MODIFIED_SINCE": http_date(0)},
        {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
    ],
)
def test_what_a_client_does_not_hold_is_sent(cache, django, conditions):
    kept = filled(cache, django, "cases/")
    asked = environ("cases/", **conditions)
    assert ask(cache, dict(asked)) == kept == ask(django, asked)


@pytest.mark.parametrize(("address", "status"), ERRORS)
def test_an_error_is_not_kept(cache, django, address, status):
    published.publish(
        withdrawn=[(RecordKind.CASE, "UZ-0002")], merged={(RecordKind.CASE, "KG-0001"): "KZ-0009"}
    )
    for times in (1, 2):
        assert ask(cache, environ(address))[0] == status
        assert django.asked == times
    assert len(cache.store) == 0


def test_a_file_is_not_kept(cache, django):
    for times in (1, 2):
        assert ask(cache, environ("cases/?format=csv"))[0] == 200
        assert django.asked == times


@pytest.mark.parametrize(
    "own",
    [
        {"HTTP_COOKIE": "sessionid=1"},
        {"HTTP_AUTHORIZATION": "Api-Key 1"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_IF_MATCH": '"other"'},
        {"HTTP_IF_UNMODIFIED_SINCE": http_date(0)},
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"QUERY_STRING": "ids=" + "KZ-0009," * 300 + "KZ-0009"},
    ],
)
def test_who_asks_for_something_of_his_own_gets_past_the_cache(cache, django, own):
    filled(cache, django, "cases/")
    for times in (2, 3):
        status, _, _ = ask(cache, environ("cases/") | own)
        assert django.asked == times
        assert (status, len(cache.store)) == (ask(django, environ("cases/") | own)[0], 1)
        django.asked -= 1


def test_a_new_publication_is_answered_at_once_and_the_old_is_forgotten(cache, django):
    addresses = ["cases/", "cases/?as_of=1", "cases/KZ-0009/", "cases/KZ-0009/?as_of=1"]
    before = {address: filled(cache, django, address) for address in addresses}
    published.publish((RecordKind.CASE, {"id": "KZ-0009", "country": "KZ"}))
    asked = django.asked
    after = {address: ask(cache, environ(address)) for address in addresses}
    assert django.asked == asked + len(addresses)
    assert len(cache.store) == len(addresses)
    for address in addresses:
        assert (after[address][2] == before[address][2]) is ("as_of" in address)


def test_what_is_taken_out_of_the_past_is_gone_from_pinned_answers(cache, django):
    address = "cases/KZ-0009/?as_of=1"
    assert b"KZ-59" in filled(cache, django, address)[2]
    rows = published.rows(RecordKind.CASE).filter(public_id="KZ-0009", since=1)
    rows.update(body=rows.get().body.replace("KZ-59", "XX-00"))
    # Redacting is a publication as well.
    published.publish(*published.reference(region=["XX"]))
    assert b"KZ-59" not in ask(cache, environ(address))[2]


def test_while_the_head_is_not_known_nothing_is_kept_or_served(cache, django):
    filled(cache, django, "cases/")
    cache._watch.head = None
    for times in (2, 3):
        assert ask(cache, environ("cases/"))[0] == 200
        assert django.asked == times


def test_an_answer_read_before_the_head_moved_is_not_kept(cache, django):
    filled(cache, django, "cases/")
    cache._watch.head = LatestPublication(2, "b" * 64)
    for times in (2, 3):
        # The view read publication 1, which is no longer the head.
        assert ask(cache, environ("cases/"))[0] == 200
        assert django.asked == times


def test_the_order_of_parameters_makes_no_difference(cache, django):
    one = filled(cache, django, "cases/facets/?by=region&by=plea&country=KZ")
    asked = django.asked
    assert ask(cache, environ("cases/facets/?country=KZ&by=region&by=plea")) == one
    assert ask(cache, environ("cases/facets/?by=region&country=KZ&by=plea")) == one
    assert django.asked == asked
    assert ask(django, environ("cases/facets/?country=KZ&by=region&by=plea")) == one
    other = ask(cache, environ("cases/facets/?by=plea&by=region&country=KZ"))
    assert list(one[2]) == list(other[2])


@pytest.mark.parametrize(
    "place",
    [
        {"HTTP_HOST": "localhost"},
        {"HTTP_HOST": "testserver:8000"},
        {"wsgi.url_scheme": "https"},
        {"PATH_INFO": "/api/v1/defendants/"},
        {"QUERY_STRING": "page_size=2"},
        {"HTTP_ACCEPT": "application/json; charset=utf-8"},
        {"HTTP_ACCEPT_ENCODING": "br"},
    ],
)
def test_what_changes_an_answer_is_told_apart(cache, django, place, settings):
    settings.ALLOWED_HOSTS = ["*"]
    filled(cache, django, "cases/")
    asked = environ("cases/") | place
    assert ask(cache, dict(asked)) == ask(django, dict(asked))
    assert len(cache.store) == 2


@pytest.mark.parametrize(
    ("status", "changed"),
    [
        ("404 Not Found", {}),
        ("206 Partial Content", {}),
        ("200 OK", {"Set-Cookie": "a=1"}),
        ("200 OK", {"RateLimit": "1"}),
        ("200 OK", {"Vary": "Accept, Cookie"}),
        ("200 OK", {"Vary": "*"}),
        ("200 OK", {"Cache-Control": "private, max-age=30"}),
        ("200 OK", {"Cache-Control": "no-store"}),
        ("200 OK", {"ETag": None}),
        ("200 OK", {READ_AT: None}),
    ],
)
def test_only_what_says_that_anybody_may_keep_it_is_kept(status, changed):
    good = {"ETag": '"1"', "Cache-Control": "public, max-age=30", "Vary": "Accept", READ_AT: "x"}
    for headers, kept in ((good, 1), (good | changed, 0)):
        cache = CachedAnswers(Fixed(status if not kept else "200 OK", headers), Told(HEAD), MEMORY)
        ask(cache, environ("cases/"))
        assert len(cache.store) == kept


HEAD = LatestPublication(1, "a" * 64)


class Body(list):
    streaming = False

    def close(self):
        pass


class Fixed:
    """An application that answers the same to everybody, when it may."""

    def __init__(self, status, headers, may=None):
        self.status, self.headers, self.may = status, dict(headers), may
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        if self.may:
            assert self.may.wait(WAIT_TIMEOUT)
        if self.headers.get(READ_AT):
            environ[READ_AT] = HEAD
        headers = self.headers.items()
        start_response(self.status, [(n, v) for n, v in headers if v and n != READ_AT])
        return Body([b"synthetic"])


KEPT = {"ETag": '"1"', "Cache-Control": "public", READ_AT: "yes"}


def test_of_many_who_ask_for_the_same_new_thing_one_computes():
    application = Fixed("200 OK", KEPT, threading.Event())
    cache = CachedAnswers(application, Told(HEAD), MEMORY)
    with ThreadPoolExecutor(16) as crowd:
        asked = [crowd.submit(ask, cache, environ("cases/")) for _ in range(16)]
        application.may.set()
        assert {answer.result()[2] for answer in asked} == {b"synthetic"}
    assert application.asked == 1
    assert cache._under_way == {}


def test_who_waits_for_a_computation_that_fails_computes():
    failed = threading.Event()

    def fails(environ, start_response):
        if not failed.is_set():
            failed.set()
            raise RuntimeError("once")
        return Fixed("200 OK", KEPT)(environ, start_response)

    cache = CachedAnswers(fails, Told(HEAD), MEMORY)
    with pytest.raises(RuntimeError, match="once"):
        ask(cache, environ("cases/"))
    assert ask(cache, environ("cases/"))[2] == b"synthetic"
    assert cache._under_way == {}


def answer(size):
    return Answer("200 OK", [], b"x" * size, '"1"', None, [])


def test_memory_is_bounded_by_bytes_and_the_longest_unused_goes_first():
    store = AnswerStore(100_000)
    assert store.get(HEAD, ("a",)) is None
    for number in range(1000):
        store.put(HEAD, (str(number),), answer(5_000))
        assert store.get(HEAD, ("0",)) is not None
        assert store.bytes <= 100_000
    assert len(store) == 100_000 // (5_000 + OVERHEAD + 3)
    assert store.get(HEAD, ("1",)) is None
    assert store.get(HEAD, ("999",)) is not None
    # The count of bytes is that of what is there.
    assert store.get(LatestPublication(2, "b"), ("0",)) is None
    assert (len(store), store.bytes) == (0, 0)


def test_an_answer_put_again_counts_once():
    store = AnswerStore(100_000)
    store.get(HEAD, ("a",))
    for _ in range(3):
        store.put(HEAD, ("a",), answer(1_000))
    assert (len(store), store.bytes) == (1, 1_000 + OVERHEAD + 1)


def test_an_answer_that_would_push_out_everything_is_not_kept():
    store = AnswerStore(100_000)
    store.get(HEAD, ("a",))
    store.put(HEAD, ("a",), answer(100_000 // LARGEST_SHARE))
    assert len(store) == 0


def test_an_answer_of_another_head_is_not_kept():
    store = AnswerStore(100_000)
    store.get(HEAD, ("a",))
    store.put(LatestPublication(1, "b" * 64), ("a",), answer(10))
    assert len(store) == 0

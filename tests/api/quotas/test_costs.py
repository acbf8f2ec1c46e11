"""What a request costs: its kind by its address, its weight while it is computed, its work
afterwards."""

import pytest

from cases.edge.ratelimit import memory
from cases.edge.ratelimit.charging import Charged
from cases.edge.ratelimit.costs import (
    CHART,
    EDITING,
    FACETS,
    FEED,
    FILE,
    KINDS,
    PAGE,
    PASSWORD,
    RECORDS,
    SEARCH,
    THREADS,
    UNIT,
    Bucket,
    Lane,
    bucket_of,
    kind_of,
    price,
)
from cases.edge.ratelimit.keys import Keys
from cases.edge.ratelimit.limiter import Meter
from cases.edge.ratelimit.memory import ProcessCounter
from cases.edge.ratelimit.plans import ANONYMOUS, PLANS
from cases.edge.ratelimit.wsgi import STANDING, RateLimiter
from casesapi.server import spending


def asked(address, method="GET", **more):
    path, _, query = address.partition("?")
    return {
        **{"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method},
        **{"REMOTE_ADDR": "192.0.2.1"},
        **more,
    }


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/api/v1/cases/", RECORDS),
        ("/api/v1/cases/KZ-0001/", RECORDS),
        ("/api/v1/cases/?region=KZ&format=json", RECORDS),
        ("/api/v1/cases/?faq=1", RECORDS),
        ("/health/live", RECORDS),
        ("/metrics", RECORDS),
        ("/static/cases/desk.css", RECORDS),
        ("/en/", PAGE),
        ("/nowhere", PAGE),
        ("/api/v1/cases/?region=KZ&q=a", SEARCH),
        ("/api/v1/cases/?%71=a", SEARCH),
        ("/ru/cases/?q=a", SEARCH),
        ("/api/v1/cases/facets/?by=region", FACETS),
        ("/kk/cases/facets/", FACETS),
        ("/api/v1/cases/?format=csv", FILE),
        ("/api/v1/cases/?q=a&f%6Frmat=xlsx", FILE),
        ("/charts/regions.svg", CHART),
        ("/feeds/cases.atom", FEED),
        ("/desk/", EDITING),
        ("/desk/login/", EDITING),
    ],
)
def test_an_address_says_the_kind_of_a_request(address, kind):
    assert kind_of(asked(address)) is kind


def test_to_log_in_is_a_kind_of_its_own():
    assert kind_of(asked("/desk/login/?next=/desk/", "POST")) is PASSWORD


def test_every_kind_has_a_weight_that_no_window_is_too_small_for():
    windows = [window for plan in PLANS.values() for window in plan.windows]
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert 1 <= kind.weight <= min(window.quota for window in windows)


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("/api/v1/cases/", Bucket.READING),
        ("/charts/regions.svg", Bucket.READING),
        ("/feeds/cases.atom", Bucket.READING),
        ("/en/cases/", Bucket.READING),
        ("/", Bucket.READING),
        ("/metricsandmore", Bucket.READING),
        ("/health/nothing", Bucket.READING),
        ("/desk/", Bucket.DESK),
        ("/static/cases/desk.css", Bucket.ASSETS),
        ("/api/v1/usage/", Bucket.ASSETS),
        ("/health/live", None),
        ("/health/ready", None),
        ("/metrics", None),
    ],
)
def test_everything_is_counted_but_what_a_load_balancer_asks(address, bucket):
    assert bucket_of(asked(address)) is bucket


def test_work_is_charged_by_the_unit_and_no_answer_is_free():
    assert [price(seconds) for seconds in (0, UNIT / 2, UNIT, 1.5 * UNIT, 10 * UNIT)] == [
        *(1, 1, 1, 2, 10),
    ]


def test_a_quota_of_a_minute_pays_for_less_than_half_a_core():
    assert 600 * UNIT / 60 <= 0.5


# --- Charged


@pytest.fixture
def work():
    """What the application works for the next request: a test sets it."""
    return {"seconds": 0.0, "trusted": False}


@pytest.fixture
def clock(monkeypatch):
    found = {"now": 1_000.0}
    monkeypatch.setattr(memory, "monotonic", lambda: found["now"])
    return found


@pytest.fixture
def meter():
    return Meter(ProcessCounter(), Keys())


@pytest.fixture
def ask(meter, work, monkeypatch):
    """Asks, and answers with the status and the headers in lower case."""
    done = {"seconds": 0.0}
    monkeypatch.setattr(spending, "spent", lambda: done["seconds"])

    def application(environ, start_response):
        work["left meanwhile"] = left(dict(environ[STANDING]._asdict()))
        done["seconds"] += work["seconds"]
        if work["trusted"]:
            environ[spending.TRUSTED] = True
        start_response("200 OK", [])
        return [b""]

    def left(standing):
        [count, *_] = meter._counter.take(standing["client"], standing["plan"].windows, 0).counts
        return standing["plan"].windows[0].quota - count.used

    metered = RateLimiter(Charged(application, meter), meter)

    def ask(address, method="GET"):
        said = []
        metered(asked(address, method), lambda *given: said.append(given))
        [(status, headers)] = said
        return int(status[:3]), {name.lower(): value for name, value in headers}

    return ask


@pytest.fixture
def six_hundred(monkeypatch):
    from cases.edge.ratelimit import limiter
    from cases.edge.ratelimit.plans import plan

    plans = dict.fromkeys((ANONYMOUS, Bucket.DESK.value), plan(ANONYMOUS, "600/minute"))
    monkeypatch.setattr(limiter, "PLANS", PLANS | plans)


pytestmark = pytest.mark.usefixtures("clock", "six_hundred")


def test_the_answer_itself_says_what_is_left_after_its_work(ask, work):
    assert ask("/api/v1/cases/")[1]["ratelimit"] == '"minute";r=599;t=60'
    work["seconds"] = 10 * UNIT
    assert ask("/api/v1/cases/")[1]["ratelimit"] == '"minute";r=589;t=60'


def test_the_weight_is_held_while_a_request_is_computed_and_given_back(ask, work):
    assert ask("/api/v1/cases/facets/?by=region")[1]["ratelimit"] == '"minute";r=599;t=60'
    assert work["left meanwhile"] == 600 - FACETS.weight


def test_work_beyond_the_quota_makes_the_window_last_longer(ask, work, clock):
    work["seconds"] = 1_800 * UNIT
    status, headers = ask("/api/v1/cases/?format=csv")
    assert (status, headers["ratelimit"]) == (200, '"minute";r=0;t=180')
    work["seconds"] = 0.0
    for passed, wait in ((0, 180), (100, 80), (79, 1)):
        clock["now"] += passed
        status, headers = ask("/api/v1/cases/")
        assert (status, headers["retry-after"]) == (429, str(wait))
    clock["now"] += 1
    assert ask("/api/v1/cases/")[0] == 200


def test_an_editor_is_charged_for_no_work_and_a_stranger_at_the_desk_is(ask, work):
    work |= {"seconds": 20 * UNIT, "trusted": True}
    assert ask("/desk/cases/case/")[1]["ratelimit"].startswith('"minute";r=599;')
    work["trusted"] = False
    assert ask("/desk/login/", "POST")[1]["ratelimit"].startswith('"minute";r=579;')
    # Who reads from the same address has as much as before.
    work["seconds"] = 0.0
    assert ask("/en/")[1]["ratelimit"].startswith('"minute";r=599;')


def test_what_is_not_counted_is_not_charged(ask, work, monkeypatch):
    counted = []
    monkeypatch.setattr(ProcessCounter, "take", lambda *given, **more: counted.append(given))
    with pytest.raises(KeyError):  # the application looks for how the client stands
        ask("/health/live")
    assert not counted


# --- Threads


def test_every_lane_has_a_thread_that_one_client_cannot_hold():
    assert THREADS.keys() == set(Lane)
    assert min(THREADS.values()) >= 2


def test_what_may_take_long_does_not_hold_up_records():
    assert [kind for kind in KINDS if kind.lane is Lane.QUICK] == [RECORDS]

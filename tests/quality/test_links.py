"""`check_links` against a local server that changes, dies, redirects, loops, stalls and forbids."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.models import LinkCheck
from cases.quality import links, web
from tests import synthetic


def calls(site, path):
    return [method for method, called, *_ in site.calls if called == path]


def test_an_address_that_answers_is_asked_for_no_more_than_its_head(site, checker):
    site.pages["/a"] = (200, {}, b"text")
    assert checker.check(f"{site.origin}/a") == (links.LinkState.ANSWERS, 200, None, None)
    assert calls(site, "/a") == ["HEAD"]
    assert {agent for _, _, agent, _ in site.calls} == {"CasesAPI-LinkCheck/1.0 (open dataset)"}


def test_a_site_that_knows_no_head_is_asked_for_the_page(site, checker):
    site.pages["/a"] = lambda _, method: (200 if method == "GET" else 405, {}, b"text")
    assert checker.check(f"{site.origin}/a").state == "answers"
    assert calls(site, "/a") == ["HEAD", "GET"]


STATES = {404: "gone", 410: "gone", 400: "fails", 500: "fails", 403: "forbidden", 429: "forbidden"}


@pytest.mark.parametrize(("status", "state"), STATES.items())
def test_what_an_answer_means(site, checker, status, state):
    site.pages["/a"] = (status, {}, b"")
    assert checker.check(f"{site.origin}/a")[:2] == (state, status)


def test_an_error_of_the_server_is_tried_again(site, checker, slept):
    answers = [503, 503, 200]
    site.pages["/a"] = lambda *_: (answers.pop(0), {"Retry-After": "7"}, b"")
    assert checker.check(f"{site.origin}/a").state == "answers"
    assert slept.count(7.0) == 2


def test_redirects_are_followed_and_written_down(site, checker):
    site.pages["/a"] = (301, {"Location": "/b"}, b"")
    site.pages["/b"] = (302, {"Location": f"{site.origin}/c"}, b"")
    site.pages["/c"] = (200, {}, b"")
    assert checker.check(f"{site.origin}/a") == ("moved", 200, f"{site.origin}/c", None)


def test_a_redirect_to_a_page_that_is_gone_is_gone(site, checker):
    site.pages["/a"] = (301, {"Location": "/b"}, b"")
    assert checker.check(f"{site.origin}/a") == ("gone", 404, f"{site.origin}/b", None)


def test_redirects_in_a_circle_end(site, checker):
    site.pages["/a"] = (302, {"Location": "/b"}, b"")
    site.pages["/b"] = (302, {"Location": "/a"}, b"")
    assert checker.check(f"{site.origin}/a").detail == "redirects in a circle"


def test_redirects_without_end_are_left(site, checker):
    for number in range(9):
        site.pages[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    outcome = checker.check(f"{site.origin}/0")
    assert (outcome.state, outcome.detail) == ("fails", "more than 5 redirects")
    assert calls(site, "/6") == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http:///", "//"])
def test_a_redirect_out_of_the_web_is_refused(site, checker, target):
    site.pages["/a"] = (302, {"Location": target}, b"")
    assert checker.check(f"{site.origin}/a").state in ("refused", "fails", "gone")
    assert len([call for call in site.calls if call[1] == "/a"]) == 1


def test_a_site_that_died_is_unreachable(site, checker):
    origin = site.origin
    site.stop()
    closed = origin.rpartition(":")[0] + ":1"
    outcome = checker.check(f"{closed}/a")
    assert (outcome.state, outcome.status) == ("unreachable", None)


def test_a_name_that_leads_nowhere_is_unreachable(site, checker):
    assert checker.check("http://synthetic.invalid/a").state == "unreachable"


def test_a_slow_site_is_left_in_time(site, checker, monkeypatch):
    monkeypatch.setattr(web, "LONGEST", 0.5)

    def trickle(handler, _):
        try:
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
                handler.wfile.write(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass

    site.pages["/a"] = trickle
    begin = time.monotonic()
    assert checker.check(f"{site.origin}/a").detail == "no answer in time"
    assert time.monotonic() - begin < 5


def test_a_huge_answer_is_not_taken(site, checker):
    sent = []

    def endless(handler, _):
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(100_000):
                handler.wfile.write(b"User-agent: *\n" * 1000)
                sent.append(1)
        except OSError:
            pass

    site.pages["/robots.txt"] = endless
    assert checker.check(f"{site.origin}/a").detail == "the answer is too large"
    assert len(sent) < 10_000


def test_robots_are_respected(site, checker):
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\n")
    site.pages["/private"] = site.pages["/a"] = (200, {}, b"")
    assert checker.check(f"{site.origin}/private").state == "forbidden"
    assert calls(site, "/private") == []
    assert checker.check(f"{site.origin}/a").state == "answers"
    assert calls(site, "/robots.txt") == ["GET"]


def test_a_redirect_into_what_robots_forbid_is_not_followed(site, checker):
    site.pages["/robots.txt"] = (200, {}, b"User-agent: CasesAPI-LinkCheck\nDisallow: /private\n")
    site.pages["/a"] = (302, {"Location": "/private"}, b"")
    assert checker.check(f"{site.origin}/a").state == "forbidden"
    assert calls(site, "/private") == []


def test_robots_that_cannot_be_read_forbid(site, checker):
    site.pages["/robots.txt"] = (500, {}, b"")
    site.pages["/a"] = (200, {}, b"")
    assert checker.check(f"{site.origin}/a").state == "forbidden"
    assert calls(site, "/a") == []


def test_a_host_is_left_alone_between_two_calls(site, checker, slept):
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 5\n")
    site.pages["/a"] = (200, {}, b"")
    checker.check(f"{site.origin}/a")
    assert 4 < slept[-1] <= 5


def test_nothing_private_is_called(site, settings):
    settings.LINKS_MAY_BE_PRIVATE = False
    checker = links.Checker(sleep=lambda _: None)
    for address in (
        site.origin,
        site.origin.replace("127.0.0.1", "localhost"),
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/",
        "http://2130706433/",
    ):
        assert checker.check(address).state == "refused", address
    assert site.calls == []


def test_which_addresses_are_public():
    public = ["93.184.216.34", "2606:2800:220:1::1"]
    private = [
        *("10.0.0.1", "192.168.1.1", "172.16.0.1", "127.0.0.1", "0.0.0.0", "100.64.0.1"),
        *("224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        "2002:a00:1::",
    ]
    assert [web.is_public(address) for address in public] == [True] * len(public)
    assert [web.is_public(address) for address in private] == [False] * len(private)


@pytest.mark.parametrize(
    "address", ["mailto:a@b.c", "http://", "http://[bad/", "javascript:1", "x"]
)
def test_what_is_no_address_of_the_web_is_refused(checker, address):
    assert checker.check(address).state == "refused"


@pytest.fixture
def sources(db, site):
    for number in (1, 2):
        site.pages[f"/{number}"] = (200, {}, b"")
        synthetic.source(f"SRC-900{number}", url=f"{site.origin}/{number}")


def run(checker, days=0.0):
    return links.check_all(timezone.now() - timedelta(days=days), checker)


def test_a_page_that_dies_is_dead_since_it_died_and_alive_when_it_is_back(sources, site, checker):
    assert run(checker) == {"answers": 2}
    site.pages["/1"] = (404, {}, b"")
    run(checker)
    since = LinkCheck.objects.get(source="SRC-9001").failing_since
    run(checker)
    check = LinkCheck.objects.get(source="SRC-9001")
    assert (check.state, check.failing_since) == ("gone", since)
    assert LinkCheck.objects.get(source="SRC-9002").failing_since is None
    site.pages["/1"] = (200, {}, b"")
    run(checker)
    assert LinkCheck.objects.get(source="SRC-9001").failing_since is None


def test_what_was_called_lately_is_not_called_again(sources, checker):
    assert run(checker, days=7) == {"answers": 2}
    assert run(checker, days=7) == {}


def test_a_run_that_was_stopped_goes_on_where_it_ended(sources, checker, monkeypatch):
    class Stopping(links.Checker):
        def check(self, address):
            if address.endswith("/2"):
                raise KeyboardInterrupt
            return super().check(address)

    monkeypatch.setattr(links, "PAUSE", 0)
    with pytest.raises(KeyboardInterrupt):
        run(Stopping(), days=7)
    assert LinkCheck.objects.count() == 1
    assert run(checker, days=7) == {"answers": 1}


def test_an_address_that_was_replaced_is_forgotten(sources, site, checker):
    from cases.models import Source

    run(checker)
    Source.objects.filter(pk="SRC-9001").update(url=f"{site.origin}/2")
    run(checker)
    kept = {check.address for check in LinkCheck.objects.filter(source="SRC-9001")}
    assert kept == {f"{site.origin}/2"}


def test_the_command_says_what_it_found(sources, site, monkeypatch):
    monkeypatch.setattr(links, "PAUSE", 0)
    site.pages["/2"] = (404, {}, b"")
    said = StringIO()
    call_command("check_links", stdout=said)
    assert said.getvalue() == "2 links called: 1 answers, 1 gone.\n"
    said = StringIO()
    call_command("check_links", stdout=said)
    assert said.getvalue() == "No link was due.\n"
    with pytest.raises(CommandError, match="expected 0 to 36500 days, not -1"):
        call_command("check_links", older_than=-1)

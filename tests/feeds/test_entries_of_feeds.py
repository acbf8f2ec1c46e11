"""One entry for each record and publication, in pages, and none where no fact changed."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from cases.models import Publisher, Verdict
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.workflow import actions
from cases.vocabulary import RecordKind
from tests import databases, synthetic
from tests.api.reading import mistakes
from tests.feeds.test_feeds import feed, titles

PEOPLE = 45


def _publish():
    """1: a case of many people. 2: its publisher is renamed. 3: one verdict is corrected."""
    case = synthetic.case(service=None)
    for _ in range(PEOPLE - 1):
        synthetic.add_verdict(synthetic.add_defendant(case, names=[("S. P.", "initials")]))
    ledger.publish("")
    Publisher.objects.update(name=synthetic.text("Renamed Daily"))
    ledger.publish("")
    synthetic.change(Verdict.objects.get(pk=synthetic.VERDICT), sentence_months=60)
    ledger.publish("")


_crowd = databases.written_once(_publish)


@pytest.fixture
def crowd(_crowd, db):
    """The history of `_publish`; what a test adds is undone."""


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create(username="editor")


def test_a_case_of_many_people_is_one_entry(crowd, client):
    told = feed(client, "changes", as_of=1)
    found = [entry for entry in told.entries if "KZ-9001" in entry.title]
    assert [entry.title for entry in found] == ["case KZ-9001: published"]
    lines = found[0].summary.split("<br />")
    assert lines[:2] == [f"defendant, published: {PEOPLE}", f"verdict, published: {PEOPLE}"]
    assert {entry.title for entry in told.entries} >= {f"source {synthetic.SOURCE}: published"}


def test_a_withdrawal_of_a_case_of_many_people_shows(crowd, client, editor):
    actions.withdraw(RecordRef(RecordKind.CASE, synthetic.CASE), "Not so", editor)
    entry = feed(client, "changes").entries[0]
    assert entry.title == "case KZ-9001: withdrawn"
    assert entry.summary.startswith(
        f"defendant, withdrawn: {PEOPLE}<br />verdict, withdrawn: {PEOPLE}<br />"
    )


def test_what_only_quotes_another_name_is_no_news(crowd, client):
    newest = feed(client, "changes")
    assert titles(newest)[:2] == ["case KZ-9001: corrected", "publisher synthetic-daily: corrected"]
    # The counts leave out what only quotes it as well.
    assert newest.entries[0].summary.split("<br />")[0] == "verdict, corrected: 1"
    every = titles(feed(client, "changes", significant="any"))
    assert "case KZ-9001: updated, no fact changed" in every
    assert set(titles(newest)) < set(every)
    russian = titles(feed(client, "changes", significant="any", lang="ru"))
    assert any("факты не изменились" in title for title in russian)


def test_a_record_keeps_its_entry_when_only_a_name_that_it_quotes_changes(crowd, client):
    before = feed(client, "sources", as_of=1).entries[0]
    after = feed(client, "sources", as_of=2).entries[0]
    assert (after.id, after.updated) == (before.id, before.updated)
    assert not after.title.endswith("(corrected)")
    every = feed(client, "sources", as_of=2, significant="any").entries[0]
    assert every.id != before.id
    assert every.title.endswith("(corrected)")


def test_one_kind_can_be_asked_for(crowd, client):
    told = titles(feed(client, "changes", record="verdict"))
    assert told[0] == f"verdict {synthetic.VERDICT}: corrected"
    assert len(told) == PEOPLE + 1


def links(parsed):
    return {link.rel: link.href for link in parsed.feed.links}


def walk(client, name, **query):
    """All pages of a feed."""
    parsed = feed(client, name, **query)
    yield parsed
    while following := links(parsed).get("next"):
        parsed = feed(client, name, **dict(parse_qsl(urlsplit(following).query)))
        yield parsed


@pytest.mark.parametrize(
    ("name", "query"), [("changes", {}), ("changes", {"record": "source"}), ("sources", {})]
)
def test_the_pages_of_a_feed_hold_every_entry_once(dataset, client, name, query):
    pages = list(walk(client, name, **query))
    assert len(pages) > 2
    assert all(len(page.entries) == 50 for page in pages[:-1])
    ids = [entry.id for page in pages for entry in page.entries]
    assert len(ids) == len(set(ids))
    assert len({page.feed.id for page in pages}) == 1
    first = {links(page)["first"] for page in pages}
    assert len(first) == 1
    assert feed(client, name, **query).entries == pages[0].entries
    if name == "sources":
        assert len(ids) == client.get("/api/v1/sources/").json()["count"]


def test_pages_hold_still_while_something_is_published(dataset, client):
    expected = [titles(page) for page in walk(client, "changes")]
    pages = walk(client, "changes")
    found = [titles(next(pages))]
    synthetic.statistic()
    ledger.publish("Meanwhile")
    assert found + [titles(page) for page in pages] == expected


def test_every_entry_leads_to_a_page_and_none_to_json(dataset, client):
    for name in ("changes", "defendants", "verdicts", "statistics"):
        for entry in feed(client, name).entries[:5]:
            split = urlsplit(entry.link)
            page = client.get(split.path)
            assert page.status_code == 200, entry.link
            assert page["Content-Type"].startswith("text/html")
            assert not split.fragment or f'id="{split.fragment}"' in page.content.decode()
        alternate = urlsplit(links(feed(client, name))["alternate"])
        assert client.get(alternate.path)["Content-Type"].startswith("text/html")


def test_a_cursor_of_another_feed_is_refused(dataset, client):
    place = links(feed(client, "changes"))["next"]
    cursor = dict(parse_qsl(urlsplit(place).query))["cursor"]
    for address in ("changes.atom?record=case&", "cases.atom?"):
        [error] = mistakes(client, f"/feeds/{address}cursor={cursor}")
        assert error["param"] == "cursor"


def test_parts_are_counted_in_one_query(crowd, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        client.get("/feeds/changes.atom?significant=any")
    with django_assert_max_num_queries(5):
        client.get("/feeds/defendants.atom")

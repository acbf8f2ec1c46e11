"""What a page says is what the API says at the addresses that stand beside it."""

import re
from urllib.parse import urlencode, urlsplit

import pytest

from cases.api.urls import FILTERS
from cases.web.explorer import pages
from cases.web.explorer.groups import BESIDE
from tests.web.explorer.markup import Markup, pointed

pytestmark = pytest.mark.usefixtures("dataset")

LISTS = [
    "/en/cases/",
    "/ru/cases/?formation=wagner",
    "/kk/cases/?region=UZ-FA&region=UZ-AN&outcome=convicted&ordering=sentence_months",
    "/en/cases/?q=Liuft&view=cards",
    "/en/cases/?decided_after=2025&decided_before=2025&date_mode=certain&formation__not=wagner",
    "/en/cases/?formation=wagner&region=KZ-59",
    "/ru/defendants/?formation=ru-mod&sentence_months_min=60",
    "/kk/verdicts/?disputed=true",
    "/en/sources/?kind=court_document",
    "/en/statistics/explore/?country=KZ&measure=cases_opened",
]
FILTERS_OF_LISTS = [
    "/en/cases/filters/?formation=wagner",
    "/ru/verdicts/filters/",
    "/kk/statistics/explore/filters/?year=2025",
    "/en/sources/facets/?language=ru",
]


def read(client, address):
    parts = urlsplit(address)
    answer = client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    assert answer.status_code == 200, (address, answer.content[:500])
    return answer


def shown(client, address):
    return Markup(read(client, address).text)


@pytest.mark.parametrize("address", [*LISTS, *FILTERS_OF_LISTS])
def test_every_number_is_where_the_page_says_it_is(client, address):
    page, answers = shown(client, address), {}
    assert len(page.numbers) > 5
    for value, (place, pointer), text in page.numbers:
        if place not in answers:
            answers[place] = read(client, place).json()
        assert str(pointed(answers[place], pointer)) == value, (place, pointer)
        assert text


@pytest.mark.parametrize("address", LISTS)
def test_what_stands_beside_a_view_gives_exactly_this(client, address):
    page = shown(client, address)
    count = next(value for value, (_, pointer), _ in page.numbers if pointer == "/count")
    api = read(client, page.link(data_same="api")).json()
    permalink = read(client, page.link(data_same="permalink")).json()
    assert str(api["count"]) == str(permalink["count"]) == count
    ids = [record["id"] for record in api["results"]]
    assert [record["id"] for record in permalink["results"]] == ids
    again = shown(client, page.link(data_same="page"))
    assert again.records() == page.records()
    csv = b"".join(read(client, page.link(data_same="csv")).streaming_content).decode()
    begins = [line for line in csv.splitlines() if line.startswith(tuple(f"{one}," for one in ids))]
    assert len(begins) >= len(ids)


@pytest.mark.parametrize(
    "address",
    [
        "/en/cases/",
        "/en/cases/?formation=wagner&country=KZ",
        "/en/cases/?formation__not=wagner,ru-mod",
        "/en/verdicts/",
        "/en/sources/",
        "/en/statistics/explore/",
    ],
)
def test_a_number_at_a_filter_leads_to_as_many(client, address):
    page = shown(client, address)
    links = [(link["href"], text) for link, text in page.links if link.get("class") == "n"]
    assert len(links) > 10
    for place, number in links[::3]:
        found = shown(client, place).by_id["found"]
        assert found.split()[0] == number, place


@pytest.mark.parametrize("kind", FILTERS)
def test_every_filter_is_on_the_form_and_the_form_sends_what_the_api_takes(client, kind):
    folder = "statistics/explore" if kind == "statistics" else kind
    page = shown(client, f"/en/{folder}/filters/")
    own = {"ordering", "page_size", "view", "as_of"}
    assert page.names() - own == FILTERS[kind].names()
    assert page.names() >= own
    # As it stands it selects everything, and with a filter it comes back with that chosen.
    everything = client.get(f"/en/{folder}/?{page.sent()}", follow=True)
    assert everything.redirect_chain[-1][0] == f"/en/{folder}/"
    chosen = f"?ids={FILTERS[kind].id_example}&changed_since=0"
    again = shown(client, f"/en/{folder}/filters/{chosen}")
    results = client.get(f"/en/{folder}/?{again.sent()}", follow=True)
    assert results.redirect_chain[-1][0] == f"/en/{folder}/{chosen}"
    assert Markup(results.content.decode()).by_id["found"].split()[0] == "1"


@pytest.mark.parametrize("kind", FILTERS)
def test_the_form_beside_the_results_keeps_every_parameter(client, kind):
    filters = FILTERS[kind]
    query = {}
    for name, filter_ in filters.base_filters.items():
        if name in BESIDE[kind]:
            continue
        for suffix in filter_.suffixes:
            if suffix in ("__isnull", "__not"):
                query[f"{name}{suffix}"] = {
                    "__isnull": "false",
                    "__not": getattr(filter_, "example", None) or "",
                }[suffix]
    query = {name: value for name, value in query.items() if value} | {
        "ids": filters.id_example,
        "view": "cards",
        "page_size": "50",
        "ordering": "id",
        "as_of": "1",
    }
    folder = "statistics/explore" if kind == "statistics" else kind
    page = shown(client, f"/en/{folder}/?{urlencode(query)}")
    again = client.get(f"/en/{folder}/?{page.sent()}", follow=True)
    assert again.status_code == 200
    reached = dict(
        pair.split("=") for pair in urlsplit(again.redirect_chain[-1][0]).query.split("&")
    )
    assert reached == query


def test_pages_go_through_all_records_once_and_back(client):
    there, address = [], "/en/cases/?page_size=15&formation=ru-mod"
    while address:
        page = shown(client, address)
        there.append(page.records())
        for key in ("api", "page"):
            same = page.link(data_same=key)
            again = read(client, same)
            ids = re.findall(r"/cases/([A-Z]{2}-\d+)/", " ".join(there[-1]))
            if key == "api":
                assert [record["id"] for record in again.json()["results"]] == ids
            else:
                assert Markup(again.text).records() == there[-1]
        forward = [link["href"] for link, _ in page.links if link.get("rel") == "next"]
        back = [link["href"] for link, _ in page.links if link.get("rel") == "prev"]
        assert bool(back) == (len(there) > 1)
        address = forward[0] if forward else None
    flat = [address for part in there for address in part]
    results = read(client, "/api/v1/cases/?formation=ru-mod&page_size=200").json()["results"]
    assert flat == [f"/en/cases/{record['id']}/" for record in results]
    assert len(there) == 2


def test_lists_of_many_records_load_their_filters_behind_the_results(client, monkeypatch):
    monkeypatch.setattr(pages, "COUNTED_AT_ONCE", 10)
    page = shown(client, "/en/cases/?formation=wagner&plea__isnull=true")
    assert 'hx-get="/en/cases/facets/?formation=wagner&amp;plea__isnull=true"' in page.html
    # Until then the form keeps what is chosen, and a link does without scripts.
    kept = {
        (given["name"], given.get("value"))
        for given in page.fields
        if given.get("type") == "hidden"
    }
    assert kept == {("formation", "wagner"), ("plea__isnull", "true")}
    assert shown(client, page.link(href="/en/cases/filters/?formation=wagner&plea__isnull=true"))
    beside = shown(client, "/en/cases/facets/?formation=wagner&plea__isnull=true")
    assert {"formation", "region", "decided_after", "plea__isnull"} <= beside.names()
    assert not any(
        given.get("name") == "formation" for given in beside.fields if given.get("type") == "hidden"
    )

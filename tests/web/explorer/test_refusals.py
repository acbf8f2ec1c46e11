"""Wrong, empty and needless parameters; nothing found; what is withdrawn."""

import pytest

from cases.vocabulary import RecordKind
from tests import real_data
from tests.api import published
from tests.web.explorer.markup import Markup

pytestmark = pytest.mark.usefixtures("dataset")


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("q=&formation=wagner&decided_after=", "?formation=wagner"),
        (
            "utm_source=x&fbclid=y&formation=wagner&formation=ru-mod",
            "?formation=wagner&formation=ru-mod",
        ),
        ("q=+&view=", ""),
    ],
)
@pytest.mark.parametrize("page", ["", "filters/", "facets/"])
def test_an_address_says_nothing_in_vain(client, asked, clean, page):
    answer = client.get(f"/en/cases/{page}?{asked}")
    assert (answer.status_code, answer["Location"]) == (302, f"/en/cases/{page}{clean}")


@pytest.mark.parametrize(
    ("query", "beside"),
    [
        ("region=ZZ", True),
        ("decided_after=2025-13", True),
        ("decided_after=2025&decided_before=2024", True),
        ("sentence_months_min=many", True),
        ("disputed=maybe", True),
        ("q=" + "x" * 201, True),
        ("regoin=KZ-59", False),
        ("plea=guilty", False),
        ("ordering=name", False),
        ("page_size=1000", False),
        ("cursor=forged", False),
        ("ids=1", False),
        ("ordering=relevance", False),
    ],
)
@pytest.mark.parametrize("language", ["en", "kk"])
def test_a_wrong_parameter_is_explained_at_its_field_in_the_words_of_the_api(
    client, language, query, beside
):
    said = client.get(f"/api/v1/cases/?{query}")
    page = client.get(f"/{language}/cases/?{query}")
    assert (page.status_code, said.status_code) == (400, 400)
    assert page["Cache-Control"] == "no-store"
    markup = Markup(page.text)
    error = said.json()["errors"][0]
    words = " ".join(error["detail"].split())
    name = error["param"]
    if beside:
        place = "explorer" if name == "q" else f"group-{group_of(name)}"
        assert words in markup.by_id[place]
        assert page.text.count('class="problems"') == 1
        typed = [
            given["value"]
            for given in markup.fields
            if given["name"] == name and given.get("type", "search") == "search"
        ]
        assert typed in ([], [error["value"]], ["2025"])
    else:
        assert words in markup.by_id["results"]


def group_of(name):
    for end in ("_after", "_before", "_min", "_max"):
        name = name.removesuffix(end)
    return name


@pytest.mark.parametrize("name", ["fields", "format", "count", "omit", "provenance"])
def test_what_only_the_api_takes_is_refused_and_not_ignored(client, name):
    page = client.get(f"/ru/cases/?{name}=csv")
    assert page.status_code == 400
    assert "Спросите у API" in Markup(page.text).by_id["results"]


def test_a_state_that_never_was_is_an_error(client):
    for page in ("", "filters/", "facets/"):
        assert client.get(f"/en/cases/{page}?as_of=99").status_code == 400


def test_where_nothing_is_found_the_page_says_what_to_loosen(client):
    page = Markup(client.get("/en/cases/?formation=wagner&region=KZ-59").text)
    assert page.by_id["found"].startswith("0 cases")
    loosened = {
        link["href"]: text
        for link, text in page.links
        if link["href"].startswith("/en/cases/?") and text.isdigit() and "class" not in link
    }
    assert loosened
    for address, number in loosened.items():
        assert Markup(client.get(address).text).by_id["found"].split()[0] == number
    assert "without “Region: North Kazakhstan Region”" in page.by_id["results"]


def test_where_no_single_filter_is_the_reason_the_page_says_so(client):
    page = Markup(client.get("/en/cases/?formation=wagner&region=KZ-59&ids=KZ-9999").text)
    assert "No single filter is the reason" in page.by_id["results"]


def test_chips_take_away_one_value_each(client):
    page = Markup(client.get("/en/cases/?formation=wagner,ru-mod&country=KZ&q=sentenced").text)
    chips = {
        link["aria-label"]: link["href"]
        for link, _ in page.links
        if link.get("aria-label", "").startswith("Remove")
    }
    assert chips == {
        "Remove Armed formation: Wagner PMC": "/en/cases/?country=KZ&q=sentenced&formation=ru-mod",
        "Remove Armed formation: Ministry of Defence of the Russian Federation": (
            "/en/cases/?country=KZ&q=sentenced&formation=wagner"
        ),
        "Remove Country: Kazakhstan": "/en/cases/?formation=wagner%2Cru-mod&q=sentenced",
        "Remove Search: sentenced": "/en/cases/?formation=wagner%2Cru-mod&country=KZ",
    }


def test_a_withdrawn_case_is_gone_from_lists_and_counts(client):
    last = real_data.publications()
    before = client.get("/en/cases/?formation=wagner")
    assert "KZ-0008" in before.text
    published.publish(withdrawn=[(RecordKind.CASE, "KZ-0008")])
    after = client.get("/en/cases/?formation=wagner", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "KZ-0008" not in after.text
    assert Markup(after.text).by_id["found"].startswith(f"6 cases Publication {last + 1}")
    then = client.get(f"/en/cases/?formation=wagner&as_of={last}")
    assert Markup(then.text).by_id["found"].startswith(f"7 cases Publication {last}")


def test_before_anything_is_published_the_lists_say_so(empty, client):
    for kind in ("cases", "sources", "statistics/explore"):
        page = client.get(f"/kk/{kind}/")
        assert page.status_code == 200
        assert "Мұндай жазба жарияланбаған" in page.text
        assert client.get(f"/en/{kind}/filters/").status_code == 200


def test_what_is_searched_for_is_text_and_nothing_else(client):
    page = client.get("/en/cases/?q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E%22%27")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text

"""Every number on a page is the API's at the same address: of all real records, in each language.

A number that a page shows as one says where it stands in the API (`data-at`). Any other digit must
be part of a text or date that the API answered with.
"""

import re
from html import unescape
from itertools import cycle
from urllib.parse import urlsplit

import orjson
import pytest
from django.utils.html import strip_tags

from cases.vocabulary import Conflict
from cases.web.answers import Answers
from cases.web.languages import LANGUAGES
from tests.api.reading import ids, read

FIGURE = re.compile(r'<data value="([^"]*)" data-at="([^"]*)">(.*?)</data>', re.S)
# What counts the page's own parts: numbers of its notes and sources, ticks of its timeline.
OF_THE_PAGE = re.compile(
    '<data.*?</data>|<sup class="notes">.*?</sup>|<svg.*?</svg>'
    r'|<a href="#source-\d+"[^>]*>.*?</a>',
    re.S,
)


@pytest.fixture
def asked(monkeypatch):
    """The text of all that a page was answered by the API."""
    answers = []
    ask = Answers._ask

    def listening(self, path, query):
        answer = ask(self, path, query)
        answers.append(orjson.dumps(answer).decode())
        return answer

    monkeypatch.setattr(Answers, "_ask", listening)
    return answers


class Api:
    """Answers of the API, each asked for once."""

    def __init__(self, client):
        self.client, self.known = client, {}

    def value(self, address, pointer):
        parts = urlsplit(address)
        key = f"{parts.path}?{parts.query}"
        if key not in self.known:
            self.known[key] = self.client.get(key).json()
        found = self.known[key]
        for part in pointer.strip("/").split("/"):
            found = found[int(part)] if isinstance(found, list) else found[part]
        return found


def wrong(api, asked, text):
    """The numbers of a page that are not those of the API."""
    main = text[text.index("<main") : text.index("</main>")]
    home = re.search('<link rel="alternate" type="application/json" href="([^"]+)">', text)[1]
    found = []
    for value, place, shown in FIGURE.findall(text):
        address, _, pointer = unescape(place).rpartition("#")
        said = api.value(address or unescape(home), pointer)
        if str(said) != value or not _writes(shown, float(value)):
            found.append((place, value, shown, said))
    # Not the digits of digests and salts, among which every short number is found. The label of a
    # conflict says when it began.
    answers = re.sub("[0-9a-f]{64}", "", " ".join([*asked, *map(str, Conflict.labels)]))
    rest = unescape(strip_tags(OF_THE_PAGE.sub(" ", main)))
    found += [number for number in re.findall(r"\d+", rest) if number not in answers]
    days = set(re.findall('<time datetime="([^"]+)"', text))
    return found + [day for day in days if day not in answers]


def _writes(shown, value):
    """Whether a text means a number: 709, 15,000 or, of months, 6 years 6 months."""
    numbers = [int(re.sub(r"\D", "", one)) for one in re.findall(r"\d[\d\s.,]*", shown)]
    if re.search("year|лет|год|жыл", shown):
        return numbers[0] * 12 + sum(numbers[1:]) == value
    return numbers == [value]


def addresses(client, name):
    records = read(client, f"{name}/", page_size=200, ordering="id")["results"]
    for record, language in zip(records, cycle(LANGUAGES), strict=False):
        yield f"/{language}/{name}/{record['id']}/"


@pytest.mark.parametrize("name", ["cases", "statistics", "sources"])
def test_every_number_on_the_page_of_a_record_is_the_apis(dataset, client, asked, name):
    api, found = Api(client), {}
    for address in addresses(client, name):
        asked.clear()
        page = client.get(address)
        assert page.status_code == 200
        if mistakes := wrong(api, asked, page.text):
            found[address] = mistakes
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["", "statistics/", "regions/KZ/", "formations/ru-mod/", "articles/KZ-172/"]
)
def test_every_number_on_other_pages_is_the_apis(dataset, client, asked, language, path):
    page = client.get(f"/{language}/{path}")
    assert page.status_code == 200
    assert wrong(Api(client), asked, page.text) == []
    assert FIGURE.search(page.text)


def test_a_number_that_is_not_the_apis_would_be_found(dataset, client, asked):
    text = client.get("/en/statistics/STAT-0001/").text
    assert wrong(Api(client), asked, text) == []
    for right, altered in (
        (">709</data>", ">710</data>"),
        ('<data value="709"', '<data value="708"'),
        ("<h1", "<p>98765 cases</p><h1"),
        ('datetime="2025-12-25"', 'datetime="2031-12-26"'),
    ):
        assert right in text
        assert wrong(Api(client), asked, text.replace(right, altered, 1))


def test_the_front_page_shows_the_disputed_figures_of_2025_as_disputed(dataset, client):
    text = client.get("/en/").text
    year = text[text.index("<h4>2025</h4>") : text.index("<h4>2024</h4>")]
    rows = re.findall('<li class="disputed"><a[^>]*>(.*?)</a>', year)
    assert [strip_tags(row) for row in rows] == ["709", "141"]


def test_the_ids_that_are_walked_are_all_there_are(dataset, client):
    assert (
        len(list(addresses(client, "cases")))
        == len(ids(read(client, "cases/", page_size=200)))
        == read(client, "")["counts"]["cases"]
    )

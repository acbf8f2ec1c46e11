"""Parameters that track readers are removed by a redirect or ignored; all others are refused."""

import pytest

from cases.addresses import TRACKING, is_tracking, without_tracking
from cases.api.request.tracking import no_tracking

NAMES = [*TRACKING, "utm_source", "utm_anything"]

CLEANED = {
    "utm_source=x": "",
    "a=1&utm_source=x&b=2": "a=1&b=2",
    "%75tm_source=x&q=%D0%B0": "q=%D0%B0",
    "_=123&a=": "a=",
    "a=1&&b=2": "a=1&&b=2",
    "fbclid": "",
    "source=utm_source": "source=utm_source",
}


@pytest.mark.parametrize("query", CLEANED)
def test_a_query_keeps_everything_else_as_it_was_written(query):
    assert without_tracking(query) == CLEANED[query]


@pytest.mark.parametrize("name", ["utm", "Utm_source", "clid", "q", "__", "fbclid2", "source"])
def test_nothing_else_is_tracking(name):
    assert not is_tracking(name)


REDIRECTED = ["/", "/en/", "/ru/cases/", "/kk/statistics/explore/", "/feeds/cases.atom", "/charts/"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("path", REDIRECTED)
def test_pages_feeds_and_charts_redirect_to_the_address_without_them(client, path):
    answer = client.get(f"{path}?utm_source=x&lang=en&_=1")
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?lang=en")
    assert client.get(f"{path}?gclid=1")["Location"] == path


def test_a_redirect_stays_on_this_site(rf):
    request = rf.get("/", {"utm_source": "x"})
    request.path = "//evil.example/"
    assert no_tracking(None)(request)["Location"] == "/%2Fevil.example/"


@pytest.mark.usefixtures("world")
class TestApi:
    def test_each_of_them_is_ignored(self, client):
        query = "&".join(f"{name}=x" for name in NAMES)
        plain = client.get("/api/v1/cases/?page_size=1")
        tracked = client.get(f"/api/v1/cases/?page_size=1&{query}")
        assert tracked.status_code == 200
        assert tracked.content == plain.content
        assert tracked["ETag"] == plain["ETag"]

    @pytest.mark.parametrize("name", ["utm", "clid", "fbclid2", "ref", "Utm_source"])
    def test_everything_else_is_refused(self, client, name):
        assert client.get(f"/api/v1/cases/?{name}=x").status_code == 400

    def test_options_lists_exactly_these(self, client):
        said = client.options("/api/v1/cases/").json()["ignored_parameters"]
        assert said == ["utm_*", *sorted(TRACKING)]

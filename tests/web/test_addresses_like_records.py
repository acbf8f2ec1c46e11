"""Addresses below a list of the API that are no records are no pages of records either."""

import pytest
from django.test import override_settings

from cases.api.urls import FILTERS
from cases.charts.words import FILTERS as WORDS
from cases.publishing.ledger import ledger
from tests import synthetic

LANGUAGES = ("en", "ru", "kk")
LISTS = (
    *("cases", "sources", "statistics"),
    *("regions", "courts", "formations", "articles", "publishers"),
)


@pytest.mark.django_db
@override_settings(DEBUG=False)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTS)
def test_what_is_no_record_has_no_page(client, name, language):
    for public_id in ("coverage", "versions"):
        answer = client.get(f"/{language}/{name}/{public_id}/")
        assert answer.status_code == 404, answer.request["PATH_INFO"]


def test_every_filter_has_a_name_in_pictures_and_feeds():
    said_otherwise = {"q"}
    wanted = {name for filters in FILTERS.values() for name in filters.base_filters}
    assert wanted - said_otherwise <= WORDS.keys()


@pytest.mark.django_db
def test_a_feed_of_sources_takes_every_filter(client):
    synthetic.everything()
    ledger.publish()
    for query in ("archived=true", "language=en", "cites=SRC-9001", "published_after=2024"):
        assert client.get(f"/feeds/sources.atom?{query}").status_code == 200, query

"""What all pages share: languages, validators, errors, and that anybody may keep them."""

import re

import pytest
from django.db import OperationalError

from cases.api.request import snapshots
from cases.vocabulary import RecordKind
from cases.web.languages import LANGUAGES, accepted
from tests import real_data
from tests.api import published
from tests.api.checked import ask, headers

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("kk-KZ,kk;q=0.9,ru;q=0.8", "kk"),
        ("ru;q=0.5, kk;q=0.6", "kk"),
        ("de-DE,de;q=0.9", "en"),
        ("de, ru-RU;q=0.3", "ru"),
        ("*", "en"),
        ("ru;q=nonsense", "en"),
    ],
)
def test_the_front_door_leads_to_the_language_that_is_accepted(client, header, language):
    answer = client.get("/", headers={"Accept-Language": header})
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in answer["Vary"]
    assert accepted(header) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_the_language_of_its_address_whatever_is_accepted(dataset, client, language):
    page = client.get(f"/{language}/", headers={"Accept-Language": "de"})
    assert page["Content-Language"] == language
    assert f'<html lang="{language}"' in page.text
    assert "Accept-Language" not in page["Vary"]


def test_a_page_names_itself_in_all_languages_and_switching_keeps_the_address(dataset, client):
    page = client.get("/ru/?as_of=1").text
    for code in LANGUAGES:
        assert f'hreflang="{code}" href="http://testserver/{code}/"' in page
        assert f'href="/{code}/?as_of=1"' in page
    assert '<link rel="canonical" href="http://testserver/ru/">' in page


def test_a_page_can_be_kept_by_anybody(dataset, client):
    page = client.get("/en/", headers={"Cookie": "django_language=ru; theme=dark"})
    assert page["Cache-Control"].startswith("public, max-age=")
    assert page["Vary"] == "Accept-Encoding"
    assert not page.cookies
    assert page["Dataset-Publication"] == str(real_data.publications())


def test_a_kept_page_is_sent_without_asking_django(dataset, client):
    page = client.get("/ru/cases/KZ-0009/")
    asked = client._base_environ(PATH_INFO="/ru/cases/KZ-0009/", REQUEST_METHOD="GET")
    del asked["HTTP_COOKIE"]  # a browser without cookies sends no header for them
    assert ask(client.cache, dict(asked)) == (200, headers(page.items()), page.content)
    client._fresh = None  # what would answer but for the cache
    assert ask(client.cache, dict(asked)) == (200, headers(page.items()), page.content)


def test_a_page_that_is_known_is_not_sent_again(dataset, client):
    page = client.get("/en/")
    for header in (
        {"If-None-Match": page["ETag"]},
        {"If-None-Match": page["ETag"][:-1] + '-br"'},
        {"If-Modified-Since": page["Last-Modified"]},
    ):
        again = client.get("/en/", headers=header)
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/ru/", headers={"If-None-Match": page["ETag"]}).status_code == 200


def test_errors_of_pages_are_pages_and_those_of_the_api_stay_json(dataset, client):
    page = client.get("/kk/nothing/")
    assert page.status_code == 404
    assert "Мұнда ештеңе жоқ" in page.text
    assert client.get("/nothing/", headers=BROWSER)["Content-Type"].startswith("text/html")
    for path in ("/api/v1/nothing/", "/nothing/"):
        assert client.get(path)["Content-Type"] == "application/problem+json"
    api = client.get("/api/v1/nothing/", headers=BROWSER)
    assert api["Content-Type"] == "application/problem+json"


def test_a_state_that_never_was_is_refused_in_the_words_of_the_api(dataset, client):
    page = client.get("/en/?as_of=77")
    said = client.get("/api/v1/?as_of=77").json()
    assert page.status_code == said["status"] == 400
    assert said["errors"][0]["detail"] in page.text
    assert page["Cache-Control"] == "no-store"


def test_a_page_without_a_database_says_that_it_passes(client, db, monkeypatch):
    def fails(*_, **__):
        raise OperationalError("the address of the database")

    monkeypatch.setattr(snapshots, "_fetch", fails)
    page = client.get("/ru/")
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "the address" not in page.text


def test_before_anything_is_published_there_is_a_front_page(empty, client):
    for language in LANGUAGES:
        page = client.get(f"/{language}/")
        assert page.status_code == 200
        assert page["Dataset-Publication"] == "0"


def test_a_newer_publication_makes_another_page(dataset, client):
    before = client.get("/en/")
    published.publish(withdrawn=[(RecordKind.CASE, "KZ-0001")])
    after = client.get("/en/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert int(after["Dataset-Publication"]) == int(before["Dataset-Publication"]) + 1


def test_nothing_in_a_page_is_inline_or_of_another_host(dataset, client):
    page = client.get("/en/").text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    loaded = re.findall(r'<(?:script|img|iframe)[^>]+src="([^"]+)"', page)
    loaded += re.findall(r'<link rel="(?:icon|stylesheet|preload)" href="([^"]+)"', page)
    assert loaded
    assert all(address.startswith("/") and address[1] != "/" for address in loaded)

"""Pages in Russian hold no English sentence of ours."""

import re
from html.parser import HTMLParser

import orjson
import pytest
from django.utils import translation

from cases.importing.reading import read as read_file
from cases.models import published
from cases.vocabulary import RecordKind
from cases.web.records import locators
from cases.web.templatetags.words import reason
from cases.web.words import language_name
from casesapi.postgres.state_dir import CHECKOUT
from tests import databases

FIXTURES = CHECKOUT / "fixtures"

# Names of newsrooms, projects and services that have no Russian form, and words of the interface
# that stay Latin.
NAMES = {
    *("BBC", "News", "Deutsche", "Welle", "Eurasianet", "WhatsApp", "taz", "Casualties", "AFP"),
    *("API", "JSON", "CSV", "XLSX", "NDJSON", "GeoJSON", "Parquet", "SVG", "PNG", "Atom", "SHA"),
    *("csv", "json", "xlsx", "ndjson", "geojson", "parquet"),
    *("Cases", "MIT", "Natural", "Earth", "RUB", "USD", "KZT"),
}
UNSEEN = {"script", "style", "svg"}
SPOKEN = {"title", "aria-label", "alt", "placeholder"}
WORD = re.compile(r"[A-Za-z]{3,}")
# Ids of records, addresses and dates.
CODE = re.compile(r"[A-Z]{2,4}\d*-[\w.-]+|https?://\S+|[\w-]+(\.[\w-]+)+(/\S*)?|/api\S*")


# A value that is no text of ours, by its key: codes, addresses, and what others have written.
NOT_OURS = {
    *("id", "code", "url", "path", "archive_url", "original_url", "website", "value", "sha256"),
    *("earliest", "latest", "captured", "country", "citizenships", "within", "parent", "sources"),
    *("cites", "parallel_of", "source", "fields", "locator", "rank", "language", "script", "kato"),
    *("title_language", "currency", "court_case_number", "disputed"),
    *("defendant", "changes", "number", "part", "region", "residence_region", "court", "charges"),
    *("articles", "formation"),
}
# Whatever stands below these was printed by others.
PRINTED = {"title", "names", "aliases"}
DATE = re.compile(r"[\dX.~?/-]+")
# Codes of closed vocabularies, which the pages translate.
CODES = {
    *("kind", "conflict", "status", "procedure", "sex", "fate", "plea", "channel", "per"),
    *("end_reason", "instance", "outcome", "sentence_kind", "standing", "extent_read", "level"),
    *("measure", "unit", "qualifier", "confiscation"),
}


def words(text):
    return [word for word in WORD.findall(CODE.sub(" ", text)) if word not in NAMES]


class Words(HTMLParser):
    """English words of a page, except those that are marked as being in another language, titles of
    sources, and names of publishers."""

    VOID = {"meta", "link", "input", "br", "img", "hr", "col", "wbr", "source"}

    def __init__(self, html):
        super().__init__()
        self.open = []
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        foreign = given.get("lang", "ru") != "ru" or tag in UNSEEN or given.get("hreflang") == "en"
        named = "publisher" in given.get("class", "") or tag == "cite"
        if tag not in self.VOID:
            self.open.append((tag, foreign or named))
        if not self._hidden():
            for name in SPOKEN & given.keys():
                self._look(given[name] or "")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self._hidden():
            self._look(data)

    def _hidden(self):
        return any(hidden for _, hidden in self.open)

    def _look(self, text):
        if words(text):
            self.found.append(" ".join(text.split()))


@pytest.fixture(scope="module")
def bodies(django_db_setup, django_db_blocker):
    """Every current document of the real data, with its kind; fetched once."""
    with django_db_blocker.unblock(), databases.using(databases.LOADED):
        return [
            (kind, orjson.loads(body))
            for kind in RecordKind
            for body in published(kind).current().values_list("body", flat=True)
        ]


def untranslated(value, key=""):
    """Texts of ours in a document that have no Russian form, each with its key."""
    if key in PRINTED:
        return
    if isinstance(value, dict):
        if value and value.keys() <= {"en", "ru", "kk"}:
            if key != "name" and any(value.values()) and not value.get("ru"):
                yield key, str(value)
            return
        for name, part in value.items():
            yield from untranslated(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from untranslated(part, key)
    elif isinstance(value, str) and key not in NOT_OURS | CODES and not DATE.fullmatch(value):
        yield key, value


def test_every_text_of_ours_is_there_in_russian(bodies):
    assert bodies
    found = {
        (kind.value, body.get("id") or body.get("code"), key, text)
        for kind, body in bodies
        for key, text in untranslated(body)
    }
    assert found == set()


def test_a_text_in_one_language_is_found():
    assert list(untranslated({"occupation": {"en": "welder", "ru": None, "kk": None}}))
    assert list(untranslated({"citations": [{"values": {"counted_by": "A ministry"}}]}))


# One of each kind, with rival values, places, recruiters and places in sources.
PAGES = (
    *("", "cases/", "cases/KG-0002/", "cases/KZ-0005/", "statistics/STAT-0111/", "statistics/"),
    *("articles/KZ-170-3/", "courts/kz-atyrau-city-court/", "formations/redut/", "regions/KZ/"),
)


@pytest.mark.parametrize("address", PAGES)
def test_a_russian_page_holds_no_english_words_of_ours(dataset, client, names, address):
    found = Words(client.get(f"/ru/{address}").text).found
    left = [text for text in found if words(names.sub(" ", text))]
    assert left == []


@pytest.fixture(scope="module")
def names(bodies):
    """Finds what stays as it is: names of publishers, other names of anything, and ids."""
    found = set()
    for kind, body in bodies:
        found |= {body.get("id", ""), *body.get("aliases", [])}
        if kind == RecordKind.PUBLISHER:
            found |= set(body["name"].values())
    found -= {"", None}
    return re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True))))


def test_english_words_of_a_page_are_found():
    page = "<p>Место: <b title='in a village'>село</b> <i lang='en'>as printed</i> near Osh</p>"
    assert Words(page).found == ["in a village", "near Osh"]


# Headings that sources print.
HEADINGS = {"Background", "Details"}


def _locators():
    for path in sorted(FIXTURES.rglob("*.yaml")):
        yield from _found(read_file(path, path.read_bytes()).content)


def _found(value):
    if isinstance(value, dict):
        if isinstance(value.get("locator"), str):
            yield value["locator"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _found(part)


def test_every_place_in_a_source_is_translated():
    found = set(_locators())
    assert len(found) > 50
    for locator in found:
        for part in locators.SEPARATOR.split(locator):
            assert part in HEADINGS or locators.known(part), locator


@pytest.mark.parametrize(
    ("locator", "language", "said"),
    [
        ("¶1 and first section, ¶2", "ru", "¶1 и первый раздел, ¶2"),
        ("lines 1 and 7", "ru", "строки 1 и 7"),
        ("Background, ¶1-2; Details, ¶1-3", "ru", "Background, ¶1-2; Details, ¶1-3"),
        ("item 2", "kk", "2-тармақ"),
        ("p. 7", "en", "p. 7"),
        ("04:10", "ru", "04:10"),
        ("¶ about something", "ru", "¶ about something"),
    ],
)
def test_a_place_in_a_source_is_said_in_the_language_of_the_page(locator, language, said):
    with translation.override(language):
        assert locators.in_words(locator) == said


@pytest.mark.parametrize(
    ("note", "language"),
    [("A further witness.", "en"), ("Исправлена дата.", "ru"), ("Күні түзетілді.", "kk")],
)
def test_a_reason_is_marked_with_the_language_that_it_is_written_in(note, language):
    with translation.override("ru"):
        said = reason(note)
    assert said == note if language == "ru" else f'<span lang="{language}">{note}</span>' in said


def test_kyrgyzstan_has_one_name_in_russian_texts_of_ours(bodies):
    older = re.compile("Кирги", re.IGNORECASE)
    texts = [text for _, body in bodies for text in _texts(body) if older.search(text)]
    assert texts == []
    for file in CHECKOUT.glob("cases/*/locale/ru/LC_MESSAGES/django.po"):
        assert not older.search(file.read_text()), file
    with translation.override("ru"):
        assert language_name("ky") == "кыргызский"


def _texts(value, key=""):
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in PRINTED:
                yield from _texts(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, key)
    elif isinstance(value, str):
        yield value

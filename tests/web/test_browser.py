"""Pages in a real browser, from a real server, under the strictest policy: wide and narrow, light
and dark, in each language, with the keyboard and without scripts."""

import os
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = "/usr/bin/chromium"
if not Path(CHROMIUM).exists() and "CI" not in os.environ:
    pytest.skip("needs Chromium", allow_module_level=True)

SIZES = {1280: 900, 390: 844}
SCHEMES = ("light", "dark")
LOOKS = list(product(SIZES, SCHEMES))
# axe takes its time; in these two it meets each size and each scheme.
LOOKED_THROUGH = ((1280, "light"), (390, "dark"))
# Each look in another language, each page beginning with another, so that all of them meet.
PAGES = {
    "": ("en", "ru", "kk", "en"),
    "cases/KZ-0009/": ("kk", "en", "ru", "kk"),
    "cases/KG-0002/": ("ru", "kk", "en", "ru"),
    "cases/KG-0004/": ("en", "ru", "kk", "en"),
    "statistics/": ("kk", "en", "ru", "kk"),
    "statistics/STAT-0001/": ("ru", "kk", "en", "ru"),
    "sources/SRC-0003/": ("en", "ru", "kk", "en"),
    "formations/ru-mod/": ("kk", "en", "ru", "kk"),
    "cases/KZ-0009/?as_of=1": ("ru", "kk", "en", "ru"),
}
# Bytes of a page with its style and scripts, before compression.
HEAVIEST = 100_000


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    # Its loop would look to Django like one of ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visit:
    """One browser window: what it loaded, and what it complained of."""

    def __init__(self, chromium, server, width=1280, scheme="light", **more):
        self.server = server
        self.context = chromium.new_context(
            viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme, **more
        )
        self.page = self.context.new_page()
        self.complaints, self.loaded = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", lambda response: self.loaded.append(response.url))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def _failed(self, request):
        # An icon that was still on its way when the next page was opened.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url} {request.failure}")

    def to(self, path):
        self.loaded.clear()
        self.page.goto(self.server + path)
        return self.page

    def weight(self):
        """Bytes of the page and all that it loaded, before compression, without charts."""
        return self.page.evaluate(
            "[...performance.getEntriesByType('navigation'), "
            "...performance.getEntriesByType('resource')]"
            ".filter(one => !one.name.includes('/charts/'))"
            ".reduce((sum, one) => sum + one.decodedBodySize, 0)"
        )


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:150] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_light_and_self_contained(chromium, server, width, scheme):
    host, found = urlsplit(server).netloc, {}
    with Visit(chromium, server, width, scheme) as visit:
        for path, languages in PAGES.items():
            language = languages[LOOKS.index((width, scheme))]
            page = visit.to(f"/{language}/{path}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong = {
                "complaints": list(visit.complaints),
                "elsewhere": [url for url in visit.loaded if urlsplit(url).netloc != host],
                "overflow": wide if wide > width else None,
                "weight": weight if (weight := visit.weight()) > HEAVIEST else None,
                "axe": violations(page) if (width, scheme) in LOOKED_THROUGH else None,
            }
            visit.complaints.clear()
            if wrong := {name: one for name, one in wrong.items() if one}:
                found[f"/{language}/{path}"] = wrong
    assert found == {}


def test_the_policy_and_axe_would_complain(chromium, server):
    with Visit(chromium, server) as visit:
        page = visit.to("/en/")
        page.evaluate("document.body.append(document.createElement('button'))")
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        assert [name for name, _ in violations(page)] == ["button-name"]
        assert any("style" in complaint for complaint in visit.complaints)


def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(chromium, server):
    with Visit(chromium, server) as visit:
        page = visit.to("/en/cases/KG-0002/")
        page.keyboard.press("Tab")
        skip = page.locator(".skip")
        assert skip.evaluate("one => one === document.activeElement")
        assert skip.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(12):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


def test_a_note_shows_its_source_to_pointer_and_keyboard(chromium, server):
    with Visit(chromium, server) as visit:
        page = visit.to("/en/cases/KZ-0009/")
        card, note = page.locator("#note-card"), page.locator(".fact .notes a").first
        assert card.is_hidden()
        note.hover()
        assert "Tengrinews.kz" in card.inner_text()
        assert "¶7" in card.inner_text()
        page.keyboard.press("Escape")
        assert card.is_hidden()
        note.focus()
        assert card.is_visible()
        assert note.get_attribute("aria-describedby") == "note-card"
        assert violations(page) == []
        note.press("Enter")
        assert urlsplit(page.url).fragment == "source-1"
        assert visit.complaints == []


def test_everything_is_there_without_scripts(chromium, server):
    with Visit(chromium, server, java_script_enabled=False) as visit:
        page = visit.to("/en/cases/KZ-0009/")
        note = page.locator(".fact .notes a").first
        assert note.get_attribute("title") == "Tengrinews.kz, March 2026, ¶7"
        note.click()
        assert "Tengrinews.kz" in page.locator("li:target").inner_text()


def test_switching_the_language_stays_on_the_page(chromium, server):
    with Visit(chromium, server) as visit:
        page = visit.to("/en/cases/KZ-0009/?as_of=1")
        page.get_by_role("link", name="Қазақша").click()
        assert urlsplit(page.url)._replace(scheme="", netloc="").geturl() == (
            "/kk/cases/KZ-0009/?as_of=1"
        )
        assert page.locator("html").get_attribute("lang") == "kk"


def test_the_dataset_is_described_for_search_engines_under_the_policy(chromium, server):
    with Visit(chromium, server) as visit:
        page = visit.to("/ru/")
        about = page.evaluate(
            "JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)"
        )
        assert (about["@type"], about["version"]) == ("Dataset", "1")
        assert visit.complaints == []


def test_links_between_pages_lead_somewhere(server, chromium):
    """Every link of ours on a few pages, once."""
    with Visit(chromium, server) as visit:
        links = set()
        for path in ("", "cases/KZ-0009/", "statistics/STAT-0001/", "sources/SRC-0003/"):
            page = visit.to(f"/en/{path}")
            links |= set(page.evaluate("[...document.links].map(link => link.href)"))
        ours = {link.partition("#")[0] for link in links if link.startswith(server)}
        assert len(ours) > 50
        statuses = {link: page.request.get(link).status for link in sorted(ours)}
        assert {link for link, status in statuses.items() if status != 200} == set()

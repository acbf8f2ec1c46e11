"""Every kind of page in every look: wide and narrow, light and dark, in each language."""

from itertools import product

import pytest
from django.urls import URLPattern, resolve

from cases.web import urls
from cases.web.explorer.urls import urlpatterns as explorer
from cases.web.languages import LANGUAGES
from tests.system.browser.window import SCHEMES, SIZES, violations, window

# Below the language, with the status of the answer. Few rows, as more look no different.
PAGES = {
    "": 200,
    "cases/KZ-0009/": 200,
    "cases/KZ-0009/?as_of=1": 200,
    "cases/KG-0002/": 200,
    "cases/KG-0004/": 200,
    "sources/SRC-0003/": 200,
    "statistics/": 200,
    "statistics/STAT-0001/": 200,
    "regions/UZ-FA/": 200,
    "courts/uz-qoshtepa-district-court/": 200,
    "formations/ru-mod/": 200,
    "articles/KZ-172/": 200,
    "publishers/mediazona/": 200,
    "cases/?page_size=5": 200,
    "cases/?formation=wagner&decided_after=2023&page_size=5": 200,
    "cases/?view=cards&region=UZ-FA": 200,
    "cases/?formation=wagner&region=KZ-59": 200,  # finds nothing
    "cases/filters/?formation=wagner": 200,
    "cases/facets/": 200,
    "defendants/?page_size=5": 200,
    "verdicts/?page_size=5": 200,
    "sources/?page_size=5": 200,
    "statistics/explore/?page_size=5": 200,
    "cases/?region=ZZ&decided_after=never": 400,
    "cases/?ordering=name": 400,
    "cases/KZ-7777/": 404,
}
# The rules that depend on colours.
COLOURS = ["color-contrast", "link-in-text-block"]
LOOKS = list(product(SIZES, SCHEMES))
# Bytes of a page with its style and scripts, before compression, without charts; of the
# explorer, as they are sent.
HEAVIEST = 100_000
WEIGHT = """size => [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")]
    .filter(({name}) => !name.includes("/charts/"))
    .reduce((sum, one) => sum + one[size], 0)"""
# Properties that the style sheets set for one scheme only.
OF_A_SCHEME = """[...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
    .filter(({media}) => media && media.mediaText.includes("prefers-color-scheme"))
    .flatMap(({cssRules}) => [...cssRules]).flatMap(({style}) => [...style])"""


@pytest.fixture(scope="module")
def tab(chromium, server):
    with window(chromium, server) as tab:
        yield tab
        tab.said.clear()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_silent_light_and_fits_the_screen(tab, path, language):
    tab.said.clear()
    answer = tab.goto(f"/{language}/{path}")
    assert answer.status == PAGES[path]
    of_explorer = tab.locator("link[href*=explorer]").count()
    size = "encodedBodySize" if of_explorer else "decodedBodySize"
    assert 0 < tab.evaluate(WEIGHT, size) < HEAVIEST
    if answer.status != 200:
        assert tab.said.pop(0).startswith("Failed to load resource")  # the browser notes it
    found = {}
    for look, (width, scheme) in enumerate(LOOKS):
        tab.set_viewport_size({"width": width, "height": SIZES[width]})
        tab.emulate_media(color_scheme=scheme)
        wide = tab.evaluate("document.documentElement.scrollWidth")
        # Axe takes a second, so each look of a page has its turn in one language, and that of the
        # next page in the next one. Only colours differ between schemes.
        turn = list(LANGUAGES).index(language) == (look + list(PAGES).index(path)) % 3
        found[width, scheme] = {
            "axe": turn and violations(tab, only=None if scheme == "light" else COLOURS),
            "too wide": wide > width and wide,
        }
    assert {look: wrong for look, wrong in found.items() if any(wrong.values())} == {}
    assert tab.said == []


def test_the_schemes_differ_in_colours_only(tab):
    tab.goto("/en/cases/")
    names = tab.evaluate(OF_A_SCHEME)
    assert "--paper" in names
    assert [name for name in names if not name.startswith("--")] == []


def test_every_kind_of_page_is_looked_at():
    looked_at = {resolve(f"/en/{path.partition('?')[0]}").url_name for path in PAGES}
    # Counted filters are one template for every kind of record.
    same = {page.name for page in explorer if not page.name.endswith("-list")}
    assert looked_at >= {page.name for page in urls.pages if isinstance(page, URLPattern)}
    assert looked_at >= {page.name for page in explorer} - same
    assert {name.rpartition("-")[2] for name in same & looked_at} == {"all", "beside"}

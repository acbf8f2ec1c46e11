"""Pages in a real browser, from a real server, under the strictest policy: with the keyboard and
without scripts."""

from urllib.parse import urlsplit

from tests import real_data
from tests.system.browser.window import violations, window


def test_the_policy_and_axe_would_complain(chromium, server):
    with window(chromium, server, quiet=False) as page:
        page.goto("/en/")
        page.evaluate("document.body.append(document.createElement('button'))")
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        assert [name for name, _ in violations(page)] == ["button-name"]
        assert any("style" in said for said in page.said)


def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(chromium, server):
    with window(chromium, server) as page:
        page.goto("/en/cases/KG-0002/")
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
    with window(chromium, server) as page:
        page.goto("/en/cases/KZ-0009/")
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


def test_everything_is_there_without_scripts(chromium, server):
    with window(chromium, server, scripts=False) as page:
        page.goto("/en/cases/KZ-0009/")
        note = page.locator(".fact .notes a").first
        assert note.get_attribute("title") == "Tengrinews.kz, March 2026, ¶7"
        note.click()
        assert "Tengrinews.kz" in page.locator("li:target").inner_text()


def test_switching_the_language_stays_on_the_page(chromium, server):
    with window(chromium, server) as page:
        page.goto("/en/cases/KZ-0009/?as_of=1")
        page.get_by_role("link", name="Қазақша").click()
        assert urlsplit(page.url)._replace(scheme="", netloc="").geturl() == (
            "/kk/cases/KZ-0009/?as_of=1"
        )
        assert page.locator("html").get_attribute("lang") == "kk"


def test_the_dataset_is_described_for_search_engines_under_the_policy(chromium, server):
    with window(chromium, server) as page:
        page.goto("/ru/")
        about = page.evaluate(
            "JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)"
        )
        assert (about["@type"], about["version"]) == ("Dataset", str(real_data.publications()))


def test_links_between_pages_lead_somewhere(server, chromium):
    """Every link of ours on a few pages, once."""
    with window(chromium, server) as page:
        links = set()
        for path in ("", "cases/KZ-0009/", "statistics/STAT-0001/", "sources/SRC-0003/"):
            page.goto(f"/en/{path}")
            links |= set(page.evaluate("[...document.links].map(link => link.href)"))
        ours = {link.partition("#")[0] for link in links if link.startswith(server.url)}
        assert len(ours) > 50
        statuses = {link: page.request.get(link).status for link in sorted(ours)}
        assert {link for link, status in statuses.items() if status != 200} == set()

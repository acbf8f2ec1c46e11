"""The explorer in a real browser: with and without scripts, and with the keyboard alone."""

import re

from tests.system.browser.window import window

WAGNER = "formation=wagner"


def counted(server, query=""):
    """How many cases of the real data a query finds."""
    return server.ask(f"/api/v1/cases/?{query}").json()["count"]


def count(tab):
    return int(re.search(r"\d+", tab.inner_text("#found"))[0])


def wait_for(tab, number):
    """Until the page says that so many cases are found: "8 cases" is not part of "48 cases"."""
    said = re.compile(rf"(?<!\d){number} cases")
    tab.get_by_role("status").get_by_text(said).wait_for()


def test_search_as_you_type_keeps_the_field_and_gives_the_view_its_address(chromium, server):
    with window(chromium, server) as tab:
        tab.goto("/en/cases/?country=KZ")
        assert count(tab) == counted(server, "country=KZ")
        tab.locator("#q").press_sequentially("Liuf", delay=40)
        tab.wait_for_url("**/en/cases/?*q=Liuf*")
        tab.wait_for_function("document.querySelector('#found').innerText.startsWith('1 ')")
        assert tab.evaluate("document.activeElement.id") == "q"
        assert tab.input_value("#q") == "Liuf"
        # The language keeps the view, and so does a new visit.
        assert "q=Liuf" in tab.get_attribute("#languages a[hreflang=kk]", "href")
        tab.reload()
        assert (count(tab), tab.input_value("#q")) == (1, "Liuf")
        tab.go_back()
        tab.wait_for_function("!document.querySelector('#q').value")
        assert count(tab) == counted(server, "country=KZ")


def test_a_filter_is_chosen_and_taken_away_with_the_keyboard_alone(chromium, server):
    with window(chromium, server) as tab:
        tab.goto("/en/cases/")
        for _ in range(400):
            tab.keyboard.press("Tab")
            if tab.evaluate("document.activeElement.id") == "formation-wagner":
                break
        tab.keyboard.press("Space")
        tab.wait_for_url("**/en/cases/?formation=wagner")
        wait_for(tab, counted(server, WAGNER))
        # The box was written anew, and is still where the reader is.
        tab.wait_for_function("document.activeElement.id == 'formation-wagner'")
        tab.keyboard.press("Space")
        tab.wait_for_url("**/en/cases/")
        wait_for(tab, counted(server))


def test_filters_add_up_and_groups_stay_as_the_reader_left_them(chromium, server):
    with window(chromium, server) as tab:
        tab.goto("/en/cases/")
        tab.click("#group-country summary")
        tab.click("#group-procedure summary")
        tab.check("#formation-wagner")
        wait_for(tab, counted(server, WAGNER))
        assert tab.get_attribute("#group-country", "open") is None
        assert tab.get_attribute("#group-procedure", "open") is not None
        tab.fill("#decided-after", "2025")
        tab.keyboard.press("Tab")
        tab.wait_for_url("**/en/cases/?formation=wagner&decided_after=2025")
        wanted = tab.request.get("/api/v1/cases/?formation=wagner&decided_after=2025").json()
        wait_for(tab, wanted["count"])
        tab.locator(".chips a", has_text="Wagner").click()
        tab.wait_for_url("**/en/cases/?decided_after=2025")


def test_what_is_wrong_is_shown_without_losing_the_form(chromium, server):
    # The browser itself notes that an answer was 400.
    with window(chromium, server, quiet=False) as tab:
        tab.goto("/en/cases/?formation=wagner")
        tab.fill("#decided-after", "last year")
        tab.keyboard.press("Tab")
        problem = tab.locator("#group-decided .problems")
        problem.get_by_text("cannot be used").wait_for()
        assert tab.input_value("#decided-after") == "last year"
        assert tab.is_checked("#formation-wagner")
        tab.fill("#decided-after", "2024")
        tab.keyboard.press("Tab")
        tab.locator("table.records").wait_for()
        assert tab.locator(".problems").count() == 0


def test_without_scripts_everything_is_a_form_and_links(chromium, server):
    with window(chromium, server, width=390, scripts=False) as tab:
        tab.goto("/ru/cases/")
        tab.get_by_role("link", name="Фильтры", exact=True).click()
        tab.check("#formation-wagner")
        tab.get_by_role("button", name="Показать").click()
        tab.wait_for_url("**/ru/cases/?formation=wagner")
        assert count(tab) == counted(server, WAGNER)
        tab.get_by_role("link", name="Карточки").click()
        assert tab.locator(".record-card").count() == counted(server, WAGNER)
        tab.get_by_role("link", name="Все фильтры").click()
        tab.check("#country-KZ")
        tab.get_by_role("button", name="Показать").click()
        tab.wait_for_url("**/ru/cases/?country=KZ&formation=wagner&view=cards")
        tab.get_by_role("link", name=re.compile("^Убрать.*Казахстан")).click()
        assert count(tab) == counted(server, WAGNER)
        tab.get_by_role("link", name="English").click()
        assert count(tab) == counted(server, WAGNER)


def test_filters_that_come_later_take_their_place(chromium, server):
    """Of many records they come in a second request; here it is made by hand."""
    with window(chromium, server) as tab:
        tab.goto("/en/cases/?formation=wagner")
        tab.evaluate(
            """() => {
                const late = document.createElement("aside");
                late.id = "beside";
                const from = "/en/cases/facets/?formation=wagner";
                for (const [name, value] of Object.entries({
                    get: from, trigger: "load", target: "this", select: "#beside",
                    swap: "outerHTML", "push-url": "false", "select-oob": "unset",
                })) late.setAttribute(`hx-${name}`, value);
                document.querySelector("#beside").replaceWith(late);
                htmx.process(late);
            }"""
        )
        tab.locator("#formation-wagner").wait_for()
        assert tab.url.endswith("/en/cases/?formation=wagner")
        tab.uncheck("#formation-wagner")
        wait_for(tab, counted(server))

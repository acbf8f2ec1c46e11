"""An editor's day in a real browser, against a real server."""

import re
from contextlib import contextmanager

import pytest

from tests.system.processes import Server, manage
from tests.waiting import WAIT_TIMEOUT

PASSWORD = "synthetic-password-1"

# Facts of the case that the fixtures hold as KZ-0009, which is taken out of this database.
CASE = "KZ-0009"
SOURCE = "SRC-0062"
ALONE = f"""
from cases.models import Case
from django.contrib.auth.models import Group, User
from cases.admin import roles
roles.seed()
Case.objects.filter(pk="{CASE}").delete()
for name, role in (("aigerim", "reporter"), ("bolat", "editor")):
    user = User.objects.create_user(name, password="{PASSWORD}", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
"""


@pytest.fixture(scope="module")
def served(state):
    """A server with the real data, without the case that will be entered."""
    with Server(state, WORKERS="1", CASES_REQUIRE_SECOND_EDITOR="true").started() as server:
        code, said = manage(state, "shell", "-v", "0", "-c", ALONE)
        assert code == 0, said
        yield server
        assert PASSWORD not in server.printed()


@pytest.fixture(scope="module")
def desk(served):
    """Its origin."""
    return served.url


@pytest.fixture(scope="module")
def public(served):
    """What anybody reads: the status and the JSON."""

    def public(address):
        answer = served.ask(f"/api/v1/{address}")
        return answer.status, answer.json()

    return public


@contextmanager
def logged_in(chromium, desk, name):
    """A new browser window, logged in; it calls no other host and finds no error in a script."""
    window = chromium.new_page(viewport={"width": 1280, "height": 900})
    window.set_default_timeout(1_000 * WAIT_TIMEOUT)
    wrong, elsewhere = [], []
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("request", lambda call: call.url.startswith(desk) or elsewhere.append(call.url))
    window.goto(f"{desk}/desk/")
    window.fill("#id_username", name)
    window.fill("#id_password", PASSWORD)
    window.keyboard.press("Enter")
    window.wait_for_selector("#board")
    yield window
    window.close()
    assert wrong == []
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []


@pytest.fixture
def tab(chromium, desk):
    """The window of a reporter."""
    with logged_in(chromium, desk, "aigerim") as window:
        yield window


@pytest.fixture
def editor(chromium, desk):
    """The window of an editor, on another screen."""
    with logged_in(chromium, desk, "bolat") as window:
        yield window


def choose(tab, name, asked, found):
    """Picks from an autocomplete, with the keyboard."""
    select = tab.locator(f'select[name="{name}"]')
    select.locator("xpath=following-sibling::span").locator(".select2-selection").first.click()
    tab.locator(".select2-search__field:focus").fill(asked)
    tab.locator(".select2-results__option--highlighted", has_text=found).wait_for()
    tab.keyboard.press("Enter")


def tick(tab, citation, *facts):
    for fact in facts:
        tab.check(f'input[name="{citation}-fields"][value="{fact}"]')


def marked(tab):
    """Facts that are shown as having no source."""
    tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return set(
        tab.locator(".unsourced:visible").evaluate_all("all => all.map(m => m.dataset.fact)")
    )


def add(tab, rows, number=0):
    tab.locator(
        f'[id="{rows}-group"] > .djn-add-item a, [id="{rows}-group"] > fieldset > .djn-add-item a'
    ).click()
    return f"{rows}-{number}"


def test_a_case_is_entered_checked_published_corrected_and_withdrawn(tab, editor, desk, public):
    case = entered(tab, desk)
    page = f"{desk}/desk/publishing/case/{case}/"
    assert public(f"cases/{case}/")[0] == 404

    # Who entered it may look, and no more.
    tab.goto(page)
    tab.get_by_text("Євген Люфт").first.wait_for()
    assert tab.locator("button[name=act]").count() == 0

    editor.goto(page)
    assert editor.locator("button[value=publish]").count() == 0
    editor.click("button[value=check]")
    editor.get_by_text("is checked and can be published").wait_for()
    editor.click("button[value=publish]")
    editor.get_by_text("is public with publication").wait_for()
    status, said = public(f"cases/{case}/")
    verdict = said["verdicts"][0]
    assert (status, verdict["sentence_months"], said["version"]) == (200, 72, 1)
    assert [name["text"] for name in said["defendants"][0]["names"]] == [
        "Євген Люфт",
        "Yevgeny Luft",
    ]
    assert public(f"cases/?q=Liuft&ids={case}")[1]["count"] == 1

    # A correction: nothing is public before it is checked again, and explained.
    tab.goto(f"{desk}/desk/cases/case/{case}/change/")
    tab.fill("#id_defendants-0-verdicts-0-sentence_months", "70")
    tab.click("input[name=_continue]")
    tab.get_by_text("was changed successfully").wait_for()
    assert public(f"verdicts/{verdict['id']}/")[1]["sentence_months"] == 72
    # Who corrects a value says what its source supports now.
    tab.goto(page)
    tab.get_by_label("supports 70").check()
    tab.get_by_role("button", name="Save what the sources support").click()
    tab.get_by_text("supports 70").first.wait_for()
    editor.goto(page)
    editor.get_by_text("72").first.wait_for()
    editor.click("button[value=check]")
    editor.get_by_text("is checked and can be published").wait_for()
    editor.click("button[value=publish]")
    editor.get_by_text("A public note is required").wait_for()
    editor.fill("#id_note", "The sentence was misread.")
    editor.click("button[value=publish]")
    editor.get_by_text("is public with publication").wait_for()
    now = public(f"verdicts/{verdict['id']}/")[1]
    assert (now["sentence_months"], now["version"]) == (70, 2)
    before = public(f"verdicts/{verdict['id']}/?as_of={said['publication']}")[1]
    assert before["sentence_months"] == 72
    versions = public(f"verdicts/{verdict['id']}/versions/")[1]["results"]
    assert [(row["op"], row["version"], row["note"]) for row in versions] == [
        ("publish", 1, ""),
        ("correct", 2, "The sentence was misread."),
    ]
    changes = public(f"changes/?since={said['publication']}")[1]["results"]
    assert {row["note"] for row in changes} == {"The sentence was misread."}
    assert verdict["id"] in {row["id"] for row in changes}

    editor.goto(page)
    editor.get_by_role("link", name="Withdraw…").click()
    editor.fill("#id_note", "The court says that it is another person.")
    editor.get_by_role("button", name="Withdraw").click()
    editor.get_by_text("is withdrawn with publication").first.wait_for()
    status, said = public(f"cases/{case}/")
    assert status == 410
    assert "The court says that it is another person." in said["detail"]
    assert public(f"cases/?q=Luft&ids={case}")[1]["count"] == 0


def entered(tab, desk):
    """Enters the case from nothing, is told what lacks a source, and mends that. Its id."""
    tab.goto(f"{desk}/desk/cases/case/add/")
    tab.select_option("#id_country", "KZ")
    tab.select_option("#id_kind", "participation")
    tab.select_option("#id_conflict", "2022-")
    tab.select_option("#id_status", "decided")
    choose(tab, "region", "North Kaz", "KZ-59")
    choose(tab, "court", "Қызылжар", "kz-kyzylzhar-district-court")
    choose(tab, "charges", "172", "KZ-172")
    tab.fill(
        "[name=summary_en]", "A court sentenced a citizen of Kazakhstan to six years in prison."
    )

    who = "defendants-0"
    tab.fill(f"#id_{who}-names-0-text", "Євген Люфт")
    tab.fill(f"#id_{who}-names-0-language", "uk")
    second = add(tab, f"{who}-names", 1)
    tab.fill(f"#id_{second}-text", "Yevgeny Luft")
    tab.fill(f"#id_{second}-language", "en")
    tab.select_option(f"#id_{who}-sex", "male")
    tab.fill(f"#id_{who}-age", "25")
    tab.fill(f"#id_{who}-age_as_of", "2026-02-26")

    service = add(tab, f"{who}-services")
    choose(tab, f"{service}-formation", "Ministry of Defence", "ru-mod")
    tab.fill(f"#id_{service}-contract_signed", "2025-02~")
    hint = tab.locator(f"#id_{service}-contract_signed + .edtf-hint")
    hint.get_by_text("about February 2025: 1–28 February 2025").wait_for()
    tab.fill(f"#id_{service}-contract_signed", "mid February")
    hint.get_by_text("expected a year, month or day").wait_for()
    tab.fill(f"#id_{service}-contract_signed", "2025-02")

    verdict = add(tab, f"{who}-verdicts")
    choose(tab, f"{verdict}-court", "Kyzylzhar", "kz-kyzylzhar-district-court")
    tab.select_option(f"#id_{verdict}-instance", "first")
    tab.select_option(f"#id_{verdict}-outcome", "convicted")
    tab.fill(f"#id_{verdict}-reported", "2026-02-26")
    tab.fill(f"#id_{verdict}-sentence_months", "72")
    tab.select_option(f"#id_{verdict}-sentence_kind", "imprisonment")

    for owner, facts in {
        "": ("country", "kind", "conflict", "status", "region", "court", "charges", "summary"),
        f"{who}-": ("names", "sex", "age"),
        f"{service}-": ("formation", "contract_signed"),
        f"{verdict}-": ("court", "instance", "outcome", "reported", "sentence_kind"),
    }.items():
        choose(tab, f"{owner}citations-0-source", SOURCE, SOURCE)
        tab.fill(f"#id_{owner}citations-0-locator", "¶1-6")
        tick(tab, f"{owner}citations-0", *facts)

    # Said at once, before anything is saved.
    assert marked(tab) == {"age_as_of", "sentence_months"}
    tab.click("input[name=_continue]")

    tab.get_by_text("2 facts have no source yet").wait_for()
    tab.get_by_text("Draft, held back from the public").wait_for()
    assert marked(tab) == {"age_as_of", "sentence_months"}
    assert tab.get_attribute("a.publish", "href") == f"/desk/publishing/case/{CASE}/" or (
        "KZ-" in tab.get_attribute("a.publish", "href")
    )
    assert tab.input_value(f"#id_{who}-names-0-script") == "Cyrl"
    assert tab.input_value(f"#id_{who}-names-1-script") == "Latn"

    tick(tab, f"{who}-citations-0", "age_as_of")
    assert marked(tab) == {"sentence_months"}
    tick(tab, f"{verdict}-citations-0", "sentence_months")
    assert marked(tab) == set()
    tab.click("input[name=_continue]")
    tab.get_by_text("was changed successfully").wait_for()
    assert tab.locator(".standing strong").count() == 0
    assert tab.locator("ul.broken li").all_inner_texts() == []
    assert tab.locator("[name=defendants-0-names-TOTAL_FORMS]").input_value() == "2"
    return re.search("KZ-[0-9]+", tab.url)[0]


def test_a_source_and_its_publisher_are_added_from_within_a_ruling(tab, desk):
    tab.goto(f"{desk}/desk/cases/case/KZ-0001/change/")
    add(
        tab,
        "defendants-0-verdicts-0-citations",
        int(tab.input_value("[name=defendants-0-verdicts-0-citations-TOTAL_FORMS]")),
    )
    number = int(tab.input_value("[name=defendants-0-verdicts-0-citations-TOTAL_FORMS]")) - 1
    row = f"defendants-0-verdicts-0-citations-{number}"
    with tab.expect_popup() as opened:
        tab.click(f"#add_id_{row}-source")
    source = opened.value
    with source.expect_popup() as opened:
        source.click("#add_id_publisher")
    publisher = opened.value
    publisher.fill("[name=name_en]", "Synthetic Gazette")
    publisher.select_option("#id_kind", "newsroom")
    with publisher.expect_event("close"):
        publisher.click("input[name=_save]")
    chosen = source.locator("#id_publisher option", has_text="synthetic-gazette")
    chosen.wait_for(state="attached")
    source.select_option("#id_kind", "news_report")
    source.fill("#id_language", "ru")
    source.select_option("#id_extent_read", "full")
    source.fill("#id_url", "https://synthetic.example/report")
    with source.expect_event("close"):
        source.click("input[name=_save]")
    tab.locator(f'select[name="{row}-source"] option', has_text="SRC-").wait_for(state="attached")
    assert tab.input_value(f'select[name="{row}-source"]').startswith("SRC-")
    tick(tab, row, "outcome")
    tab.click("input[name=_continue]")
    tab.get_by_text("was changed successfully").wait_for()


def test_a_figure_is_entered_with_the_keyboard_alone(tab, desk):
    """From the board to a saved record, without a mouse."""
    tab.goto(f"{desk}/desk/cases/publisher/add/")
    tab.locator("[name=name_en]").focus()
    tab.keyboard.type("Synthetic Keyboard Press")
    seen = set()
    for _ in range(40):
        tab.keyboard.press("Tab")
        here = tab.evaluate("document.activeElement.id || document.activeElement.name")
        seen.add(here)
        if here == "id_kind":
            tab.keyboard.press("ArrowDown")
        if here == "_save":
            break
    assert {"id_name_1", "id_name_2", "id_id", "id_kind", "id_website", "_save"} <= seen
    tab.keyboard.press("Enter")
    tab.get_by_text("was added successfully").wait_for()


def test_rows_can_be_added_with_the_keyboard(tab, desk):
    tab.goto(f"{desk}/desk/cases/case/KZ-0001/change/")
    total = tab.locator("[name=defendants-0-names-TOTAL_FORMS]")
    before = int(total.input_value())
    handler = tab.locator('[id="defendants-0-names-group"] .djn-add-handler').last
    handler.focus()
    tab.keyboard.press("Enter")
    assert int(total.input_value()) == before + 1


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", ["", "cases/case/KZ-0001/change/", "cases/source/add/"])
def test_nothing_sticks_out_of_the_screen(tab, desk, width, address):
    tab.set_viewport_size({"width": width, "height": 844})
    tab.goto(f"{desk}/desk/{address}")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    wide = tab.evaluate(
        """width => Array.from(document.querySelectorAll(
            "#content :is(input:not([type=hidden]), select, textarea, .select2)"
        )).filter(e => e.offsetParent && e.getBoundingClientRect().right > width)
          .map(e => e.id || e.name || e.className)""",
        width,
    )
    assert wide == []

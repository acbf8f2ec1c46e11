"""The pages as a browser sees them: it says when a policy keeps something from them."""

import pytest

from tests.system.processes import Server, manage
from tests.waiting import WAIT_TIMEOUT

# Redoc asks for its maker's logo, and shall not have it.
REFUSED = "https://cdn.redoc.ly/redoc/logo-mini.svg"
# What browsers advise about pages of Django's, whatever the policy.
ADVICE = ("Autofocus processing", "[DOM]")

EDITOR = """
from django.contrib.auth.models import User
User.objects.create_superuser("editor", password="only-for-tests")
"""


@pytest.fixture(scope="module")
def served(state):
    """A server with an editor who may do all."""
    with Server(state, WORKERS="1").started() as server:
        code, said = manage(state, "shell", "-v0", "-c", EDITOR)
        assert code == 0, said
        yield server.url


@pytest.fixture(scope="module")
def page(chromium, served):
    page = chromium.new_page(base_url=served)
    page.set_default_timeout(1_000 * WAIT_TIMEOUT)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


def complaints(page):
    page.wait_for_load_state("load")
    # What the browser has to say of the load comes before the next task.
    page.evaluate("() => new Promise(done => setTimeout(done))")
    found = [said for said in page.said if REFUSED not in said and not said.startswith(ADVICE)]
    page.said.clear()
    return found


def test_swagger_shows_an_operation_and_says_nothing(page):
    page.goto("/api/v1/docs/")
    page.click(".opblock >> nth=0")
    page.wait_for_selector(".opblock-body")
    assert complaints(page) == []


def test_redoc_shows_the_schema_in_its_style_and_says_nothing(page):
    page.goto("/api/v1/redoc/")
    page.wait_for_selector("h1 >> text=Cases API")
    # By its own style sheet the menu stands beside the text.
    assert page.evaluate("document.styleSheets.length") > 1
    assert page.locator(".menu-content").bounding_box()["x"] == 0
    assert page.locator("h1").first.bounding_box()["x"] > 200
    assert complaints(page) == []


@pytest.fixture
def desk(page, served):
    """The page of an editor who is logged in."""
    if not page.context.cookies(f"{served}/desk/"):
        page.goto("/desk/")
        page.fill("#id_username", "editor")
        page.fill("#id_password", "only-for-tests")
        page.click("[type=submit]")
        page.wait_for_selector("#user-tools")
        assert complaints(page) == []
    return page


@pytest.mark.parametrize(
    "address",
    [
        *("", "import/", "publishing/", "publishing/audit/", "password_change/"),
        *("cases/apikey/", "cases/apikey/add/"),
        *("auth/user/", "auth/user/add/", "auth/user/1/change/", "auth/user/1/history/"),
        *("cases/case/", "cases/case/add/", "cases/case/KZ-0001/change/"),
        *("cases/case/KZ-0001/history/", "cases/publisher/"),
        *("cases/source/SRC-0062/change/", "cases/statistic/STAT-0001/change/"),
        *("cases/region/", "cases/court/add/", "cases/formation/ru-mod/change/"),
        *("publishing/case/KZ-0001/", "publishing/case/KZ-0001/withdraw/"),
        *("publishing/case/KZ-0001/merge/", "publishing/defendant/KZ-0001-D1/redact/"),
        *("publishing/source/SRC-0062/", "publishing/statistic/STAT-0001/"),
    ],
)
def test_a_page_of_the_desk_says_nothing(desk, address):
    answer = desk.goto(f"/desk/{address}")
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert complaints(desk) == []


def test_rows_are_added_references_found_and_dates_explained_in_silence(desk):
    desk.goto("/desk/cases/case/add/")
    desk.click("#defendants-0-services-group > .djn-add-item a, "
               "#defendants-0-services-group > fieldset > .djn-add-item a")  # fmt: skip
    desk.fill("#id_defendants-0-services-0-contract_signed", "2025-02~")
    desk.get_by_text("about February 2025: 1–28 February 2025").wait_for()
    select = desk.locator('select[name="region"]')
    select.locator("xpath=following-sibling::span").locator(".select2-selection").first.click()
    desk.locator(".select2-search__field:focus").fill("North Kaz")
    desk.locator(".select2-results__option--highlighted", has_text="KZ-59").wait_for()
    assert complaints(desk) == []


def test_a_window_beside_the_page_brings_back_what_was_added_there(desk):
    desk.goto("/desk/cases/source/add/")
    with desk.expect_popup() as opened:
        desk.click("#add_id_publisher")
    beside = opened.value
    beside.fill("#id_id", "synthetic-publisher")
    beside.fill("[name=name_en]", "A synthetic publisher")
    beside.select_option("#id_kind", "ngo")
    beside.click("[name=_save]")
    desk.wait_for_selector("#id_publisher option >> text=A synthetic publisher", state="attached")
    assert complaints(desk) == []


def test_all_that_is_ready_is_published_in_silence(desk):
    desk.goto("/desk/publishing/")
    desk.click("button[value=publish]")
    desk.wait_for_selector(".streamed p:last-child")
    assert complaints(desk) == []


def test_a_workbook_is_refused_and_imported_in_silence(desk, tmp_path):
    desk.goto("/desk/import/")
    with desk.expect_download() as download:
        desk.click("a[href$='template.xlsx']")
    download.value.save_as(tmp_path / "template.xlsx")
    desk.set_input_files("[type=file]", tmp_path / "template.xlsx")
    desk.click("#content form[enctype] [type=submit]")
    desk.wait_for_url("**/desk/import/*-*/")
    assert complaints(desk) == []


def test_who_logs_out_hears_nothing_of_it(desk):
    desk.click("#logout-form button")
    assert complaints(desk) == []


def test_what_the_policy_forbids_is_noticed_here(page):
    page.goto("/desk/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    [said] = complaints(page)
    assert "Content Security Policy" in said

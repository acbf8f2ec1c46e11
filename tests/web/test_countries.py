"""One name for each country: that of the register of regions."""

import pytest
from babel import Locale

from cases.countries import country_name
from tests.api.reading import read

LANGUAGES = ("en", "ru", "kk")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_call_a_country_as_the_register_does(dataset, client, language):
    regions = read(client, "regions/")["results"]
    names = {one["code"]: one["name"][language] for one in regions if one["kind"] == "country"}
    assert {"KZ", "KG", "UZ", "TJ", "TM"} <= names.keys()
    for code, name in names.items():
        if name is not None:
            assert country_name(Locale(language), code) == name


def test_a_code_that_nobody_knows_stays_as_it_is():
    assert country_name(Locale("ru"), "QX") == "QX"


def test_the_front_page_says_what_its_bars_count_and_what_to_know_of_them(dataset, client):
    page = client.get("/ru/").content.decode()
    assert "Кыргызстан" in page or "Киргизия" not in page
    assert "уголовные дела, возбуждённые по статье 154" in page
    assert page.count("Не только война в Украине") == 2  # 2025 has a remark more
    notes = client.get("/charts/cases-by-year.json?country=UZ").json()["notes"]
    assert any(note.startswith("19, 68, 112: Not only the war") for note in notes)


def test_the_front_page_lists_what_its_bars_leave_out_and_says_what_to_compare(dataset, client):
    page = client.get("/en/").text
    assert "Compare only figures that the same organisation counted for the same article" in page
    others = page[page.index("Also published, for other articles or without one:") :]
    others = others[: others.index("</p>")]
    # Mercenarism is counted apart, and headlines round.
    for figure in ("STAT-0002", "STAT-0006", "STAT-0003", "STAT-0004"):
        assert f'href="/en/statistics/{figure}/"' in others
    assert "STAT-0001" not in others


def test_the_front_page_tells_of_single_corrections_before_many_at_once(dataset, client):
    page = client.get("/en/").content.decode()
    latest = page[page.index('id="latest"') :]
    assert "A further page that reads the ruling as prison" in latest
    assert "The translations are ours" not in latest[: latest.index("</ul>")]

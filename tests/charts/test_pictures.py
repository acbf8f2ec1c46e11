"""The pictures: they can be read by everybody, say where they are from, and break on nothing."""

import io
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from cases.charts.charts import CHARTS
from cases.charts.layout import broken, extent
from cases.charts.look import MARGIN
from cases.charts.words import LANGUAGES, country
from cases.publishing.ledger import ledger
from tests import synthetic
from tests.api.reading import read

SVG = "{http://www.w3.org/2000/svg}"

PICTURES = [(name, language) for name in CHARTS for language in LANGUAGES]


def svg(client, name, **query):
    response = client.get(f"/charts/{name}.svg", query)
    assert response.status_code == 200, response.content.decode()
    return ET.fromstring(response.content)


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text") if element.text]


@pytest.mark.parametrize(("name", "language"), PICTURES)
def test_every_chart_is_drawn_in_every_language_and_format(dataset, client, name, language):
    root = svg(client, name, lang=language)
    assert root.get("role") == "img"
    assert root.get("lang") == language
    labels = {element.get("id"): element.text for element in root[:2]}
    assert root.get("aria-labelledby").split() == list(labels)
    said = read(client, f"/charts/{name}.json", lang=language)
    assert labels["chart-title"].startswith(said["title"])
    assert said["source"] in labels["chart-description"]
    source = {"en": "Source: ", "ru": "Источник: ", "kk": "Дереккөз: "}[language]
    assert said["source"].startswith(f"{source}Cases API")
    assert said["source"].endswith("· CC BY 4.0")
    shown = " ".join(texts(root))
    assert said["source"].replace("\u00a0", " ") in shown.replace("\u00a0", " ")
    picture = client.get(f"/charts/{name}.png", {"lang": language})
    assert picture["Content-Type"] == "image/png"
    size = Image.open(io.BytesIO(picture.content)).size
    assert size == (1600, 2 * int(root.get("height")))


@pytest.mark.parametrize("name", CHARTS)
def test_the_width_and_the_colours_are_those_asked_for(dataset, client, name):
    narrow = svg(client, name, width="320", theme="dark")
    assert narrow.get("width") == "320"
    assert narrow.find(f"{SVG}rect").get("fill") == "#15181d"
    plot = narrow.find(f"{SVG}svg")
    if plot is not None:
        assert float(plot.get("width")) <= 320 - 2 * MARGIN + 1


def test_the_letters_of_kazakh_are_drawn_alike_on_every_machine(dataset, client):
    """Each is drawn, as nothing is where a font lacks a letter; the font is no machine's."""
    from cases.charts.rendering import renderer

    form = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    form += '<rect width="40" height="40" fill="white"/><text x="5" y="30" '
    for family in ("Liberation Sans", "DejaVu Sans", "DejaVu Serif"):
        for letter in "әғқңөұүһіӘҒҚҢӨҰҮҺІЖщЁ":
            text = f'{form}font-size="28" font-family="{family}">{letter}</text></svg>'
            drawn = Image.open(io.BytesIO(renderer.png(text, 1))).convert("L")
            blank = drawn.getextrema() == (255, 255)
            assert blank == (family != "Liberation Sans"), (family, letter)


def test_what_is_selected_is_said_in_words(dataset, client):
    query = {
        "region": "KZ-35,KZ-59",
        "formation__not": "wagner",
        "article": "KZ-172",
        "outcome": "convicted",
        "decided_after": "2024-06",
        "decided_before": "2025",
        "plea__isnull": "true",
        "disputed": "false",
        "date_mode": "certain",
        "changed_since": "0",
        "ids": "KZ-0001,KZ-0002,KZ-0003,KZ-0004,KZ-0005,KZ-0006",
    }
    said = read(client, "/charts/outcomes.json", **query)["selection"]
    assert said == [
        "Region: Karaganda Region, North Kazakhstan Region",
        "Formation: not Wagner PMC",
        "Article 172 (KZ)",
        "Outcome: convicted",
        "Plea: not known",
        "Sources differ: no",
        "Ruling: 2024-06 – 2025",
        "Records: KZ-0001, KZ-0002, KZ-0003, KZ-0004 and 2 more",
        "Changed since publication 0",
        "Only dates that lie in the range for certain",
    ]
    russian = read(client, "/charts/outcomes.json", lang="ru", **query)["selection"]
    assert russian[0] == "Регион: Карагандинская область, Северо-Казахстанская область"
    assert "Статья 172 (KZ)" in russian


@pytest.mark.parametrize("name", [name for name in CHARTS if name != "cases-by-year"])
def test_a_picture_does_not_repeat_what_somebody_searched_for(dataset, client, name):
    for word in ("Slanderous", "<script>alert(1)</script>", "\x0b\x1f"):
        response = client.get(f"/charts/{name}.svg", {"q": word})
        if response.status_code == 200:
            assert b"Found by a search for words" in response.content
            assert b"landerous" not in response.content
            assert b"alert" not in response.content
            ET.fromstring(response.content)


def test_names_in_the_data_cannot_break_out_of_a_picture(db, client, monkeypatch):
    # As names were published before control characters were refused.
    monkeypatch.setattr("cases.publishing.plain.violations", lambda document: ())
    name = '<script>alert("1")</script> & \x0b Synthetic'
    synthetic.region(name=synthetic.text(name), latitude=48.0, longitude=70.0)
    synthetic.formation(synthetic.ARMY, name=synthetic.text(name), kind="armed_forces")
    synthetic.case()
    ledger.publish("")
    for address in ("regions.svg", "regions.svg?region=KZ-99", "formations.svg"):
        response = client.get(f"/charts/{address}")
        assert response.status_code == 200
        assert b"<script" not in response.content
        assert "alert" in " ".join(texts(ET.fromstring(response.content)))
    assert client.get("/charts/regions.png").status_code == 200


def test_an_empty_selection_is_a_picture_that_says_so(dataset, client):
    for name in CHARTS:
        nothing = {"ids": "STAT-9999" if name == "cases-by-year" else "KZ-9999"}
        if name == "sentences":
            nothing = {"ids": "KZ-9999-V1"}
        root = svg(client, name, **nothing)
        assert "There is nothing to draw for this selection." in texts(root)
        assert client.get(f"/charts/{name}.png", nothing).status_code == 200


def test_before_anything_is_published_the_pictures_say_so(empty, client):
    for name in CHARTS:
        shown = texts(svg(client, name))
        assert "There is nothing to draw for this selection." in shown
        assert "Source: Cases API, Nothing is published yet. · CC BY 4.0" in shown
    assert client.get("/charts/card.png").status_code == 200


def test_lines_are_broken_where_they_would_run_out_of_the_picture():
    lines = broken("Солтүстік Қазақстан облысы " * 4, 200, 14)
    assert len(lines) > 2
    assert all(extent(line, 14) <= 200 for line in lines)
    assert " ".join(lines).split() == ("Солтүстік Қазақстан облысы " * 4).split()
    assert country("XX") == "XX"

"""What is private, redacted or withdrawn is in no picture, also in none that was drawn before."""

import pytest

from cases.charts.charts import CHARTS
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.vocabulary import RecordKind
from tests.api.reading import problem, read
from tests.planted import NAME, SECRETS

RECORDS = ("KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "SRC-9001", "STAT-9001")


def said(client):
    """The text of every chart and card, at every time and in every language."""
    for at in ("", "&as_of=1", "&as_of=2"):
        for name in CHARTS:
            for form in ("svg", "json"):
                for lang in ("en", "ru", "kk"):
                    answer = client.get(f"/charts/{name}.{form}?lang={lang}{at}")
                    assert answer.status_code == 200
                    yield (
                        f"{name}.{form} {lang} {at}",
                        answer.content.decode() + str(answer.headers),
                    )


def hits(client, words):
    return [(where, word) for where, text in said(client) for word in words if word in text]


def found(client, name, word, at=""):
    drawing = read(client, f"/charts/{name}.json?q={word}{at}")["vega_lite"]
    return 0 if drawing is None else sum(row["count"] for row in drawing["data"]["values"])


def test_nothing_private_and_no_name_is_in_any_picture(planted, client):
    assert hits(client, (*SECRETS, *NAME)) == []


def test_nobody_is_counted_by_a_redacted_name(planted, client):
    asked = [
        (f"/charts/{name}.{form}?q={word}{at}", name)
        for name in ("outcomes", "cases-by-month", "formations", "regions")
        for word in ("Blimpov", "Зарзук")
        for at in ("", "&as_of=1")
        for form in ("svg", "png")
    ]
    before = {address: client.get(address) for address, _ in asked}
    assert found(client, "outcomes", "Blimpov") == 2
    assert found(client, "outcomes", "Blimpov", "&as_of=1") == 2
    actions.redact(redacting.find("KZ-9001-D1"), "On request", planted)
    for address, _ in asked:
        after = client.get(address, headers={"If-None-Match": before[address]["ETag"]})
        assert after.status_code == 200
        assert after.content != before[address].content
    for at in ("", "&as_of=1", "&as_of=2"):
        assert found(client, "outcomes", "Blimpov", at) == 0
    assert hits(client, (*SECRETS, *NAME)) == []


def test_a_withdrawn_case_is_in_no_chart_and_has_no_card(planted, client):
    before = client.get("/charts/formations.svg").content
    rows = read(client, "/charts/formations.json")["vega_lite"]["data"]["values"]
    assert rows[0]["count"] == 2
    card = client.get("/charts/card.png?record=KZ-9001")
    assert card.status_code == 200
    actions.withdraw(RecordRef(RecordKind.CASE, "KZ-9001"), "Not what it seemed", planted)
    assert client.get("/charts/formations.svg").content != before
    rows = read(client, "/charts/formations.json")["vega_lite"]["data"]["values"]
    assert rows[0]["count"] == 1
    gone = problem(client, 410, "/charts/card.png?record=KZ-9001")
    assert "Not what it seemed" in gone["detail"]
    header = {"If-None-Match": card["ETag"]}
    assert client.get("/charts/card.png?record=KZ-9001", headers=header).status_code == 410


@pytest.mark.parametrize("record", RECORDS)
def test_cards_say_no_name_and_no_title(planted, client, monkeypatch, record):
    from cases.charts.rendering import renderer

    drawn = []
    png = renderer.png
    monkeypatch.setattr(renderer, "png", lambda svg, scale: drawn.append(svg) or png(svg, scale))
    for lang in ("en", "ru", "kk"):
        assert client.get(f"/charts/card.png?record={record}&lang={lang}").status_code == 200
    assert len(drawn) == 3
    for word in (*NAME, *SECRETS, "судим"):
        assert word not in "".join(drawn)


def test_the_card_of_a_merged_case_is_that_of_the_one_that_survived(planted, client):
    from tests.api import published

    published.publish(merged={("case", "KZ-9001"): "KZ-9002"})
    moved = client.get("/charts/card.png?record=KZ-9001&lang=ru")
    assert moved.status_code == 308
    assert moved["Location"] == "?record=KZ-9002&lang=ru"

"""Requests for charts: what is refused, what is cached, and what stays as it was."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import orjson
import pytest

from cases.api.urls import FILTERS
from cases.charts import cache, views
from cases.charts.charts import CHARTS
from cases.charts.rendering import BusyError, DrawingError, Renderer, renderer
from cases.publishing.ledger import ledger
from tests import real_data, synthetic
from tests.api.reading import mistakes, parameters, problem, read
from tests.waiting import WAIT_TIMEOUT

ALL = [f"{name}.{form}" for name in CHARTS for form in views.MEDIA_TYPES]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_takes_just_the_filters_of_what_it_counts(dataset, client, name):
    chart = CHARTS[name]
    known = set(parameters(client, f"/charts/{name}.svg"))
    assert known == FILTERS[chart.counts].names() | {"lang", "theme", "width", "as_of"}
    assert set(known) <= set(parameters(client, f"{chart.counts}/")) | {"lang", "theme", "width"}


def test_the_index_lists_every_chart_with_all_that_it_takes(dataset, client):
    index = read(client, "/charts/")
    assert [chart["name"] for chart in index["charts"]] == list(CHARTS)
    for chart in index["charts"]:
        for form, url in chart["urls"].items():
            assert client.get(url)["Content-Type"] == views.MEDIA_TYPES[form]
        assert set(chart["parameters"]) == set(parameters(client, chart["urls"]["svg"]))
    assert client.get(index["card"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "param", "allowed"),
    [
        ({"regoin": "KZ-59"}, "regoin", "region"),
        ({"region": "KZ-99999"}, "region", "KZ-59"),
        ({"region": ""}, "region", "leave"),
        ({"lang": "de"}, "lang", "kk"),
        ({"theme": "pink"}, "theme", "dark"),
        ({"width": "319"}, "width", "320"),
        ({"width": "1601"}, "width", "1600"),
        ({"width": "8e2"}, "width", "whole number"),
        ({"width": ["400", "500"]}, "width", "one value"),
        ({"as_of": "99"}, "as_of", f"1 to {real_data.publications()}"),
        ({"format": "png"}, "format", "formation"),
        ({"by": "region"}, "by", "region"),
        ({"drill": "sideways"}, "drill", "region"),
        ({"decided_after": "2025", "decided_before": "2024"}, "decided_after", "2024"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_is_allowed(dataset, client, query, param, allowed):
    for name in ("outcomes.svg", "regions.png", "formations.json"):
        [error] = mistakes(client, f"/charts/{name}", **query)
        assert error["param"] == param
        assert allowed in str(error["allowed"])


def test_what_the_figures_refuse_the_chart_refuses(dataset, client):
    [error] = mistakes(client, "/charts/cases-by-year.svg", measure="cases")
    assert (error["param"], error["value"]) == ("measure", "cases")
    assert "cases_opened" in error["allowed"]
    problem(client, 404, "/charts/cases-by-week.svg")


@pytest.mark.parametrize("address", [*ALL[:3], "card.png"])
def test_any_page_may_show_it_and_caches_may_keep_it(dataset, client, address):
    response = client.get(f"/charts/{address}", headers={"Origin": "https://news.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == client.get("/api/v1/cases/")["Cache-Control"]
    assert response["Dataset-Publication"] == str(real_data.publications())
    assert "Set-Cookie" not in response
    assert not response.cookies
    assert "X-Frame-Options" not in response
    again = client.get(f"/charts/{address}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "X-Frame-Options" not in again


def test_browsers_get_a_picture_whatever_they_accept(dataset, client):
    for accept in ("image/avif,image/webp,*/*;q=0.8", "image/svg+xml", "text/html"):
        answer = client.get("/charts/outcomes.svg", headers={"Accept": accept})
        assert answer["Content-Type"] == "image/svg+xml"


def test_a_permalink_gives_the_same_picture_after_an_edit(db, client):
    case = synthetic.case()
    ledger.publish("")
    first = {name: client.get(f"/charts/{name}") for name in ALL}
    links = {name: link(answer) for name, answer in first.items()}
    assert all("as_of=1" in address for address in links.values())
    synthetic.case("KZ-9002")
    verdict = case.verdicts.get()
    synthetic.change(verdict, sentence_months=84, date="2024-08-10")
    synthetic.statistic("STAT-9002")
    ledger.publish("")
    for name, address in links.items():
        frozen = client.get(address)
        if name.endswith("json"):
            # The two say by what address they were asked for.
            assert said(frozen) == said(first[name])
        else:
            assert frozen.content == first[name].content
    for name in ("sentences", "cases-by-month", "cases-by-year", "regions", "formations"):
        now = said(client.get(f"/charts/{name}.json"))
        assert now["vega_lite"] != said(first[f"{name}.json"])["vega_lite"], name
    early = mistakes(client, "/charts/outcomes.svg", as_of="3")
    assert early[0]["param"] == "as_of"


def link(answer):
    return answer["Link"].partition(">")[0].removeprefix("<")


def said(answer):
    return {key: value for key, value in answer.json().items() if key != "permalink"}


def test_a_picture_is_drawn_once_for_many_that_ask_at_once():
    begun, go = Event(), Event()
    made = []

    def make():
        made.append(1)
        begun.set()
        assert go.wait(WAIT_TIMEOUT)
        return "picture"

    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(cache.kept, "many", make) for _ in range(6)]
        assert begun.wait(WAIT_TIMEOUT)
        time.sleep(0.1)  # the others come while it is being drawn
        go.set()
        assert [one.result() for one in asked] == ["picture"] * 6
    assert len(made) == 1
    assert cache.kept("many", make) == "picture"
    assert len(made) == 1


def test_a_failure_is_told_to_all_that_wait_and_not_kept():
    def fail():
        raise DrawingError("no")

    for _ in range(2):
        with pytest.raises(DrawingError):
            cache.kept("failing", fail)
    assert cache.kept("failing", lambda: "at last") == "at last"


def test_the_order_of_parameters_makes_no_second_picture(dataset, client, monkeypatch):
    drawn = []
    draw = renderer.svg
    monkeypatch.setattr(renderer, "svg", lambda spec: drawn.append(1) or draw(spec))
    for query in ("region=KZ-35&outcome=convicted", "outcome=convicted&region=KZ-35"):
        assert client.get(f"/charts/formations.svg?{query}").status_code == 200
    assert client.get("/charts/formations.png?region=KZ-35&outcome=convicted").status_code == 200
    assert len(drawn) == 1
    client.get("/charts/formations.svg?region=KZ-35&outcome=convicted&lang=ru")
    assert len(drawn) == 2


BAR = {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}


@pytest.fixture
def own():
    made = Renderer()
    yield made
    made.stop()


def test_the_renderer_starts_again_when_it_was_killed(own):
    assert own.svg(BAR).startswith("<svg")
    own._process.kill()
    own._process.wait()
    assert own.svg(BAR).startswith("<svg")


def test_a_drawing_that_fails_is_an_error_and_the_next_one_works(own):
    with pytest.raises(DrawingError):
        own.svg({"mark": "no such mark", "encoding": 7})
    assert own.svg(BAR).startswith("<svg")


def test_a_drawing_that_takes_too_long_is_ended(own, monkeypatch):
    from cases.charts import rendering

    own.svg(BAR)
    monkeypatch.setattr(rendering, "TIMEOUT", 0)
    with pytest.raises(DrawingError, match="no drawing"):
        own.svg(BAR)
    monkeypatch.undo()
    assert own.svg(BAR).startswith("<svg")


def test_the_renderer_is_begun_anew_after_so_many_drawings(own, monkeypatch):
    from cases.charts import rendering

    monkeypatch.setattr(rendering, "LIFETIME", 2)
    processes = []
    for _ in range(4):
        own.svg(BAR)
        processes.append(own._process.pid)
    assert len(set(processes)) == 2


def test_who_waits_too_long_is_told_to_come_again(dataset, client, monkeypatch):
    def busy(spec):
        raise BusyError

    monkeypatch.setattr(renderer, "svg", busy)
    response = client.get("/charts/outcomes.svg")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response.json()["code"] == "busy"


def test_a_chart_that_takes_too_long_to_draw_answers_503(dataset, client, monkeypatch):
    from cases.charts import rendering

    monkeypatch.setattr(rendering, "TIMEOUT", 0)
    response = client.get("/charts/outcomes.svg")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json()["code"] == "too_slow"
    # It was not kept.
    monkeypatch.undo()
    assert client.get("/charts/outcomes.svg").status_code == 200


def test_what_the_api_cannot_answer_now_a_chart_cannot_either(dataset, client, monkeypatch):
    from cases.api.http.errors import UnavailableError
    from cases.api.views.facets import Facets

    def too_slow(*args):
        raise UnavailableError("too_slow", "Ask for less.", retry_after=30)

    monkeypatch.setattr(Facets, "get", too_slow)
    response = client.get("/charts/outcomes.svg")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json()["code"] == "too_slow"


def test_the_renderer_ends_with_whoever_started_it(own):
    own.svg(BAR)
    own._process.stdin.close()
    assert own._process.wait(WAIT_TIMEOUT) == 0


def test_no_drawing_fetches_anything(own):
    away = BAR | {"data": {"url": "http://127.0.0.1:9/data.json"}}
    with pytest.raises(DrawingError):
        own.svg(away)


def test_the_vega_lite_is_whole_and_holds_no_address_to_fetch(dataset, client):
    for name in CHARTS:
        spec = client.get(f"/charts/{name}.json").content
        assert b'"url"' not in spec
        orjson.loads(spec)
        json.loads(spec)


def test_cards_name_records_and_no_persons(dataset, client):
    first = client.get("/charts/card.png")
    assert first["Content-Type"] == "image/png"
    pictures = {
        client.get("/charts/card.png", {"record": record, "lang": language}).content
        for record in ("KZ-0009", "KZ-0009-D1", "KZ-0009-V1", "SRC-0005", "STAT-0001")
        for language in ("en", "ru")
    }
    assert len(pictures | {first.content}) == 11
    [error] = mistakes(client, "/charts/card.png", record="Lyuft")
    assert (error["param"], error["value"]) == ("record", "Lyuft")
    assert "KZ-0001" in error["allowed"]
    problem(client, 404, "/charts/card.png", record="KZ-9999")

"""The work of the process that draws is counted for the request that causes it."""

from cases.charts import rendering
from cases.charts.rendering import Renderer
from casesapi.server import spending


def test_the_time_of_a_drawing_is_counted_as_the_renderer_states_it(monkeypatch):
    renderer = Renderer()
    monkeypatch.setattr(renderer, "_answer_to", lambda job: '{"svg": "<svg/>", "seconds": 4.5}')
    before = spending.spent()
    assert renderer.svg({}) == "<svg/>"
    assert 4.5 <= spending.spent() - before < 5


def test_the_renderer_states_the_time_since_its_last_answer():
    renderer = Renderer()
    try:
        spec = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}
        found = []
        for _ in range(2):
            before = spending.spent()
            renderer.svg(spec)
            found.append(spending.spent() - before)
    finally:
        renderer.stop()
    # The first one pays for the start of the process.
    assert found[0] > found[1] > 0
    assert found[1] < rendering.TIMEOUT

"""Which figures a chart of years calls rivals of each other."""

from django.utils import translation

from cases.charts.drawings import years
from cases.vocabulary import Measure


def figure(number, value, contradicts=(), period="2024"):
    return {
        "id": f"STAT-{number}",
        "measure": Measure.CASES_OPENED.value,
        "period": {"value": period, "earliest": f"{period}-01-01", "latest": f"{period}-12-31"},
        "value": value,
        "value_min": None,
        "value_max": None,
        "qualifier": "exact",
        "articles": [{"code": f"KZ-{number}"}],
        "country": "KZ",
        "formation": None,
        "counted_by": {"en": "Synthetic Daily", "ru": None, "kk": None},
        "contradicts": [{"id": f"STAT-{other}"} for other in contradicts],
        "remarks": None,
    }


class Look:
    """What drawing needs of a look; nothing here is drawn."""

    inner = 800
    text = "#000"

    def __getattr__(self, name):
        return 0


def notes(*figures):
    def ask(path, query):
        found = figures if "ids" not in query else ()
        return {"results": list(found), "count": len(found)}

    with translation.override("en"):
        return years.draw(ask, {}, Look()).notes


def test_figures_of_one_year_that_contradict_others_are_no_rivals_of_each_other():
    said = notes(figure(9001, 166, [9002]), figure(9002, 36, [9001]), figure(9003, 17, [9009]))
    [rivals] = [note for note in said if note.startswith("Disputed for 2024")]
    assert "166" in rivals
    assert "36" in rivals
    assert "17" not in rivals
    [other] = [note for note in said if note.startswith("Disputed by a figure for another period")]
    assert "17 (2024, article 9003 (KZ)" in other


def test_a_year_without_rivals_is_not_called_disputed():
    said = notes(figure(9001, 166), figure(9003, 17, [9009]))
    assert not any(note.startswith("Disputed for") for note in said)

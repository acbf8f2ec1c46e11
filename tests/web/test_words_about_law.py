"""What labels say is true of every row that they are derived from, in three languages."""

import pytest
from django.utils import translation

from cases.charts.drawings import years
from cases.charts.words import number
from cases.publishing.documents.legal_status import standing
from cases.publishing.presumption import GUILT
from cases.vocabulary import Measure, Plea, Qualifier, Standing
from cases.web import vocabularies
from cases.web.explorer.columns import COLUMNS, _value

LANGUAGES = ("en", "ru", "kk")

# Words that only a court uses of a charge or of guilt.
OF_A_COURT = ("обвинение признано", "отвергнуто", "установлен", "доказан", "upheld", "dismissed")


def label(kind, code, language):
    with translation.override(language):
        return str(vocabularies.label(kind, code))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plea", Plea.values)
def test_a_plea_is_what_the_person_said_and_not_what_a_court_decided(plea, language):
    said = label("Plea", plea, language)
    assert said
    assert not any(word in said for word in OF_A_COURT)
    # What our own texts may not say of somebody presumed innocent, no label says either.
    assert not GUILT.search(said)


def test_a_plea_in_russian_has_a_person_as_its_subject():
    assert label("Plea", "admitted", "ru") == "признал(а) обвинение"
    assert label("Plea", "denied", "ru") == "не признал(а) обвинение"


class Ruling:
    """A ruling with the rulings that changed it."""

    def __init__(self, *changed_by):
        self.pk = "KZ-9001-V1"
        self.outcome = "annulled"
        self.changed_by = self
        self._changed_by = changed_by

    def all(self):
        return self._changed_by


@pytest.mark.parametrize(
    ("language", "word"), [("en", "later"), ("ru", "поздн"), ("kk", "кейінгі")]
)
def test_a_ruling_that_stands_may_have_later_ones(language, word):
    """After a supreme court has sent a case back, its ruling is in force and a retrial follows."""
    assert standing(Ruling()) == Standing.STANDING
    assert word not in label("Standing", "standing", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_that_is_published_again_is_not_published_for_the_first_time(language):
    said = label("Operation", "publish", language)
    assert not any(word in said for word in ("first", "впервые", "алғаш"))


FIGURES = {
    "a value": {"value": 700, "value_min": None, "value_max": None},
    "a range": {"value": None, "value_min": 150, "value_max": 200},
}


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("qualifier", [one for one in Qualifier.values if one != "exact"])
def test_a_figure_keeps_its_about_wherever_it_is_said(figure, qualifier):
    stated = FIGURES[figure] | {"qualifier": qualifier}
    exact = FIGURES[figure] | {"qualifier": "exact"}
    assert number(stated) != number(exact)
    assert number(stated).endswith(number(exact))
    for language in LANGUAGES:
        with translation.override(language):
            word = str(vocabularies.label("Qualifier", qualifier))
            assert str(_value(stated, "#")).startswith(word)


def figure(id_, measure):
    return {
        "id": id_,
        "measure": measure,
        "period": {"value": "2025", "earliest": "2025-01-01", "latest": "2025-12-31"},
        "value": 709,
        "value_min": None,
        "value_max": None,
        "qualifier": "exact",
        "articles": [],
        "country": "KZ",
        "formation": None,
        "counted_by": {"en": "Synthetic Daily"},
        "contradicts": [],
        "remarks": None,
    }


OPENED, REGISTERED = Measure.CASES_OPENED.value, Measure.CASES_REGISTERED.value


@pytest.mark.parametrize(
    ("measures", "title"),
    [
        ([OPENED], "Criminal cases opened, by year"),
        ([REGISTERED], "Criminal cases registered, by year"),
        ([OPENED, REGISTERED], "Criminal cases opened or registered, by year"),
        ([], "Criminal cases opened or registered, by year"),
    ],
)
def test_the_title_of_the_years_names_what_the_drawn_figures_count(measures, title):
    found = [figure(f"STAT-900{place}", measure) for place, measure in enumerate(measures)]

    def ask(path, query):
        return {"results": found, "count": len(found)}

    with translation.override("en"):
        drawing = years.draw(ask, {}, _Look())
    assert drawing.title == title


class _Look:
    """What drawing needs of a look; nothing here is drawn."""

    inner = 800
    text = "#000"

    def __getattr__(self, name):
        return 0


def test_residence_is_where_a_person_lives_and_citizenship_another_column():
    columns = {str(column.label): column.cell for column in COLUMNS["defendants"]}
    person = {"residence_region": None, "citizenships": ["KZ"]}
    assert columns["Residence"](person, "#", None) == ""
    with translation.override("en"):
        assert columns["Citizenship"](person, "#", None) == "Kazakhstan"

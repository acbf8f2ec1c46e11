"""What the real data answers, each figure with its sources."""

import pytest

from cases.publishing import bounds
from tests import databases, real_data
from tests.api.reading import ids, read

pytestmark = pytest.mark.usefixtures("dataset")


def figures(client, **query):
    return read(client, "statistics/", page_size=200, ordering="id", **query)["results"]


def publishers_of(record, cited):
    return {source["publisher"]["id"] for source in record["sources"] if source["cited"] is cited}


def test_the_dataset_has_a_size(client):
    assert read(client, "")["counts"] == real_data.sizes()


def test_kazakhstan_opened_709_cases_for_participation_in_2025(client):
    [figure] = figures(client, measure="cases_opened", article="KZ-172", year=2025)
    assert (figure["id"], figure["value"], figure["qualifier"]) == ("STAT-0001", 709, "exact")
    assert figure["period"]["value"] == "2025"
    assert [article["code"] for article in figure["articles"]] == ["KZ-172"]
    assert publishers_of(figure, cited=True) == {
        *("nasha-niva", "orda-kz", "cccv-info", "deftech-times")
    }
    assert {"mediazona", "kz-legal-statistics"} <= publishers_of(figure, cited=False)


def test_the_709_are_disputed_by_141_and_not_by_their_own_rounding(client):
    [figure] = figures(client, measure="cases_opened", article="KZ-172", year=2025)
    [deputy] = figure["contradicts"]
    assert figure["disputed"] == [deputy["id"]] == ["STAT-0025"]
    assert (deputy["qualifier"], deputy["value"]) == ("exact", 141)
    assert "Amantayuly" in deputy["counted_by"]["en"]


@pytest.mark.parametrize(
    ("id", "qualifier"), [("STAT-0003", "approximate"), ("STAT-0004", "at_least")]
)
def test_a_headline_that_rounds_the_709_contradicts_nothing(client, id, qualifier):
    [about] = figures(client, ids=id)
    assert (about["value"], about["qualifier"]) == (700, qualifier)
    assert (about["contradicts"], about["disputed"]) == ([], [])


def test_every_figure_that_is_disputed_excludes_its_rivals(client):
    found = figures(client, disputed="true")
    assert found
    for figure in found:
        for rival in figure["contradicts"]:
            assert bounds.exclude_each_other(figure, rival), (figure["id"], rival["id"])


@pytest.mark.parametrize(
    ("article", "year", "value"),
    [("KZ-170", 2025, 28), ("KZ-172", 2024, 166), ("KZ-170", 2024, 17)],
)
def test_cases_opened_are_counted_an_article_and_a_year(client, article, year, value):
    [figure] = figures(client, measure="cases_opened", article=article, year=year)
    assert (figure["value"], figure["qualifier"]) == (value, "exact")
    assert "nasha-niva" in publishers_of(figure, cited=True)
    assert "kz-legal-statistics" in publishers_of(figure, cited=False)


def test_sentences_are_known_through_nasha_niva_from_vot_tak(client):
    counted = {
        (figure["country"], figure["value"]): publishers_of(figure, cited=True)
        for figure in figures(client, measure="sentences")
    }
    assert counted == {
        ("KG", 16): {"nasha-niva", "belsat"},
        ("KG", 7): {"belsat"},
        ("KZ", 8): {"belsat"},
        ("UZ", 26): {"nasha-niva", "belsat"},
    }
    [printed, known] = figures(client, measure="sentences", country="KG")
    assert printed["disputed"] == [known["id"]]
    assert "vot-tak" in publishers_of(printed, cited=False)


def test_almost_200_killed_from_kazakhstan_are_counted_by_mediazona_and_the_bbc(client):
    counted = [
        figure
        for figure in figures(client, measure="killed", country="KZ")
        if figure["counted_by"]["en"] == "Mediazona and BBC News Russian"
    ]
    [figure] = counted
    assert (figure["value"], figure["qualifier"]) == (200, "at_most")
    assert "nasha-niva" in publishers_of(figure, cited=True)
    assert "bbc-russian" in publishers_of(figure, cited=False)


def test_each_country_has_its_own_count_of_killed_by_the_bbc_and_mediazona(client):
    counted = {
        figure["country"]: figure["value"]
        for figure in figures(client, measure="killed")
        if figure["counted_by"]["en"] == "BBC News Russian and Mediazona"
        and "former prisoners" not in figure["counted"]["en"]
    }
    assert counted == {"UZ": 66, "TJ": 72, "RU": 118139, None: 523}


def test_a_court_in_north_kazakhstan_gave_72_months_for_a_contract_of_february_2025(client):
    [case] = read(client, "cases/", region="KZ-59")["results"]
    [verdict] = case["verdicts"]
    [defendant] = case["defendants"]
    [service] = defendant["services"]
    assert case["court"]["id"] == "kz-kyzylzhar-district-court"
    assert (verdict["sentence_months"], verdict["sentence_kind"]) == (72, "imprisonment")
    assert service["contract_signed"]["value"] == "2025-02"
    assert service["formation"]["id"] == "ru-mod"
    assert defendant["legal_status"]["code"] == "convicted_not_final"


def test_a_case_comes_with_the_chain_of_sources_behind_it(client):
    [case] = read(client, "cases/", region="KZ-59")["results"]
    sources = {source["id"]: source for source in case["sources"]}
    cited = {public_id for public_id, source in sources.items() if source["cited"]}
    assert publishers_of(case, cited=True) == {"tengrinews", "radio-svoboda-uk", "glavcom"}
    assert publishers_of(case, cited=False) >= {"kaztag", "informburo", "mediazona", "kz-courts"}
    # Each that is not cited is one that another relies on, down from a cited one.
    reached, level = set(cited), cited
    while level:
        level = {behind for public_id in level for behind in sources[public_id]["cites"]} - reached
        reached |= level
    assert reached == sources.keys()


def test_wagner_finds_those_who_served_in_wagner(client):
    found = read(client, "defendants/", formation="wagner", page_size=200)
    units = [service["formation"] for person in found["results"] for service in person["services"]]
    assert sorted(ids(found)) == [
        *("KG-0001-D1", "KZ-0005-D1", "KZ-0007-D1", "KZ-0008-D1"),
        *("UZ-0002-D1", "UZ-0006-D1", "UZ-0027-D1"),
    ]
    assert {unit["id"] for unit in units} == {"wagner"}


def test_the_ministry_finds_those_in_units_under_it_too(client):
    found = read(client, "defendants/", formation="ru-mod", page_size=200)["results"]
    units = {
        service["formation"]["id"]: service["formation"]["within"]
        for person in found
        for service in person["services"]
        if service["formation"]
    }
    assert {"ru-mod", "ru-armed-forces", "ru-kamenka-unit"} <= units.keys()
    assert units["ru-kamenka-unit"] == ["ru-armed-forces", "ru-mod"]
    assert "wagner" not in units
    assert len(found) == 28


def test_a_fact_of_a_person_carries_the_paragraph_it_was_read_in(client):
    person = read(client, "defendants/KZ-0009-D1/")
    locators = {
        citation["source"]: citation["locator"]
        for citation in person["citations"]
        if "plea" in citation["fields"]
    }
    assert locators == {"SRC-0062": "¶1-6", "SRC-0063": "¶1-3"}


def test_what_was_loaded_twice_is_published_once(client):
    databases.load_dataset()
    assert read(client, "")["publication"] == real_data.publications()

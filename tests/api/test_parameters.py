"""Every parameter of every address is read strictly: used, or refused with what is allowed."""

import pytest

from cases.api.urls import FILTERS
from tests.api.reading import (
    LISTS,
    REFERENCE_LISTS,
    ids,
    mistakes,
    parameters,
    read,
    right_value,
)

pytestmark = pytest.mark.usefixtures("dataset")

DETAILS = (
    *("cases/KZ-0009/", "defendants/KZ-0009-D1/", "verdicts/KZ-0009-V1/"),
    *("sources/SRC-0005/", "statistics/STAT-0001/"),
)
ADDRESSES = ("", *(f"{name}/" for name in (*LISTS, *REFERENCE_LISTS)), *DETAILS)

each_list = pytest.mark.parametrize("name", LISTS)
each_address = pytest.mark.parametrize("address", ADDRESSES)

# May be repeated, or hold several values divided by commas. All others are given once.
SEVERAL = {
    *("country", "region", "court", "formation", "article", "kind", "conflict", "status"),
    *("legal_status", "outcome", "procedure", "plea", "citizenship", "residence", "publisher"),
    *("source", "language", "measure", "year", "ids", "cites"),
    *("fields", "omit"),
}

# Of a wrong path only what stands beside it is listed.
PATHS = {"fields", "omit"}

# What no parameter takes, whatever its form; words to search for may be any.
NONSENSE = "no-such-value"


def takes_several(name):
    return name.removesuffix("__not") in SEVERAL


# Parameters of exports; JSON in pages refuses them, and they have tests of their own.
OF_FILES = {"bom", "delimiter", "provenance"}


def of_pages(client, address):
    """The parameters that pages of JSON have."""
    found = parameters(client, address)
    return {name: about for name, about in found.items() if name not in OF_FILES}


def a_cursor(client, name):
    return read(client, f"{name}/", page_size=1)["next"].partition("cursor=")[2].split("&")[0]


def accepted(client, address):
    """Every parameter with a value that must do."""
    for name, parameter in parameters(client, address).items():
        if name == "cursor" or name in OF_FILES:
            continue  # only good together with what it was made for
        yield name, "json" if name == "format" else right_value(parameter)


@each_address
def test_options_names_exactly_what_is_accepted(client, address):
    [error] = mistakes(client, address, nonsense="1")
    assert error["allowed"] == list(parameters(client, address))


@each_address
def test_options_describes_each_parameter_and_what_it_takes(client, address):
    for parameter in parameters(client, address).values():
        assert parameter["in"] == "query"
        assert parameter["description"]
        assert ("allowed" in parameter) != ("type" in parameter)


def test_the_lists_have_every_parameter_of_their_filters_and_of_paging(client):
    paging = {"ordering", "page_size", "cursor", "count"} | PATHS
    for name in LISTS:
        # Sources are cited and cite no one for what they are.
        of_files = OF_FILES - {"provenance"} if name == "sources" else OF_FILES
        shared = {"as_of", "format", "ids", "changed_since"} | of_files
        if name != "statistics":  # their periods are filtered by year
            shared.add("date_mode")
        filters = {
            f"{field}{suffix}"
            for field, declared in FILTERS[name].base_filters.items()
            for suffix in declared.suffixes
        }
        assert parameters(client, f"{name}/").keys() == filters | shared | paging


@each_list
def test_a_right_value_is_accepted(client, name):
    for given, value in accepted(client, f"{name}/"):
        read(client, f"{name}/", **{"count": "false", "page_size": 1, given: value})


@each_list
def test_a_cursor_of_the_list_is_accepted(client, name):
    page = read(client, f"{name}/", page_size=1)
    assert ids(read(client, page["next"])) != ids(page)


@each_list
def test_every_value_that_options_allows_is_accepted(client, name):
    for given, parameter in of_pages(client, f"{name}/").items():
        values = parameter.get("allowed", [])
        if takes_several(given):
            # All at once would make too long an address.
            for first in range(0, len(values), 100):
                some = values[first : first + 100]
                read(client, f"{name}/", **{"page_size": 1, given: some})
        elif given != "format":  # whose other values give files
            for value in values:
                search = {"q": "KZ"} if value == "relevance" else {}
                read(client, f"{name}/", **{"page_size": 1, given: value}, **search)


@each_list
def test_a_misspelt_name_is_refused_and_put_right(client, name):
    for given, parameter in of_pages(client, f"{name}/").items():
        value = right_value(parameter) if given != "cursor" else "x"
        [error] = mistakes(client, f"{name}/", **{f"{given}x": value})
        assert (error["param"], error["value"]) == (f"{given}x", value)
        assert given in error["allowed"]
        assert given in error["detail"].partition("Did you mean ")[2].rstrip("?").split(" or ")


@each_list
def test_an_empty_value_is_refused(client, name):
    for given in of_pages(client, f"{name}/"):
        for empty in ("", " "):
            [error] = mistakes(client, f"{name}/", **{given: empty})
            assert (error["param"], error["value"]) == (given, empty)
            assert error["allowed"]


@each_list
def test_a_wrong_value_is_refused_with_what_is_allowed(client, name):
    for given, parameter in of_pages(client, f"{name}/").items():
        if given == "q":
            continue
        [error] = mistakes(client, f"{name}/", **{given: NONSENSE})
        assert (error["param"], error["value"]) == (given, NONSENSE)
        allowed = parameter.get("allowed")
        if allowed is None:
            assert isinstance(error["allowed"], str)
        elif given in PATHS:
            assert error["allowed"] == sorted(path for path in allowed if "." not in path)
        else:
            assert error["allowed"] == sorted(allowed)


@each_list
def test_what_takes_one_value_is_refused_twice(client, name):
    for given, value in accepted(client, f"{name}/"):
        if not takes_several(given):
            [error] = mistakes(client, f"{name}/", **{given: [value, value]})
            assert (error["param"], error["value"]) == (given, f"{value}, {value}")
            assert "only once" in error["detail"]


@each_list
def test_what_takes_several_values_takes_them_repeated_or_with_commas(client, name):
    for given, parameter in parameters(client, f"{name}/").items():
        if takes_several(given):
            values = (
                parameter["allowed"][:3] if "allowed" in parameter else [right_value(parameter)]
            )
            repeated = read(client, f"{name}/", **{given: values, "page_size": 5})
            divided = read(client, f"{name}/", **{given: ",".join(values), "page_size": 5})
            spaced = read(client, f"{name}/", **{given: " , ".join(values), "page_size": 5})
            assert repeated["results"] == divided["results"] == spaced["results"]


@each_list
def test_one_empty_or_wrong_value_among_several_is_refused(client, name):
    for given, value in accepted(client, f"{name}/"):
        if takes_several(given):
            assert mistakes(client, f"{name}/", **{given: f"{value},"})
            assert mistakes(client, f"{name}/", **{given: f",{value}"})
            [error] = mistakes(client, f"{name}/", **{given: f"{value},{NONSENSE}"})
            assert error["value"] == NONSENSE


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("cases/?region=KZ-95", "KZ-59"),
        ("cases/?formation=wagnr", "wagner"),
        ("verdicts/?outcome=convict", "convicted"),
        ("statistics/?article=KZ-173", "KZ-172"),
        ("statistics/?measure=case_opened", "cases_opened"),
        ("cases/?ordering=decide", "decided"),
        ("cases/?regin=KZ-59", "region"),
        ("cases/?date_mode=posible", "possible"),
    ],
)
def test_an_unknown_code_is_answered_with_what_was_meant(client, query, meant):
    [error] = mistakes(client, query)
    assert meant in error["detail"].partition("Did you mean ")[2]
    assert meant in error["allowed"]


def test_codes_are_read_exactly(client):
    for query in ("cases/?region=kz-59", "cases/?count=True", "cases/?outcome=Convicted"):
        assert mistakes(client, query)


def test_all_mistakes_are_told_at_once(client):
    errors = mistakes(
        client, "cases/", regin="KZ", region="XX", page_size=0, as_of="never", decided_after="soon"
    )
    assert sorted(error["param"] for error in errors) == sorted(
        ["regin", "region", "page_size", "as_of", "decided_after"]
    )


def test_a_mistake_is_told_once(client):
    query = {"date_mode": NONSENSE, "decided_after": "2025", "opened_before": "2025"}
    assert len(mistakes(client, "cases/", **query)) == 1


OUT_OF_FORM = {
    "page_size": ["0", "201", "-1", "2.0", "1e2", "1_0", "+5", "٣", "9" * 30],
    "changed_since": ["-1", "999", "1_0", "9" * 30],
    "as_of": [
        *("0", "999", "-1", "9" * 30, "2999-01-01", "2000-01-01", "2025-02-30", "2025"),
        *("2025-01-01T00:00:00", "2025-13-01T00:00:00Z", "2999-01-01T00:00:00Z"),
    ],
    "sentence_months_min": ["-1", "1201", "12.5", "1_2"],
    "decided_after": ["2025-13", "2025-02-30", "25", "2025-2", "2025/2026", "10000", "٢٠٢٥"],
    "opened_before": ["0000", "2025-00", "2025-02-14T00:00:00Z", "2025~"],
    "ids": ["KZ-1", "kz-0001", "KZ-0001-D1", "\0"],
    "source": ["SRC-1", "SRC-0001'", "5"],
    "cursor": ["x", "x:y", "é", "."],
}


@pytest.mark.parametrize(
    ("param", "value"),
    [(param, value) for param, values in OUT_OF_FORM.items() for value in values],
)
def test_a_value_out_of_its_form_or_range_is_refused(client, param, value):
    [error] = mistakes(client, "cases/", **{param: value})
    assert error["param"] == param


@pytest.mark.parametrize("year", ["1899", "2101", "25", "2025-01", "2025.0", "٢٠٢٥"])
def test_a_year_is_four_digits_within_reason(client, year):
    [error] = mistakes(client, "statistics/", year=year)
    assert (error["param"], error["value"]) == ("year", year)


@pytest.mark.parametrize(
    "query",
    [
        {"decided_after": "2025-03", "decided_before": "2025-02"},
        {"opened_after": "2025", "opened_before": "2024-12-31"},
        {"sentence_months_min": 73, "sentence_months_max": 72},
    ],
)
def test_a_range_that_ends_before_it_begins_is_refused(client, query):
    [error] = mistakes(client, "cases/", **query)
    assert error["param"] == next(iter(query))


def test_a_range_of_one_day_or_one_length_is_no_mistake(client):
    same = {"decided_after": "2026-02-26", "decided_before": "2026-02-26"}
    assert ids(read(client, "cases/", **same)) == ["KZ-0009"]
    assert read(client, "cases/", sentence_months_min=72, sentence_months_max=72)["count"] > 0


@pytest.mark.parametrize("address", ["", *(f"{name}/" for name in REFERENCE_LISTS), *DETAILS])
def test_addresses_without_filters_read_their_parameters_as_strictly(client, address):
    for name, value in accepted(client, address):
        read(client, address, **{name: value})
        for wrong in ("", NONSENSE, *([] if takes_several(name) else [[value, value]])):
            [error] = mistakes(client, address, **{name: wrong})
            assert error["param"] == name
    for unknown in ("page_size", "ordering", "region", "asof"):
        [error] = mistakes(client, address, **{unknown: "1"})
        assert error["param"] == unknown
        assert error["allowed"] == list(parameters(client, address))

import pytest

from cases import dates

NO_DATE = "is no date that can be read; expected a year, month or day such as"
OTHER_KIND = "is a kind of date not supported here; expected a year, month or day such as"
NOTHING = "says nothing; leave an unknown date out"
BACKWARDS = "ends before it begins"

UNDERSTOOD = {
    # what is written: first and last possible day
    "2025": ("2025-01-01", "2025-12-31"),
    "2025-02": ("2025-02-01", "2025-02-28"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2025-02-14": ("2025-02-14", "2025-02-14"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    # digits that are not known
    "202X": ("2020-01-01", "2029-12-31"),
    "20XX": ("2000-01-01", "2099-12-31"),
    "2025-XX": ("2025-01-01", "2025-12-31"),
    "2025-02-XX": ("2025-02-01", "2025-02-28"),
    # qualifiers widen nothing
    "2025?": ("2025-01-01", "2025-12-31"),
    "2025~": ("2025-01-01", "2025-12-31"),
    "2025-02~": ("2025-02-01", "2025-02-28"),
    "2025-02-14?": ("2025-02-14", "2025-02-14"),
    # intervals
    "2022-02-24/2025-12": ("2022-02-24", "2025-12-31"),
    "2025-02-14/2025-02-14": ("2025-02-14", "2025-02-14"),
    "2025-02/2025-02-10": ("2025-02-01", "2025-02-10"),
    "2025-02-14/2025-02": ("2025-02-14", "2025-02-28"),
    "2022-09?/2022-11~": ("2022-09-01", "2022-11-30"),
    "202X/2031": ("2020-01-01", "2031-12-31"),
    # ends that are open or unknown
    "../2025-07": (None, "2025-07-31"),
    "/2025-07": (None, "2025-07-31"),
    "2022-02-24/..": ("2022-02-24", None),
    "2022-02-24/": ("2022-02-24", None),
}

REFUSED = {
    "": NO_DATE,
    "yesterday": NO_DATE,
    "14.02.2025": NO_DATE,
    "2025-2": NO_DATE,
    "2025-13": NO_DATE,
    "2025-02-30": NO_DATE,
    "2025-02-29": NO_DATE,
    "2025-1X-01": NO_DATE,
    "10000": NO_DATE,
    "0000": NO_DATE,
    "-0001": NO_DATE,
    "XXXX": NO_DATE,
    " 2025": NO_DATE,
    "2025-02-14/2025-02-14/2025": NO_DATE,
    "..": NO_DATE,
    "/": NO_DATE,
    # seasons, sets, long years and moments
    "2025-21": OTHER_KIND,
    "2025-24": OTHER_KIND,
    "2025-21/2025-22": OTHER_KIND,
    "[2024,2025]": OTHER_KIND,
    "{2024,2025}": OTHER_KIND,
    "Y17E8": OTHER_KIND,
    "2025-02-14T10:00:00": OTHER_KIND,
    "../..": NOTHING,
    "2025/2024": BACKWARDS,
    "2025-02-14/2025-02-13": BACKWARDS,
}


@pytest.mark.parametrize("value", UNDERSTOOD)
def test_a_partial_date_has_a_first_and_a_last_possible_day(value):
    earliest, latest = UNDERSTOOD[value]
    assert dates.parse(value).as_json() == {
        "value": value,
        "earliest": earliest,
        "latest": latest,
    }


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_no_partial_date_is_refused_with_a_message_that_helps(value):
    with pytest.raises(ValueError, match=r"^“") as refused:
        dates.parse(value)
    assert str(refused.value).startswith(f"“{value}” {REFUSED[value]}")


@pytest.mark.parametrize("value", UNDERSTOOD)
def test_what_is_understood_can_be_stored(value):
    """The CHECK of a date column lets every letter pass that a partial date may hold."""
    assert set(value) <= set("0123456789X.~?/-")


@pytest.mark.parametrize("value", ["2025%", "2025-02%", "2025/2026%"])
def test_the_qualifier_that_cannot_be_stored_is_not_understood_either(value):
    with pytest.raises(ValueError, match="expected a year, month or day"):
        dates.parse(value)


IN_WORDS = {
    "2025": "2025: 1 January–31 December 2025",
    "2025-02": "February 2025: 1–28 February 2025",
    "2025-02-04": "4 February 2025",
    "2025-02~": "about February 2025: 1–28 February 2025",
    "2025-02-14?": "perhaps 14 February 2025",
    "202X": "2020s: 1 January 2020–31 December 2029",
    "2025-02-XX": "February 2025: 1–28 February 2025",
    "2022-02-24/2025-12": "24 February 2022 to December 2025: 24 February 2022–31 December 2025",
    "2020/..": "2020 to open: from 1 January 2020",
    "../2025-07": "open to July 2025: until 31 July 2025",
    "/2021": "unknown to 2021: until 31 December 2021",
}


@pytest.mark.parametrize(("value", "said"), IN_WORDS.items())
def test_a_date_is_said_in_words(value, said):
    assert dates.in_words(value) == said


def test_what_is_no_date_has_no_words():
    with pytest.raises(ValueError, match="expected a year"):
        dates.in_words("spring")

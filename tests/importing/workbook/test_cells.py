"""What stands in a cell, and what it means in a column of each type."""

from datetime import datetime, time

import pytest

from cases.importing.workbook.cells import Cell, read
from cases.importing.workbook.columns import sheets

DATE = sheets()["cases"].columns["opened"]
WHOLE = sheets()["verdicts"].columns["sentence_months"]
NUMBER = sheets()["payments"].columns["amount"]
YES_NO = sheets()["verdicts"].columns["confiscation"]
TEXT = sheets()["sources"].columns["title"]
PLACES = sheets()["services"].columns["places_en"]
CODE = sheets()["verdicts"].columns["outcome"]
ID = sheets()["cases"].columns["court"]

UNDERSTOOD = [
    (DATE, "2025-02", "2025-02"),
    (DATE, " '2025-02~ ", "2025-02~"),
    (DATE, 2025, "2025"),
    (DATE, 2025.0, "2025"),
    (DATE, datetime(2025, 2, 14), "2025-02-14"),
    (WHOLE, 72.0, 72),
    (WHOLE, "72", 72),
    (NUMBER, "1234,5", 1234.5),
    (NUMBER, 0, 0),
    (YES_NO, True, True),
    (YES_NO, "Да", True),
    (YES_NO, "no", False),
    (TEXT, "  Үкім шығарылды\u00a0", "Үкім шығарылды"),
    (TEXT, "'quoted' title", "'quoted' title"),
    (TEXT, 2025.0, "2025"),
    (TEXT, "one\r\ntwo", "one\ntwo"),
    (PLACES, "One; Two\\; or Three ;", ["One", "Two; or Three"]),
    (CODE, "Convicted", "convicted"),
    (ID, "\ufeffsynthetic-court", "synthetic-court"),
]


@pytest.mark.parametrize(("column", "value", "meant"), UNDERSTOOD)
def test_what_a_cell_means(column, value, meant):
    found = read(Cell(value), column)
    assert (found, type(found)) == (meant, type(meant))


REFUSED = [
    (DATE, datetime(2025, 2, 1), "type 2025-02 for the month or 2025-02-01 for the day"),
    (DATE, datetime(2025, 2, 14, 12, 30), "has a time of day"),
    (DATE, time(12, 30), "is no date"),
    (DATE, 45689, "in Excel's count perhaps 2025-02-01"),
    (DATE, 12, "is a number; expected a year"),
    (DATE, "14.02.2025", "write the year first: 2025-02-14"),
    (DATE, "02.2025", "write the year first: 2025-02,"),
    (DATE, "фев.25", "is no date that can be read"),
    (WHOLE, 72.5, "is no whole number"),
    (WHOLE, "6 лет", "write digits only"),
    (WHOLE, True, "is yes or no"),
    (WHOLE, datetime(2025, 2, 14), "is a date or time of Excel"),
    (NUMBER, "1 200", "without spaces"),
    (YES_NO, "maybe", "is neither yes nor no"),
    (TEXT, "a\x00b", "contains an invisible character, U+0000 CONTROL CHARACTER, at position 2"),
    (CODE, "convict", "did you mean convicted?; allowed: convicted, acquitted"),
    (PLACES, "One; One", "names One twice"),
    (PLACES, ";", "nothing but semicolons"),
]


@pytest.mark.parametrize(("column", "value", "reason"), REFUSED)
def test_what_a_cell_may_not_hold(column, value, reason):
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the message is looked at below
        read(Cell(value), column)
    assert reason in str(refused.value)


def test_a_date_that_excel_made_of_a_month_is_told_by_how_it_is_shown():
    with pytest.raises(ValueError, match="shown without a day"):
        read(Cell(datetime(2025, 2, 1), "mmm-yy"), DATE)
    with pytest.raises(ValueError, match="is a date of Excel, which"):
        read(Cell(datetime(2025, 2, 1), "dd.mm.yyyy"), DATE)

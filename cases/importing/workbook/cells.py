"""What a cell means: what stands in it, read as the type of its column.

Spreadsheets change what is typed. Where that cannot be undone with certainty the cell is refused
and the editor is told what probably happened.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from cases import dates
from cases.characters import clean, without_harmless
from cases.importing.validating import says_nothing
from cases.importing.workbook.columns import Column, Type
from cases.names import stray_letter

Raw = str | int | float | bool | datetime | date | time | timedelta | None

LABEL = re.compile(r"new-\S+", re.IGNORECASE)

_YES_NO = {"yes": True, "no": False, "true": True, "false": False, "да": True, "нет": False}
_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
# One separator before three digits divides thousands or decimals.
_AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_EXACT = 10**15  # Excel keeps fifteen digits
_ITEMS = re.compile(r"(?<!\\);")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})")
_YEARS = range(1800, 2200)
_EXCEL_DAY_0 = date(1899, 12, 30)


class Cell(NamedTuple):
    """What stands in a cell. form: Excel's number format, which tells how a date is shown.
    fault: why it can not be read at all; null = it can."""

    value: Raw
    form: str = "General"
    fault: str | None = None

    @property
    def empty(self) -> bool:
        if self.fault:
            return False
        return self.value is None or (isinstance(self.value, str) and not tidy(self.value))

    def __str__(self) -> str:
        if isinstance(self.value, datetime) and self.value.time() == time():
            return self.value.date().isoformat()
        return "" if self.value is None else str(self.value)


Line = tuple[int, list[Cell]]
"""The number of a row in its file, and its cells."""


def tidy(text: str) -> str:
    """Text without space at its ends and invisible characters, and with plain line ends."""
    return without_harmless(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def read(cell: Cell, column: Column) -> Any:
    """The value of a cell that is not empty. ValueError says what is wrong with it."""
    if cell.fault:
        raise ValueError(cell.fault)
    if column.type is Type.DATE:
        return _partial_date(cell)
    if isinstance(cell.value, datetime | date | time | timedelta):
        raise ValueError("is a date or time of Excel; format the cell as Text and type it again")
    if column.type in (Type.WHOLE, Type.NUMBER):
        return _number(cell.value, whole=column.type is Type.WHOLE)
    if column.type is Type.YES_NO:
        return _yes_or_no(cell.value)
    text = _text(cell.value)
    # The title of a source is given as it was printed.
    if column.name != "title" and (stray := stray_letter(text)):
        raise ValueError(stray)
    if column.type in (Type.CODE, Type.ID):
        text = text.removeprefix("'")
    if not column.many:
        return _item(text, column)
    items = [part.replace("\\;", ";").strip() for part in _ITEMS.split(text)]
    found = [_item(part, column) for part in items if part]
    if twice := [item for item in found if found.count(item) > 1]:
        raise ValueError(f"names {twice[0]} twice")
    if not found:
        raise ValueError("holds nothing but semicolons")
    return found


def _text(value: Raw) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if value != int(value) or abs(value) >= _EXACT:
            raise ValueError(
                "is a number of Excel, which drops zeros at its end and digits after the "
                "fifteenth; format the cell as Text and type it again"
            )
        value = int(value)
    return clean(tidy(str(value)))


def _item(text: str, column: Column) -> str:
    if says_nothing(text):
        raise ValueError("says nothing; leave the cell empty if it is not known")
    if not column.codes or text in column.codes:
        return text
    meant = [code for code in column.codes if code.lower() == text.lower()]
    if meant:
        return meant[0]
    raise ValueError(f"is not allowed here{_meant(text, column.codes)}; {allowed(column)}")


def allowed(column: Column) -> str:
    return f"allowed: {', '.join(column.codes)}"


def _meant(text: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(text.lower(), known, 1)
    return f", did you mean {close[0]}?" if close else ""


def did_you_mean(text: str, known: Any) -> str:
    """`, did you mean …?`, or nothing if no known word is like it."""
    return _meant(text, tuple(known))


def _number(value: Raw, whole: bool) -> int | float:
    if isinstance(value, bool):
        raise ValueError("is yes or no, but a number is expected")
    if isinstance(value, str):
        text = tidy(value).removeprefix("'")
        if not _NUMBER.fullmatch(text):
            raise ValueError("is no number; write digits only, without spaces, units or words")
        if _AMBIGUOUS.fullmatch(text):
            plain = re.sub("[.,]", "", text)
            raise ValueError(
                f"may be {plain} or {text.replace(',', '.')}; write {plain} without a separator, "
                "or leave out zeros at the end of the decimals"
            )
        number = Decimal(text.replace(",", "."))
    else:
        number = Decimal(repr(value))
    if number == number.to_integral_value():
        if abs(number) >= _EXACT and not isinstance(value, str):
            raise ValueError("is a number of Excel with more digits than it keeps; type it as text")
        return int(number)
    if whole:
        raise ValueError("is no whole number")
    if Decimal(repr(float(number))) != number:
        raise ValueError("has more digits than a number can hold")
    return float(number)


def _yes_or_no(value: Raw) -> bool:
    if isinstance(value, bool):
        return value
    known = _YES_NO.get(_text(value).removeprefix("'").lower())
    if known is None:
        raise ValueError("is neither yes nor no")
    return known


def _partial_date(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, datetime):
        return _day(value, cell.form)
    if isinstance(value, bool | date | time | timedelta):
        raise ValueError(f"is no date; expected {dates.EXPECTED}")
    if isinstance(value, int | float):
        return _year(value)
    text = tidy(value or "").removeprefix("'")
    try:
        return dates.parse(text).value
    except ValueError as error:
        found = _DAY_FIRST.fullmatch(text)
        if found:
            day, month, year = found.groups()
            meant = f"{year}-{month:0>2}" + (f"-{day:0>2}" if day else "")
            raise ValueError(f"write the year first: {meant}, if that is meant") from error
        raise ValueError(str(error).removeprefix(f"“{text}” ")) from error


def _day(moment: datetime, form: str) -> str:
    """A day that Excel holds as such. Of the first of a month Excel may be the author: it makes one
    of 2025-02, and shows it as Feb-25 or, in a column of dates, as 01.02.2025."""
    if moment.time() != time():
        raise ValueError("has a time of day; format the cell as Text and type the date alone")
    if moment.day == 1:
        shown = "" if "d" in form.lower() else ", shown without a day"
        raise ValueError(
            f"is a date of Excel{shown}, which makes one of “{moment:%Y-%m}” as well; format the "
            f"cell as Text and type {moment:%Y-%m} for the month or {moment:%Y-%m-%d} for the day"
        )
    return moment.date().isoformat()


def _year(number: int | float) -> str:
    if number in _YEARS:
        return str(int(number))
    try:
        day = _EXCEL_DAY_0 + timedelta(days=int(number))
    except OverflowError:
        day = None
    if day and day.year in _YEARS and day.year > 1900:
        raise ValueError(
            f"is a number, in Excel's count perhaps {day.isoformat()}; format the cell as Text and "
            "type the date"
        )
    raise ValueError(f"is a number; expected {dates.EXPECTED}")

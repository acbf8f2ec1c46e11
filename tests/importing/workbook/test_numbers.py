"""Numbers are stored as they were written, or refused: from a cell or a file to the column."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import IntegerField
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.importing.stored import contents
from cases.importing.validating import validator
from cases.importing.workbook.cells import Cell, read
from cases.importing.workbook.columns import Type, sheets
from cases.models import Payment, Service, Statistic, Verdict
from tests.importing.workbook.books import problems, written, xlsx

AMOUNT = sheets()["payments"].columns["amount"]
VALUE = sheets()["statistics"].columns["value"]
TITLE = sheets()["sources"].columns["title"]

AMBIGUOUS = {
    "1,234": "may be 1234 or 1.234",
    "12,345": "may be 12345 or 12.345",
    "2,000": "may be 2000 or 2.000",
    "1.234": "may be 1234 or 1.234",
    "-1,234": "may be -1234 or -1.234",
}


@pytest.mark.parametrize("column", [AMOUNT, VALUE], ids=["amount", "value"])
@pytest.mark.parametrize("text", AMBIGUOUS)
def test_a_separator_that_may_divide_thousands_or_decimals_is_refused(text, column):
    with pytest.raises(ValueError, match=AMBIGUOUS[text]):
        read(Cell(text), column)


@pytest.mark.parametrize("value", ["512,5", "0,5", 1234.7, "1234,567", "12345,678"])
def test_a_count_is_a_whole_number(value):
    with pytest.raises(ValueError, match="is no whole number"):
        read(Cell(value), VALUE)


@pytest.mark.parametrize("value", [1.1, 9.24, 1e15, 12345678901234567890])
def test_a_number_of_excel_is_no_text_where_it_may_have_lost_digits(value):
    with pytest.raises(ValueError, match="format the cell as Text"):
        read(Cell(value), TITLE)


numbers = st.one_of(
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.from_regex(r"-?[0-9]{1,20}([.,][0-9]{1,5})?", fullmatch=True),
)


@given(numbers)
@settings(max_examples=300, deadline=None)
def test_an_accepted_cell_is_the_number_that_was_written(value):
    for column in (AMOUNT, VALUE):
        try:
            meant = read(Cell(value), column)
        except ValueError:
            continue
        written_ = Decimal(str(value).replace(",", "."))
        assert Decimal(repr(meant)) == written_
        assert not (isinstance(meant, float) and column.type is Type.WHOLE)


COLUMNS = [
    ("statistics", Statistic, "value"),
    ("statistics", Statistic, "value_min"),
    ("statistics", Statistic, "value_max"),
    ("payments", Payment, "amount"),
    ("payments", Payment, "amount_max"),
    ("verdicts", Verdict, "sentence_months"),
    ("verdicts", Verdict, "sentence_days"),
    ("verdicts", Verdict, "probation_months"),
    ("services", Service, "contract_months"),
]


def test_every_column_of_numbers_is_tried():
    named = {
        (sheet, column.name)
        for sheet in sheets()
        for column in sheets()[sheet].columns.values()
        if column.type in (Type.WHOLE, Type.NUMBER)
    }
    tried = {(sheet, name) for sheet, _, name in COLUMNS}
    assert named - tried == {("defendants", "age")}


def schema_of(sheet, name):
    """The schema of a field, resolved."""
    kind, place = {
        "statistics": ("statistics", "statistic"),
        "payments": ("case", "defendant/properties/payments/items"),
        "verdicts": ("case", "verdict"),
        "services": ("case", "service"),
    }[sheet]
    checker = validator(kind)
    found = checker.schema["$defs"]
    for step in [*place.split("/"), "properties", name]:
        found = found[step]
    return checker.evolve(schema=found)


@pytest.mark.parametrize(("sheet", "model", "name"), COLUMNS)
def test_a_number_that_a_file_may_hold_is_stored_exactly(sheet, model, name):
    checker, column = schema_of(sheet, name), model._meta.get_field(name)

    @given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
    @settings(max_examples=200, deadline=None)
    def check(value):
        if not checker.is_valid(value):
            return
        kept = column.get_db_prep_save(value, connection)
        # A whole number that is too large for its column is refused by the database.
        whole = isinstance(value, int) or value.is_integer()
        assert whole or not isinstance(column, IntegerField)
        exact = int(value) if whole else Decimal(repr(value))
        assert Decimal(str(kept)) == exact

    check()


@pytest.mark.parametrize("value", [1234.7, 0.5])
def test_a_file_with_half_a_case_is_refused(value):
    assert not schema_of("statistics", "value").is_valid(value)


@pytest.mark.parametrize("value", [2000.125, 10**12])
def test_an_amount_that_the_column_would_round_or_refuse_is_refused(value):
    assert not schema_of("payments", "amount").is_valid(value)


STATISTIC = {
    "id": "new-1",
    "measure": "cases_opened",
    "counted_en": "synthetic cases",
    "unit": "cases",
    "value": 1234,
    "qualifier": "exact",
    "counted_by_en": "Synthetic Daily",
    "source": "SRC-9001",
}


class TestWorkbook:
    pytestmark = pytest.mark.usefixtures("references")

    def test_a_csv_number_with_a_comma_is_refused_with_both_readings(self):
        header, row = (
            ";".join(STATISTIC),
            ";".join(map(str, (STATISTIC | {"value": "1,234"}).values())),
        )
        found = problems(f"{header}\n{row}\n".encode(), "statistics.csv")
        assert [(problem[2], problem[3]) for problem in found] == [("value", "1,234")]
        assert "may be 1234 or 1.234" in found[0][4]

    def test_the_report_says_what_is_stored_of_a_new_record_value_by_value(self):
        report = written(xlsx({"statistics": [STATISTIC]}))
        change = report.changes[0]
        said = {difference.field: difference.after for difference in change.differences}
        assert change.new
        assert said["value"] == "1234"
        assert said["counted en"] == "synthetic cases"
        assert contents("statistics", [change.id])[change.id]["value"] == 1234

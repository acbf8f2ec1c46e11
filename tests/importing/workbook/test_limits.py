"""What a workbook costs follows what it contains, and is bounded: time, memory and the report."""

import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from cases.importing.workbook import csv_files, run, spreadsheets
from cases.importing.workbook.problems import FileError
from cases.importing.workbook.spreadsheets import Spreadsheet
from tests.importing.workbook.books import problems, xlsx
from tests.importing.workbook.test_files import HEADER, LINE, ROW, book, csv

MB = 1_000_000
LAST = 1_048_576  # row of Excel


def sheet(content, path="xl/worksheets/sheet1.xml", change=None, **packing):
    """A workbook whose first sheet, or another part, is exactly this XML."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(book())) as old, zipfile.ZipFile(made, "w", 8, **packing) as new:
        for member in old.infolist():
            text = old.read(member)
            if member.filename == path:
                text = content if content is not None else change(text)
            new.writestr(member.filename, text)
    return made.getvalue()


def xml(*rows, after=b""):
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = b"<sheetData>%s</sheetData>%s" % (b"".join(rows), after)
    return b'<worksheet xmlns="%s">%s</worksheet>' % (space, data)


def read(content):
    """Every line of the first sheet that has something in it."""
    book = Spreadsheet(BytesIO(content))
    try:
        lines = book.lines(book.sheets[0])
        return [(number, cells) for number, cells in lines if cells]
    finally:
        book.close()


def cell(text, place=None):
    at = f' r="{place}"' if place else ""
    return f'<c{at} t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def row(number, *cells):
    return b'<row r="%d">%s</row>' % (number, b"".join(cells))


class Cost:
    """Seconds and bytes at most."""

    def __enter__(self):
        tracemalloc.start()
        self.begun = time.monotonic()
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.begun
        _, self.bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()


def test_rows_that_are_far_apart_cost_nothing():
    rows = [row(1, cell("a")), *(row(number, cell("b")) for number in range(1_000, LAST, 50_000))]
    with Cost() as cost:
        found = read(sheet(xml(*rows)))
    assert len(found) == len(rows)
    assert cost.bytes < 5 * MB
    assert cost.seconds < 10


def test_a_formatted_empty_cell_in_the_last_row_costs_nothing():
    empty = b'<c r="A%d" s="0"/>' % LAST
    with Cost() as cost:
        found = read(sheet(xml(row(1, cell("a")), row(LAST, empty))))
    assert [number for number, _ in found] == [1]
    assert cost.bytes < 5 * MB
    assert cost.seconds < 10


def test_empty_cells_far_to_the_right_are_passed_over_and_filled_ones_are_refused():
    assert read(sheet(xml(row(1, cell("a"), b'<c r="XFD1" s="0"/>'))))[0][0] == 1
    with pytest.raises(FileError, match="row 1: column XFD is filled in"):
        read(sheet(xml(row(1, cell("a"), cell("b", "XFD1")))))


def test_memory_does_not_grow_with_empty_rows():
    content = sheet(xml(row(1, cell("a")), *[b"<row/>"] * 100_000))
    with Cost() as cost:
        assert len(read(content)) == 1
    assert cost.bytes < 10 * MB


@pytest.mark.parametrize(
    "many",
    [
        pytest.param([b"<row/>"] * 3_000, id="rows"),
        pytest.param([row(1, *[b"<c/>"] * 3_000)], id="cells"),
        pytest.param([row(1, b"<c><v>1</v></c>" * 1_500)], id="values"),
    ],
)
def test_too_many_rows_and_cells_are_refused(monkeypatch, many):
    monkeypatch.setattr(spreadsheets, "MAX_ELEMENTS", 3_000)
    with pytest.raises(FileError, match="3,000 in all"):
        read(sheet(xml(*many)))


def test_a_row_of_too_many_cells_is_refused_before_it_is_built(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_ELEMENTS_AT_ONCE", 1_000)
    content = sheet(xml(row(1, *[b"<c/>"] * 200_000)))
    with Cost() as cost, pytest.raises(FileError, match="1,000 in a row"):
        read(content)
    assert cost.bytes < 20 * MB


def shared(strings, *rows):
    """A workbook as Excel writes it: its texts in a part of their own."""
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    made = BytesIO(
        sheet(
            None,
            "[Content_Types].xml",
            lambda text: text.replace(b"</Types>", listed.encode()),
        )
    )
    with zipfile.ZipFile(BytesIO(sheet(xml(*rows)))) as old:
        written = old.read("xl/worksheets/sheet1.xml")
    result = BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(result, "w", 8) as new:
        for member in old.infolist():
            text = written if member.filename.endswith("sheet1.xml") else old.read(member)
            new.writestr(member.filename, text)
        new.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (main, strings))
    return result.getvalue()


def test_shared_texts_are_read_without_how_they_are_spoken():
    strings = (
        "<si><t>plain</t></si><si/><si><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r>"
        "<rPh sb='0' eb='1'><t>spoken</t></rPh></si><si><t xml:space='preserve'> Әсем </t></si>"
    ).encode()
    cells = [f'<c t="s"><v>{number}</v></c>'.encode() for number in range(4)]
    [(_, found)] = read(shared(strings, row(1, *cells)))
    assert [one.value for one in found] == ["plain", "", "rich", " Әсем "]


def test_a_text_that_is_not_there_is_told():
    with pytest.raises(FileError, match="can not be read"):
        read(shared(b"<si/>", row(1, b'<c t="s"><v>7</v></c>')))


def test_shared_texts_are_counted_too(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_ELEMENTS", 4_000)
    with pytest.raises(FileError, match="too many rows and cells"):
        read(shared(b"<si/>" * 5_000, row(1, cell("a"))))


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_a_large_list_of_styles_or_sheets_is_refused(part):
    padded = sheet(None, part, lambda text: text + b" " * spreadsheets.MAX_PART)
    with pytest.raises(FileError, match="are allowed; copy the values into an empty workbook"):
        read(padded)


def test_a_bomb_of_entities_is_refused():
    bomb = b'<!DOCTYPE a [<!ENTITY b "%s">]>' % (b"b" * 1_000)
    with pytest.raises(FileError, match="can not be read"):
        read(sheet(bomb + xml(row(1, cell("&b;" * 100)))))


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_file_that_is_packed_unusually_is_refused(packing):
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(book())) as old, zipfile.ZipFile(made, "w", packing) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    with pytest.raises(FileError, match="packed in a way that Excel does not use"):
        read(made.getvalue())


def test_rows_that_are_out_of_order_are_refused():
    with pytest.raises(FileError, match="row 2 comes after row 2"):
        read(sheet(xml(row(1, cell("a")), row(2, cell("b")), row(2, cell("c")))))


def test_a_shared_formula_is_refused_without_being_worked_out():
    long = b"+".join([b"A1"] * 5_000)
    first = b'<c r="A1"><f t="shared" si="0" ref="A1:A900">%s</f></c>' % long
    others = (
        row(number, b'<c r="A%d"><f t="shared" si="0"/></c>' % number) for number in range(2, 900)
    )
    with Cost() as cost:
        found = read(sheet(xml(row(1, first), *others)))
    assert all("is a formula" in cells[0].fault for _, cells in found)
    assert cost.seconds < 10


@pytest.mark.usefixtures("references")
def test_rows_without_a_first_row_are_told():
    [problem] = problems(sheet(xml(row(5, cell("measure")), row(6, cell("x")))))
    assert problem[:2] == ("statistics", 1)
    assert problem[4].startswith("row 1 is empty; it must name the columns: ")


@pytest.mark.usefixtures("references")
def test_a_report_has_an_end(monkeypatch):
    monkeypatch.setattr(run, "MAX_PROBLEMS", 20)
    wrong = {**ROW, "value": "many", "unit": "nothing"}
    found = problems(xlsx({"statistics": [wrong] * 50}))
    assert len(found) == 22
    assert run.TOO_MANY in [problem[4] for problem in found]


@pytest.mark.usefixtures("references")
def test_a_report_of_what_the_schema_refuses_has_an_end(monkeypatch):
    monkeypatch.setattr(run, "MAX_PROBLEMS", 20)
    found = problems(xlsx({"statistics": [{**ROW, "unit": None}] * 50}))
    assert len(found) <= 22
    assert run.TOO_MANY in [problem[4] for problem in found]


@pytest.mark.usefixtures("references")
def test_empty_lines_and_columns_of_csv_are_counted(monkeypatch):
    monkeypatch.setattr(csv_files, "MAX_LINES", 10)
    assert csv(HEADER + LINE + "\n" * 5).clean
    [problem] = csv(HEADER + LINE + "\n" * 20).problems
    assert problem[4] == "it has more than 10 lines, empty ones included"
    assert csv(HEADER + LINE.rstrip("\n") + ";" * 1_000 + "\n").clean
    [problem] = csv(HEADER + LINE.rstrip("\n") + ";" * 1_000 + "x\n").problems
    assert problem[4] == "line 2 has more than 200 columns"

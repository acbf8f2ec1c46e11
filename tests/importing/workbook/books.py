"""Workbooks for tests, written with openpyxl as an editor's Excel would."""

from io import BytesIO

from openpyxl import Workbook

from cases.importing.workbook.run import import_workbook


def xlsx(sheets, change=None):
    """A workbook of sheets, each a list of rows by column. `change` may spoil it before it is
    saved."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        page.append(columns)
        for row in rows:
            page.append([row.get(column) for column in columns])
    if change:
        change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def run(content, name="workbook.xlsx", **options):
    """The report of an import."""
    steps = import_workbook(BytesIO(content), name, **options)
    try:
        while True:
            next(steps)
    except StopIteration as finished:
        return finished.value


def problems(content, name="workbook.xlsx", **options):
    """What an import complains about, as tuples."""
    report = run(content, name, **options)
    assert not report.written
    return [tuple(problem) for problem in report.problems]


def written(content, name="workbook.xlsx", **options):
    report = run(content, name, write=True, **options)
    assert (report.problems, report.undecided, report.stale) == ([], [], False)
    assert report.written
    return report

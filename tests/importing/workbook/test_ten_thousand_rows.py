"""10,000 rows: all 137 errors in them are found, and no others; without them, all is loaded."""

import pytest

from cases.models import Case, Citation, Defendant, Name, Service, Source, Statistic, Verdict
from tests.importing.conftest import rows as rows_in_database
from tests.importing.workbook import large
from tests.importing.workbook.books import run, written, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets():
    large.references()
    return large.sheets()


def test_exactly_the_planted_errors_are_reported_and_nothing_is_written(sheets):
    assert sum(map(len, sheets.values())) == large.ROWS == 10_000
    planted = large.planted(sheets)
    assert len(planted) == large.ERRORS == 137
    before = rows_in_database()
    report = run(xlsx(sheets), write=True)
    found = [tuple(problem) for problem in report.problems]
    assert [problem[:4] for problem in found] == [error[:4] for error in planted]
    for problem, error in zip(found, planted, strict=True):
        assert error[4] in problem[4]
    assert (report.written, report.undecided) == (False, [])
    assert rows_in_database() == before


def test_corrected_it_is_loaded_as_drafts(sheets):
    report = written(xlsx(sheets))
    assert sum(report.rows.values()) == large.ROWS
    assert len(report.changes) == large.CASES + large.STATISTICS + large.SOURCES
    assert all(change.new for change in report.changes)
    counts = [Case, Defendant, Name, Service, Verdict]
    assert [model.objects.count() for model in counts] == [large.CASES] * 5
    assert Statistic.objects.filter(draft=True).count() == large.STATISTICS
    assert Case.objects.filter(draft=False).count() == 0
    assert Source.objects.filter(title="Синтетический заголовок 7", draft=True).count() == 1
    disputed = Citation.objects.exclude(values={})
    assert set(map(str, disputed.values_list("values", flat=True))) == {"{'sentence_months': 84}"}
    assert disputed.count() == large.CITATIONS

"""Imports and editors at the same time, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import SerializationFailure

from cases.importing.workbook.run import import_workbook
from cases.models import Statistic, Verdict
from tests import synthetic
from tests.importing.workbook.books import run, xlsx
from tests.importing.workbook.test_commands import FIGURE
from tests.importing.workbook.test_records import APPEAL
from tests.waiting import WAIT_TIMEOUT

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work, *arguments, **options):
    """Runs `work` on a connection of its own and waits for it."""

    def done():
        try:
            return work(*arguments, **options)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as executor:
        return executor.submit(done).result(WAIT_TIMEOUT)


def test_two_imports_at_once_take_different_numbers():
    synthetic.case()
    together = Barrier(2)

    def work(first):
        together.wait(WAIT_TIMEOUT)
        rows = [{**FIGURE, "value": first + number} for number in range(50)]
        return elsewhere(run, xlsx({"statistics": rows}), write=True)

    with ThreadPoolExecutor(2) as executor:
        reports = list(executor.map(work, [1_000, 2_000]))
    assert [report.written for report in reports] == [True, True]
    ids = [{change.id for change in report.changes} for report in reports]
    assert not ids[0] & ids[1]
    assert Statistic.objects.count() == 100


def test_two_imports_of_the_same_at_once_are_not_written_twice():
    synthetic.case()
    together = Barrier(2)
    content = xlsx({"verdicts": [{**APPEAL}]})

    def work(_):
        together.wait(WAIT_TIMEOUT)
        return elsewhere(run, content, write=True)

    with ThreadPoolExecutor(2) as executor:
        reports = list(executor.map(work, range(2)))
    assert sorted(report.written for report in reports) == [False, True]
    assert sorted(len(report.undecided) for report in reports) == [0, 1]
    assert Verdict.objects.filter(instance="appeal").count() == 1


def test_an_editor_who_saves_the_same_record_meanwhile_loses_nothing():
    synthetic.case()
    row = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 80}
    content = xlsx({"verdicts": [{**row, "source": "SRC-9001"}]})
    steps = import_workbook(BytesIO(content), "workbook.xlsx", write=True)
    while next(steps).task != "Checking":
        pass
    elsewhere(Verdict.objects.filter(pk="KZ-9001-V1").update, remarks={"en": "Synthetic."})
    with pytest.raises(OperationalError) as refused:
        for _ in steps:
            pass
    assert isinstance(refused.value.__cause__, SerializationFailure)
    verdict = Verdict.objects.get()
    assert (verdict.sentence_months, verdict.remarks) == (72, {"en": "Synthetic."})
    assert run(content, write=True).written
    verdict.refresh_from_db()
    assert (verdict.sentence_months, verdict.remarks) == (80, {"en": "Synthetic."})


def test_an_import_that_is_broken_off_leaves_nothing():
    synthetic.case()
    content = xlsx({"statistics": [FIGURE]})
    steps = import_workbook(BytesIO(content), "workbook.xlsx", write=True)
    while next(steps).task != "Saving":
        pass
    steps.close()
    assert not Statistic.objects.exists()
    with transaction.atomic():
        assert run(content, write=True).written

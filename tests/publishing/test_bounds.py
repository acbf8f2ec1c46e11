"""Which figures exclude each other, and which only round each other."""

import pytest

from cases.models import Statistic
from cases.publishing import bounds
from cases.publishing.ledger import ledger
from cases.vocabulary import RecordKind
from tests import synthetic
from tests.publishing.examples import statistic
from tests.publishing.test_documents import body
from tests.synthetic import STATISTIC


def figure(qualifier, value=None, value_min=None, value_max=None):
    return {
        "qualifier": qualifier,
        "value": value,
        "value_min": value_min,
        "value_max": value_max,
    }


EXACT = figure("exact", 709)


@pytest.mark.parametrize(
    ("one", "other", "exclude"),
    [
        (EXACT, figure("approximate", 700), False),
        (EXACT, figure("at_least", 700), False),
        (EXACT, figure("at_most", 710), False),
        (EXACT, figure("exact", 709), False),
        (EXACT, figure("approximate", 1000), False),
        (EXACT, figure("approximate", None, 700, 720), False),
        (EXACT, figure("exact", 141), True),
        (EXACT, figure("at_least", 710), True),
        (EXACT, figure("at_most", 700), True),
        (EXACT, figure("approximate", 600), True),
        (EXACT, figure("approximate", 750), True),
        (EXACT, figure("approximate", None, 720, 800), True),
        (figure("at_least", 10), figure("at_least", 19), False),
        (figure("at_most", 10), figure("at_least", 19), True),
        (figure("exact", 0), figure("at_least", 1), True),
        (figure("approximate", 0), figure("exact", 0), False),
        (EXACT, figure("approximate"), False),
        (figure("approximate"), figure("approximate"), False),
    ],
)
def test_two_figures_exclude_each_other_if_no_number_fits_both(one, other, exclude):
    assert bounds.exclude_each_other(one, other) is exclude
    assert bounds.exclude_each_other(other, one) is exclude


@pytest.mark.parametrize(
    ("stated", "disputed"),
    [
        ({"value": 80, "qualifier": "at_least"}, []),
        ({"value": 100, "qualifier": "approximate"}, []),
        ({"value": 80}, ["/value"]),
        (
            {"value": 80, "qualifier": "at_least", "unit": "persons"},
            ["/unit", "/value", "/qualifier"],
        ),
    ],
)
def test_a_source_that_rounds_a_figure_does_not_dispute_it(working_copy, stated, disputed):
    synthetic.source("SRC-9002")
    synthetic.add_citation(
        statistic(), ["unit", "value", "qualifier"], source_id="SRC-9002", values=stated
    )
    ledger.publish()
    assert body(RecordKind.STATISTIC, STATISTIC)["disputed"] == disputed
    assert Statistic.objects.get().contradicts.count() == 0

"""Changes to a valid working copy: for each rule some that break it, and neighbours that do not.

A change is a function without arguments; one that breaks a rule stands with all that the rules
then find: subject, field, detail.
"""

from typing import NamedTuple

from cases.models import Case, Defendant, Service, Source, Statistic, Verdict
from tests import synthetic
from tests.synthetic import SOURCE

SECOND_CASE, SECOND_VERDICT, SECOND_SOURCE = "KZ-9002", "KZ-9001-V2", "SRC-9002"


class Examples(NamedTuple):
    broken: dict
    fine: dict


def case():
    return Case.objects.get(pk=synthetic.CASE)


def defendant():
    return Defendant.objects.get(pk=synthetic.DEFENDANT)


def service():
    return Service.objects.get(pk=synthetic.SERVICE)


def verdict():
    return Verdict.objects.get(pk=synthetic.VERDICT)


def statistic():
    return Statistic.objects.get(pk=synthetic.STATISTIC)


def source():
    return Source.objects.get(pk=SOURCE)


def change(row, **fields):
    """A change to one row, which is then cited anew."""
    return lambda: synthetic.change(row(), **fields)


def steps(*changes):
    return lambda: [change() for change in changes]

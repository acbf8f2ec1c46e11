import pytest

from cases.publishing.ledger import ledger
from tests import databases, synthetic

stored = databases.written_once(synthetic.everything)


def _two_cases():
    synthetic.case()
    synthetic.case("KZ-9002")
    ledger.publish()


two_cases_once = databases.written_once(_two_cases)


@pytest.fixture
def working_copy(stored, db):
    """One valid record of each kind; what the test changes is undone."""

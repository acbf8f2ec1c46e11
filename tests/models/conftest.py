import pytest

from cases.models import Act, ApiKey, Check, RedactedName, RedactedPerson
from cases.publishing.ledger import ledger
from tests import databases, synthetic


def _write():
    synthetic.everything()
    ledger.publish()
    synthetic.change(synthetic.source(), title="Synthetic report, corrected")
    ledger.publish()
    case = {"record": "case", "public_id": synthetic.CASE}
    Act.objects.create(deed="publish", publication=1, **case)
    Check.objects.create(digest="0" * 64, name="synthetic", **case)
    RedactedName.objects.create(digest="0" * 64, whole=False, **case)
    RedactedPerson.objects.create(defendant=synthetic.DEFENDANT, publication=1)
    key = ApiKey(name="synthetic", plan="standard")
    key.renew()
    key.save()
    synthetic.quality()


_rows = databases.written_once(_write)


@pytest.fixture
def rows(_rows, db):
    """Rows in every table of ours, written once for a module; what a test changes is undone."""

import pytest

from cases.models import Act, ApiKey, Check, RedactedName, RedactedPerson
from cases.publishing import ledger
from tests import databases, synthetic


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """Rows in every table of ours, for all tests of a module, and undone after them.

    A test that writes does so within a savepoint, so that tests do not disturb each other.
    """
    with django_db_blocker.unblock(), databases.rolled_back(_write):
        yield


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

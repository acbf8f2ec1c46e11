"""The invented working copy that other tests break must be valid itself."""

from cases.models import PUBLISHED
from cases.publishing.ledger import diff, ledger
from cases.vocabulary import RecordKind
from tests import synthetic


def test_the_synthetic_working_copy_breaks_no_rule_and_has_every_kind_of_record(db):
    synthetic.everything()
    assert diff.preview().violations == []
    ledger.publish()
    assert {kind for kind in RecordKind if ledger.published(kind).exists()} == PUBLISHED.keys()

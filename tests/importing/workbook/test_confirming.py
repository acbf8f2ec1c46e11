"""A workbook row that names its source beside a new value confirms it; no other source does."""

import pytest

from cases.models import Case
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import ledger
from cases.publishing.workflow import confirmations, review
from cases.vocabulary import RecordKind
from tests import synthetic
from tests.importing.workbook.books import written, xlsx

ROW = {"id": "KZ-9001-V1", "defendant": "KZ-9001-D1", "sentence_months": 80}


@pytest.fixture
def public(stored):
    synthetic.add_citation(
        Case.objects.get().verdicts.get(), ["sentence_months"], source_id="SRC-9002"
    )
    ledger.publish()


def asked():
    state = review.state(RecordRef(RecordKind.CASE, "KZ-9001"))
    return [one.citation.source_id for one in confirmations.questions(state.changes.cited)]


def test_the_sources_that_a_row_names_are_not_asked_again(public):
    written(xlsx({"verdicts": [{**ROW, "source": "SRC-9001", "locator": "¶ 1"}]}))
    assert asked() == []
    cited = Case.objects.get().verdicts.get().citations.all()
    assert [row.source_id for row in cited if "sentence_months" in row.fields] == ["SRC-9001"]


def test_a_source_that_is_cited_for_the_old_value_does_not_vouch_for_the_new_one(public):
    written(xlsx({"verdicts": [{**ROW, "source": "SRC-9003"}], "sources": [SOURCE]}))
    assert asked() == []
    cited = Case.objects.get().verdicts.get().citations.all()
    assert [row.source_id for row in cited if "sentence_months" in row.fields] == ["SRC-9003"]


SOURCE = {
    "id": "SRC-9003",
    "publisher": synthetic.PUBLISHER,
    "kind": "news_report",
    "language": "en",
    "url": "https://synthetic.example/another",
    "extent_read": "full",
}

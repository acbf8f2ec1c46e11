"""The sources of a document, the chain behind them, and what they dispute."""

import pytest

from cases.publishing.documents.build import documents
from cases.vocabulary import RecordKind
from tests import synthetic
from tests.publishing.examples import case, defendant, service, statistic, verdict
from tests.publishing.expected import en
from tests.synthetic import CASE, DEFENDANT, SOURCE, STATISTIC, VERDICT


def content(record, id):
    """What the document of a record would say if it were published now."""
    found = {(document.record, document.public_id): document.content for document in documents()}
    return found[record, id]


def sources(record=RecordKind.CASE, id=CASE):
    return [(each["id"], each["cited"]) for each in content(record, id)["sources"]]


def at(document, pointer):
    """What a JSON pointer (RFC 6901) points at."""
    assert pointer.startswith("/")
    for step in pointer[1:].split("/"):
        step = step.replace("~1", "/").replace("~0", "~")
        document = document[int(step) if isinstance(document, list) else step]
    return document


def chain(*ids):
    """Sources each of which relies on the next one."""
    for id, cited in zip(ids[-2::-1], ids[:0:-1], strict=True):
        synthetic.source(id).cites.add(synthetic.source(cited))


def test_a_source_that_is_cited_everywhere_is_listed_once(working_copy):
    assert sources() == [(SOURCE, True)]


def test_cited_sources_come_first_then_all_that_stands_behind_them(working_copy):
    chain("SRC-9005", "SRC-9004", "SRC-9003", "SRC-9002")
    synthetic.add_citation(verdict(), ["date"], source_id="SRC-9005")
    assert sources() == [
        (SOURCE, True),
        ("SRC-9005", True),
        ("SRC-9002", False),
        ("SRC-9003", False),
        ("SRC-9004", False),
    ]


def test_a_source_that_is_cited_and_relied_upon_is_listed_as_cited(working_copy):
    chain(SOURCE, "SRC-9002")
    synthetic.add_citation(verdict(), ["date"], source_id="SRC-9002")
    assert sources() == [(SOURCE, True), ("SRC-9002", True)]


def test_two_sources_that_rely_on_the_same_one_list_it_once(working_copy):
    chain(SOURCE, "SRC-9002", "SRC-9004")
    chain(SOURCE, "SRC-9003", "SRC-9004")
    assert sources() == [
        (SOURCE, True),
        ("SRC-9002", False),
        ("SRC-9003", False),
        ("SRC-9004", False),
    ]


@pytest.mark.parametrize(
    "circle",
    [
        (SOURCE, SOURCE),
        (SOURCE, "SRC-9002", SOURCE),
        (SOURCE, "SRC-9002", "SRC-9003", "SRC-9002"),
    ],
)
def test_sources_that_rely_on_each_other_in_a_circle_end(working_copy, circle):
    chain(*circle)
    behind = sorted(set(circle) - {SOURCE})
    assert sources() == [(SOURCE, True), *((id, False) for id in behind)]


def test_a_draft_hides_itself_and_what_only_it_relies_on(working_copy):
    chain(SOURCE, "SRC-9002", "SRC-9003")
    synthetic.change(synthetic.source("SRC-9002"), draft=True)
    assert sources() == [(SOURCE, True)]
    assert content(RecordKind.CASE, CASE)["sources"][0]["cites"] == []


def test_each_document_lists_only_what_it_cites(working_copy):
    synthetic.source("SRC-9002")
    other = synthetic.add_defendant(case())
    synthetic.cite(other, source_id="SRC-9002")
    ruling = synthetic.add_verdict(other)
    synthetic.cite(ruling, source_id="SRC-9003")
    everywhere = [(SOURCE, True), ("SRC-9002", True), ("SRC-9003", True)]
    assert sources() == everywhere
    assert sources(RecordKind.DEFENDANT, DEFENDANT) == [(SOURCE, True)]
    assert sources(RecordKind.DEFENDANT, other.pk) == everywhere
    assert sources(RecordKind.VERDICT, VERDICT) == [(SOURCE, True)]
    assert sources(RecordKind.VERDICT, ruling.pk) == everywhere


DISPUTES = [
    # row, field, what another source states, what we state
    (case, "status", "appeal", "decided"),
    (defendant, "age", 35, 34),
    (defendant, "recruitment", {"channel": "prison"}, None),
    (service, "places", {"en": ["Another Village"]}, en(["Synthetic Village"])),
    (verdict, "sentence_months", 71, 72),
    # of this we know nothing, and a source does
    (verdict, "probation_months", 12, None),
]
POINTERS = {
    RecordKind.CASE: [
        "/status",
        *("/defendants/0/age", "/defendants/0/recruitment"),
        "/defendants/0/services/0/places",
        *("/verdicts/0/sentence_months", "/verdicts/0/probation_months"),
    ],
    RecordKind.DEFENDANT: [
        *("/age", "/recruitment", "/services/0/places"),
        *("/verdicts/0/sentence_months", "/verdicts/0/probation_months"),
        "/case/status",
    ],
    RecordKind.VERDICT: [
        *("/sentence_months", "/probation_months"),
        *("/defendant/age", "/defendant/recruitment", "/defendant/services/0/places"),
        "/case/status",
    ],
}


@pytest.mark.parametrize(
    ("record", "id"),
    [
        (RecordKind.CASE, CASE),
        (RecordKind.DEFENDANT, DEFENDANT),
        (RecordKind.VERDICT, VERDICT),
    ],
)
def test_disputed_points_at_each_value_on_which_sources_differ(working_copy, record, id):
    stated = {}
    for row, field, other, ours in DISPUTES:
        synthetic.add_citation(row(), [field], values={field: other}, source_id="SRC-9002")
        stated[field] = ours
    document = content(record, id)
    assert sorted(document["disputed"]) == sorted(POINTERS[record])
    for pointer in document["disputed"]:
        field = pointer.rpartition("/")[2]
        found = at(document, pointer)
        assert (
            found["channel"] == "social_media"
            if field == "recruitment"
            else (found == stated[field])
        )


def test_a_field_that_two_sources_dispute_is_pointed_at_once(working_copy):
    for months in (71, 73):
        synthetic.add_citation(verdict(), ["sentence_months"], values={"sentence_months": months})
    assert content(RecordKind.VERDICT, VERDICT)["disputed"] == ["/sentence_months"]


@pytest.mark.parametrize(
    ("rank", "disputed"),
    [("preferred", ["/age"]), ("normal", ["/age"]), ("deprecated", [])],
)
def test_a_deprecated_citation_is_shown_and_disputes_nothing(working_copy, rank, disputed):
    synthetic.add_citation(defendant(), ["age"], values={"age": 35}, rank=rank)
    document = content(RecordKind.DEFENDANT, DEFENDANT)
    assert document["disputed"] == disputed
    assert document["citations"][-1] == {
        "fields": ["age"],
        "source": SOURCE,
        "locator": None,
        "rank": rank,
        "values": {"age": 35},
    }


def test_a_statistic_is_disputed_by_the_figures_that_contradict_it(working_copy):
    for number in (3, 2):
        rival = synthetic.statistic(f"STAT-900{number}", value=number)
        statistic().contradicts.add(rival)
    assert content(RecordKind.STATISTIC, STATISTIC)["disputed"] == ["STAT-9002", "STAT-9003"]
    assert content(RecordKind.STATISTIC, "STAT-9002")["disputed"] == [STATISTIC]

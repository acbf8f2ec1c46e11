"""Publishing only some records: what is half done elsewhere stays where it is."""

import orjson
import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Court, Entry, Formation, Publication, Source, Statistic, published
from cases.publishing.documents.record_refs import RecordRef, parse
from cases.publishing.ledger import diff, ledger
from cases.publishing.ledger.verify import differences
from cases.publishing.workflow import actions
from cases.publishing.workflow.republish import affected
from cases.vocabulary import RecordKind
from tests import synthetic

CASE = RecordRef(RecordKind.CASE, "KZ-9001")
OTHER = RecordRef(RecordKind.CASE, "KZ-9002")
COURT = RecordRef(RecordKind.COURT, synthetic.COURT)
SOURCE = RecordRef(RecordKind.SOURCE, synthetic.SOURCE)
STATISTIC = RecordRef(RecordKind.STATISTIC, synthetic.STATISTIC)


@pytest.fixture
def two_cases(two_cases_once, db):
    """Two cases, public with publication 1."""


def told(number):
    """What a publication did: operation and id."""
    entries = Entry.objects.filter(publication=number).values_list("operation", "public_id")
    return {f"{operation} {public_id}" for operation, public_id in entries}


def body(root):
    return orjson.loads(published(root.record).current().get(public_id=root.public_id).body)


def edit(pk, **fields):
    return synthetic.change(Case.objects.get(pk=pk), **fields)


def test_only_what_is_selected_goes_out(two_cases):
    edit("KZ-9001", status="appeal")
    edit("KZ-9002", status="appeal")
    ledger.publish("one", only={CASE})
    assert told(2) == {"correct KZ-9001", "correct KZ-9001-D1", "correct KZ-9001-V1"}
    assert body(OTHER)["status"] == "decided"
    assert list(differences()) == []


def test_a_broken_record_elsewhere_does_not_stop_it(two_cases):
    edit("KZ-9001", status="appeal")
    synthetic.uncite(Case.objects.get(pk="KZ-9002"), "kind")
    assert ledger.publish("one", only={CASE}).number == 2


def test_a_case_embeds_references_and_sources_as_they_are_published(two_cases):
    """The court, the source and the formation are half renamed."""
    Court.objects.update(name=synthetic.text("Half a name"))
    Formation.objects.update(name=synthetic.text("Half a name"))
    Source.objects.update(title="Half a title")
    assert len(diff.preview(only={CASE})) == 0
    edit("KZ-9001", status="appeal")
    ledger.publish("one", only={CASE})
    assert "Half a" not in orjson.dumps(body(CASE)).decode()
    assert body(CASE)["status"] == "appeal"


def test_what_was_never_published_comes_along_and_is_told(db):
    synthetic.case()
    synthetic.source("SRC-9009", title="Nobody cites this")
    changes = diff.preview(only={CASE})
    assert SOURCE in changes.pulled
    assert COURT in changes.pulled
    assert RecordRef(RecordKind.FORMATION, synthetic.ARMY) in changes.pulled
    ledger.publish("first", only={CASE})
    assert not published(RecordKind.SOURCE).filter(public_id="SRC-9009").exists()
    assert list(differences()) == []
    assert diff.preview(only={CASE}).pulled == []


def test_a_draft_that_it_cites_is_refused(two_cases):
    synthetic.source("SRC-9009", draft=True)
    synthetic.add_citation(Case.objects.get(pk="KZ-9001"), ["kind"], source_id="SRC-9009")
    [found] = diff.preview(only={CASE}).violations[:1]
    assert found.rule == "cited_sources_are_published"


def test_a_figure_that_nobody_published_is_not_shown_by_its_rival(two_cases):
    rival = synthetic.statistic("STAT-9002", value=777)
    synthetic.statistic(contradicts=[rival])
    [found] = diff.preview(only={STATISTIC}).violations
    assert (found.rule, found.subject) == ("named_figures_are_published", "STAT-9001")
    both = {STATISTIC, RecordRef(RecordKind.STATISTIC, "STAT-9002")}
    ledger.publish("both", only=both)
    assert body(STATISTIC)["contradicts"][0]["value"] == 777


def test_a_record_that_was_deleted_is_withdrawn_only_when_selected(two_cases):
    Case.objects.filter(pk="KZ-9002").delete()
    edit("KZ-9001", status="appeal")
    ledger.publish("one", only={CASE})
    assert published(RecordKind.CASE).current().filter(public_id="KZ-9002").exists()
    assert diff.preview(only={OTHER}).withdrawn[0] == ("case", "KZ-9002")
    ledger.publish("gone", only={OTHER})
    assert told(3) == {"withdraw KZ-9002", "withdraw KZ-9002-D1", "withdraw KZ-9002-V1"}


def test_a_renamed_court_tells_what_shows_it_and_goes_out_with_that(two_cases):
    Court.objects.filter(pk=synthetic.COURT).update(name=synthetic.text("Another Court"))
    edit("KZ-9002", status="appeal")
    found = affected({COURT})
    assert (found.ready, found.held) == ({CASE}, {OTHER})
    actions.publish({COURT}, "renamed", None, embedding=True)
    assert body(CASE)["court"]["name"]["en"] == "Another Court"
    assert body(OTHER)["court"]["name"]["en"] == "Synthetic District Court"
    assert body(OTHER)["status"] == "decided"
    assert list(differences()) == []


def test_a_court_can_go_out_alone(two_cases):
    Court.objects.filter(pk=synthetic.COURT).update(name=synthetic.text("Another Court"))
    actions.publish({COURT}, "renamed", None)
    assert told(2) == {f"correct {synthetic.COURT}"}


def test_nothing_selected_publishes_nothing(two_cases):
    edit("KZ-9001", status="appeal")
    assert ledger.publish("none", only=set()) is None
    assert Publication.objects.count() == 1


def test_the_queries_for_one_case_do_not_grow_with_the_data(
    two_cases, django_assert_max_num_queries
):
    for number in range(9003, 9013):
        synthetic.case(f"KZ-{number}")
        synthetic.statistic(f"STAT-{number}")
    ledger.publish()
    edit("KZ-9001", status="appeal")
    with django_assert_max_num_queries(75):
        diff.preview(only={CASE})


def test_the_command_takes_ids(two_cases, capsys):
    edit("KZ-9001", status="appeal")
    edit("KZ-9002", status="appeal")
    call_command("publish", "KZ-9001", note="one")
    assert told(2) == {"correct KZ-9001", "correct KZ-9001-D1", "correct KZ-9001-V1"}


@pytest.mark.parametrize("wrong", ["KZ-9404", "nonsense", "court/nowhere", "person/KZ-9001"])
def test_the_command_refuses_an_id_that_names_nothing(two_cases, wrong):
    with pytest.raises(CommandError, match=wrong.rpartition("/")[2]):
        call_command("publish", wrong)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("KZ-0001", RecordRef(RecordKind.CASE, "KZ-0001")),
        ("KZ-0001-V2", RecordRef(RecordKind.CASE, "KZ-0001")),
        ("SRC-0001", RecordRef(RecordKind.SOURCE, "SRC-0001")),
        ("STAT-0001", RecordRef(RecordKind.STATISTIC, "STAT-0001")),
        ("court/a-b", RecordRef(RecordKind.COURT, "a-b")),
        ("defendant/KZ-0001-D1", RecordRef(RecordKind.CASE, "KZ-0001")),
    ],
)
def test_an_id_names_its_root(text, root):
    assert parse(text) == root


def test_unpublished_statistics_stay_out_of_a_derived_one(two_cases):
    origin = synthetic.statistic("STAT-9002")
    synthetic.statistic(derived_from=[origin])
    assert diff.preview(only={STATISTIC}).violations
    assert Statistic.objects.count() == 2

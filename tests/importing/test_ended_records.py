"""A file does not bring back what editors withdrew, merged or redacted."""

import pytest

from cases.importing.problems import DatasetError
from cases.models import Case, Entry, Name, Source
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions
from cases.publishing.workflow.confirmations import vouched
from cases.vocabulary import RecordKind
from tests.importing.expected import CASE

KZ = RecordRef(RecordKind.CASE, "KZ-9001")
NOTE = "  status: decided\n  note: Not for readers.\n"


def test_a_withdrawn_case_stays_withdrawn(loaded):
    actions.withdraw(KZ, "Retracted", None)
    loaded.edit(CASE, "  status: decided\n", NOTE)
    [problem] = loaded.problems()
    assert problem[0] == CASE
    assert "KZ-9001 was withdrawn (Retracted) with publication 2" in problem[3]
    assert Case.objects.get(pk="KZ-9001").draft


def test_it_may_be_loaded_as_a_draft(loaded):
    actions.withdraw(KZ, "Retracted", None)
    loaded.edit(CASE, "  status: decided\n", "  status: decided\n  draft: true\n")
    assert loaded.load().publications == []


def test_a_merged_case_stays_merged(loaded):
    mapped = {"KZ-9002-D1": "KZ-9001-D1"}
    actions.merge("KZ-9002", "KZ-9001", mapped, "One prosecution", None)
    text = loaded.read("cases/KZ-9002.yaml")
    loaded.write("cases/KZ-9002.yaml", "# once more\n" + text)
    [problem] = loaded.problems()
    assert "KZ-9002 was merged into KZ-9001" in problem[3]
    assert not Case.objects.filter(pk="KZ-9002").exists()


def test_a_file_that_still_holds_a_redacted_person_is_refused_with_its_place(loaded):
    for pk, text in [("KZ-9001-D1", "Zarzuk Blimpov")]:
        Name.objects.filter(defendant=pk).update(text=text)
    loaded.edit(CASE, "Synthetic Person", "Zarzuk Blimpov")
    name = {"text": "Zarzuk Blimpov", "language": "en", "script": "Latn", "kind": "full"}
    loaded.confirm(CASE, names=f'"{vouched([name])}"')
    loaded.load()
    target = redacting.find("KZ-9001-D1", different=["KZ-9002-D1"])
    redacting.redact(target, "On request")
    loaded.edit(CASE, "  status: decided\n", NOTE)
    with pytest.raises(DatasetError) as refused:
        loaded.load()
    said = [problem.detail for problem in refused.value.problems]
    assert [line for line in said if "redacted_people_stay_redacted" in line]
    assert not Name.objects.filter(text__contains="Blimpov").exists()


def test_a_load_does_not_carry_half_done_work_along(loaded):
    Source.objects.filter(pk="SRC-9002").update(title="Half a title", title_language="en")
    loaded.edit(CASE, "  status: decided\n", "  status: final\n")
    loaded.confirm(CASE, status="final")
    loaded.load()
    assert ("source", "SRC-9002") not in set(
        Entry.objects.filter(publication=2).values_list("record", "public_id")
    )

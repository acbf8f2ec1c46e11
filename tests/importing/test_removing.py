"""What a case file no longer holds is taken out of the working copy and withdrawn."""

from cases.models import Citation, Defendant, Service, Verdict, published
from cases.publishing.ledger import verify
from cases.vocabulary import RecordKind
from tests.importing.expected import CASE, body, corrections, entries


def remove(dataset, beginning, end):
    """Cuts a case file from the first line with one text up to the first with another."""
    lines = dataset.read(CASE).splitlines(keepends=True)
    first = dataset.line(CASE, beginning) - 1
    last = dataset.line(CASE, end) - 1 if end else len(lines)
    dataset.write(CASE, "".join(lines[:first] + lines[last:]))


def test_a_ruling_that_was_removed_is_withdrawn(loaded):
    remove(loaded, "id: KZ-9001-V2", None)
    loaded.load(note="It was about somebody else")
    assert entries(2) == corrections("KZ-9001", "KZ-9001-D1") | {
        # without the appeal the conviction is not known to be final
        ("correct", "verdict", "KZ-9001-V1"),
        ("withdraw", "verdict", "KZ-9001-V2"),
    }
    assert not published(RecordKind.VERDICT).current().filter(public_id="KZ-9001-V2").exists()
    assert not Verdict.objects.filter(pk="KZ-9001-V2").exists()
    assert list(verify.differences()) == []


def test_a_ruling_may_go_together_with_what_pointed_at_it(loaded):
    remove(loaded, "id: KZ-9001-V1", "id: KZ-9001-V2")
    loaded.edit(CASE, "      changes: KZ-9001-V1\n", "")
    loaded.edit(CASE, "[instance, outcome, changes]", "[instance, outcome]")
    loaded.load()
    assert ("withdraw", "verdict", "KZ-9001-V1") in entries(2)
    assert list(Verdict.objects.values_list("pk", "changes")) == [("KZ-9001-V2", None)]


def test_a_service_that_was_removed_is_gone_with_its_citations(loaded):
    remove(loaded, "services:", "verdicts:")
    loaded.load()
    assert entries(2) == corrections("KZ-9001", "KZ-9001-D1", "KZ-9001-V1", "KZ-9001-V2")
    assert not Service.objects.exists()
    assert not Citation.objects.filter(service__isnull=False).exists()


def test_a_defendant_who_was_removed_is_withdrawn_with_the_rulings(loaded):
    text = loaded.read("cases/KZ-9002.yaml")
    person = text[text.index("    - id: KZ-9002-D1") :]
    loaded.write("cases/KZ-9002.yaml", text + person.replace("KZ-9002-D1", "KZ-9002-D2"))
    loaded.load()
    loaded.write("cases/KZ-9002.yaml", text)
    loaded.load()
    assert entries(3) == corrections("KZ-9002") | {("withdraw", "defendant", "KZ-9002-D2")}
    assert not Defendant.objects.filter(pk="KZ-9002-D2").exists()


def test_a_withdrawn_ruling_that_comes_back_gets_the_next_version(loaded):
    text = loaded.read(CASE)
    remove(loaded, "id: KZ-9001-V2", None)
    loaded.load()
    loaded.write(CASE, text)
    loaded.load()
    assert ("publish", "verdict", "KZ-9001-V2") in entries(3)
    assert body(RecordKind.VERDICT, "KZ-9001-V2")["version"] == 2
    assert list(verify.differences()) == []

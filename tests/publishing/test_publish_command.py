"""`manage.py publish`: says what it does, what it would do, and why it refuses."""

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Publication
from cases.publishing import ledger
from tests import synthetic


@pytest.fixture
def edited(db):
    """A case that was published, corrected since, and has a spare source withdrawn."""
    synthetic.case()
    spare = synthetic.source("SRC-9009")
    ledger.publish()
    synthetic.change(Case.objects.get(), status="appeal")
    spare.delete()


def test_it_says_what_was_published(edited, capsys):
    call_command("publish", note="The verdict was appealed")
    [publication] = Publication.objects.filter(number=2)
    assert publication.note == "The verdict was appealed"
    told = capsys.readouterr().out
    assert told == f"Publication 2: 3 correct, 1 withdraw. Digest {publication.digest}\n"


def test_it_says_that_nothing_changed(edited, capsys):
    call_command("publish")
    capsys.readouterr()
    call_command("publish")
    assert capsys.readouterr().out == "Nothing changed; nothing was published.\n"
    assert Publication.objects.count() == 2


def test_a_dry_run_lists_every_change_and_writes_nothing(edited, capsys):
    call_command("publish", dry_run=True)
    assert capsys.readouterr().out.splitlines() == [
        "would be corrected: case KZ-9001",
        "would be corrected: defendant KZ-9001-D1",
        "would be corrected: verdict KZ-9001-V1",
        "would be withdrawn: source SRC-9009",
        "4 changes; no rule is broken. Nothing was written.",
    ]
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_it_refuses_with_every_broken_rule(edited, dry_run):
    case = Case.objects.get()
    synthetic.uncite(case, "status")
    synthetic.uncite(case, "kind")
    with pytest.raises(CommandError) as refused:
        call_command("publish", dry_run=dry_run)
    lines = str(refused.value).splitlines()
    assert lines[0] == "2 rules are broken; nothing was published:"
    assert sorted(lines[1:]) == [
        "  KZ-9001.kind: has no source [every_fact_has_a_source]",
        "  KZ-9001.status: has no source [every_fact_has_a_source]",
    ]
    assert Publication.objects.count() == 1

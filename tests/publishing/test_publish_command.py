"""`manage.py publish`: says what it does, what it would do, and why it refuses."""

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Publication
from cases.publishing.ledger import ledger
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


@pytest.fixture
def broken_draft(edited):
    """A draft whose rules are broken, beside what is ready to be published."""
    synthetic.case("KZ-9002", draft=True)
    synthetic.uncite(Case.objects.get(pk="KZ-9002"), "kind")


def test_a_dry_run_of_a_draft_says_what_is_broken(broken_draft, capsys):
    with pytest.raises(CommandError) as refused:
        call_command("publish", "KZ-9002", dry_run=True)
    assert "KZ-9002.kind: has no source [every_fact_has_a_source]" in str(refused.value)
    assert "KZ-9002 is a draft: only the desk publishes it" in capsys.readouterr().out
    assert Case.objects.get(pk="KZ-9002").draft
    assert Publication.objects.count() == 1


def test_a_dry_run_of_a_sound_draft_says_that_it_is_one(edited, capsys):
    synthetic.case("KZ-9002", draft=True)
    call_command("publish", "KZ-9002", dry_run=True)
    assert capsys.readouterr().out.splitlines() == [
        "KZ-9002 is a draft: only the desk publishes it",
        "0 changes; no rule is broken. Nothing was written.",
    ]
    assert Case.objects.get(pk="KZ-9002").draft


def test_a_draft_that_is_named_is_not_left_without_a_word(broken_draft, capsys):
    call_command("publish", "KZ-9002")
    assert capsys.readouterr().out.splitlines() == [
        "KZ-9002 is a draft and is left: publish it at the desk.",
        "Nothing changed; nothing was published.",
    ]
    assert Publication.objects.count() == 1

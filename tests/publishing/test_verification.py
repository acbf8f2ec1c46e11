"""Whatever is changed behind the ledger's back is found; the ledger as published is sound."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from cases.models import Case, Entry, Publication, PublishedCase, PublishedSource
from cases.publishing.ledger import digests, ledger
from cases.publishing.ledger.verify import differences
from tests import databases, synthetic


def _published():
    synthetic.case()
    synthetic.statistic()
    ledger.publish("beginning")
    synthetic.change(Case.objects.get(), status="appeal")
    ledger.publish("correction")
    spare = synthetic.source("SRC-9009")
    ledger.publish("a source more")
    spare.delete()
    ledger.publish("withdrawal")


published_once = databases.written_once(_published)


@pytest.fixture
def published(published_once, db):
    """Four publications: a beginning, a correction, a source more and its withdrawal."""


def case_versions():
    return PublishedCase.objects.filter(public_id=synthetic.CASE)


def first_version():
    return case_versions().filter(version=1)


def second_version():
    return case_versions().filter(version=2)


def rewrite_body(rows, old, new):
    row = rows.get()
    rows.update(body=row.body.replace(old, new))


# What somebody did to the tables, and the beginning of what is found.
TAMPERED = {
    "a value in a document": (
        lambda: rewrite_body(first_version(), '"participation"', '"recruitment"'),
        "case KZ-9001 version 1: its document is not the one",
    ),
    "a document that says it is another": (
        lambda: rewrite_body(second_version(), '"version":2', '"version":3'),
        "case KZ-9001 version 2: its document says it is",
    ),
    "a document that is gone": (
        lambda: first_version().delete(),
        "case KZ-9001 version 1: its document is missing",
    ),
    "a document more": (
        lambda: copy_of(second_version().get(), public_id="KZ-9000", version=1),
        "case KZ-9000 version 1: is in no publication",
    ),
    "a document more, after all others": (
        lambda: copy_of(second_version().get(), public_id="KZ-9999", version=1),
        "case KZ-9999 version 1: is in no publication",
    ),
    "an old version made current": (
        lambda: first_version().update(until=3),
        "case KZ-9001 version 1: does not end where the next one begins",
    ),
    "a current version ended": (
        lambda: second_version().update(until=4),
        "case KZ-9001: ended at publication 4 without an entry",
    ),
    "a version moved to another publication": (
        lambda: second_version().update(since=3),
        "case KZ-9001 version 2: begins at publication 3, not 2",
    ),
    "a withdrawn record brought back": (
        lambda: PublishedSource.objects.filter(public_id="SRC-9009").update(until=None),
        "source SRC-9009: does not end at publication 4",
    ),
    "a note": (
        lambda: Entry.objects.filter(public_id=synthetic.CASE).update(note="another reason"),
        "publication 1: entry of KZ-9001 has a wrong digest",
    ),
    "an operation": (
        lambda: Entry.objects.filter(operation="correct").update(operation="publish"),
        "publication 2: entry of KZ-9001 has a wrong digest",
    ),
    "an entry that is gone": (
        lambda: Entry.objects.filter(publication=2, public_id=synthetic.CASE).delete(),
        "publication 2: has a wrong digest",
    ),
    "a digest": (
        lambda: Publication.objects.filter(number=2).update(digest="0" * 64),
        "publication 2: has a wrong digest",
    ),
    "a publication without entries": (
        lambda: Publication.objects.create(
            number=5, published_at=Publication.objects.last().published_at, digest="0" * 64
        ),
        "publication 5: has no entries",
    ),
    "a gap": (
        lambda: Publication.objects.create(
            number=7, published_at=Publication.objects.last().published_at, digest="0" * 64
        ),
        "publication 7: follows publication 4",
    ),
    "a date": (
        lambda: Publication.objects.filter(number=2).update(published_at="2001-01-01T00:00Z"),
        "publication 2: is dated before the one before it",
    ),
}


def copy_of(row, **fields):
    row.pk, row._state.adding = None, True
    for field, value in fields.items():
        setattr(row, field, value)
    row.save(force_insert=True)


def test_what_was_published_verifies(published):
    assert list(differences()) == []


@pytest.mark.parametrize("name", TAMPERED)
def test_whatever_is_changed_afterwards_is_found(published, name):
    tamper, expected = TAMPERED[name]
    tamper()
    found = list(differences())
    assert [line for line in found if line.startswith(expected)], found


def test_a_whole_chain_that_is_computed_anew_still_shows_a_changed_document(published):
    rewrite_body(first_version(), '"participation"', '"recruitment"')
    previous = digests.GENESIS
    for publication in Publication.objects.order_by("number"):
        entries = [entry.digest for entry in publication.entries.all()]
        previous = digests.publication_digest(publication, previous, entries)
        publication.digest = previous
        publication.save()
    assert len(list(differences())) == 1


def test_the_command_says_that_the_ledger_verifies(published, capsys):
    call_command("verify_ledger")
    head = Publication.objects.get(number=4)
    assert f"publication 4, {head.digest}" in capsys.readouterr().out


def test_the_command_fails_with_a_list(published):
    Publication.objects.filter(number__gte=2).update(digest=F("digest"))
    second_version().update(until=4)
    with pytest.raises(CommandError, match="1 differences:\n  case KZ-9001: ended"):
        call_command("verify_ledger")


def test_the_command_says_that_an_empty_ledger_is_empty(db, capsys):
    call_command("verify_ledger")
    assert capsys.readouterr().out == "The ledger is empty.\n"

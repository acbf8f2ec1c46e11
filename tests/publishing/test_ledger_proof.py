"""What an attacker with write access to the database can do, and what finds it: the ledger itself,
or signed heads that are kept elsewhere."""

import logging
import os
from datetime import timedelta

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Case, Entry, Publication, PublishedCase, PublishedSource, published
from cases.publishing import search
from cases.publishing.ledger import digests, heads, ledger
from cases.publishing.ledger.digests import salted_sha256
from cases.publishing.ledger.verify import differences
from cases.vocabulary import RecordKind
from tests import databases, synthetic


@pytest.fixture
def file(settings, tmp_path):
    """A file of heads, and a key of its own."""
    settings.LEDGER_KEY_FILE = tmp_path / "key.pem"
    settings.LEDGER_HEADS = tmp_path / "heads.jsonl"
    return settings.LEDGER_HEADS


def _three():
    synthetic.case()
    ledger.publish("beginning")
    synthetic.change(Case.objects.get(), status="appeal")
    ledger.publish("correction")
    synthetic.source("SRC-9009")
    ledger.publish("a source more")
    assert list(differences()) == []


published_once = databases.written_once(_three)


@pytest.fixture
def three(published_once, db, file):
    """Three publications; the last one brings a source that is in nothing else. The file of their
    heads."""
    call_command("sign_heads")
    assert compared(file) == []
    return file


def compared(file):
    return list(heads.differences(file, heads.own_public_key()))


def sql(*statements):
    with connection.cursor() as cursor:
        # Else PostgreSQL alters no table for which checks are still to come.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


def recompute_chain():
    """All digests of entries and publications anew, as the program would make them."""
    previous = digests.GENESIS
    for publication in Publication.objects.order_by("number"):
        note = digests.note_sha256(publication)
        for entry in publication.entries.all():
            entry.digest = digests.entry_digest(entry, publication.digest_version, note)
            entry.save()
        entries = publication.entries.values_list("digest", flat=True)
        publication.digest = digests.publication_digest(publication, previous, entries)
        publication.save()
        previous = publication.digest


def remove_newest_cleanly():
    newest = Publication.objects.order_by("number").last()
    words = {word for row in PublishedSource.objects.filter(since=newest) for word in row.words}
    for kind in RecordKind:
        published(kind).filter(since=newest).delete()
        published(kind).filter(until=newest).update(until=None)
    newest.entries.all().delete()
    newest.delete()
    search.drop_orphans(words)


def forge_a_body():
    row = PublishedCase.objects.get(version=1)
    row.body = row.body.replace('"participation"', '"recruitment"')
    row.save()
    Entry.objects.filter(record="case", version=1, operation="publish").update(
        body_sha256=salted_sha256(row.salt, row.body)
    )
    recompute_chain()


def test_a_moved_time_is_found_also_between_its_neighbours(three):
    second = Publication.objects.get(number=2)
    second.published_at -= timedelta(microseconds=1)
    second.save()
    assert list(differences()) == ["publication 2: has a wrong digest"]


def test_a_filter_column_that_was_made_plain_and_altered_is_found(three):
    sql(
        "ALTER TABLE cases_publishedcase ALTER COLUMN region DROP EXPRESSION",
        "UPDATE cases_publishedcase SET region = '{KZ-99}' WHERE version = 2",
    )
    assert list(differences()) == [
        "cases_publishedcase.region: is not generated from the document any more",
        "cases_publishedcase KZ-9001 version 2: its document has other values than the columns "
        "region",
    ]


def test_a_function_that_was_replaced_for_a_while_is_found(three):
    """Its values stay, and the definition of the column is the one of this release."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('published_least'::regproc)")
        [[definition]] = cursor.fetchall()
    sql(
        "CREATE OR REPLACE FUNCTION published_least(body text, VARIADIC paths text[]) RETURNS int"
        " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 1'",
        "UPDATE cases_publishedverdict SET body = body",
        definition,
    )
    found = list(differences())
    assert found
    assert all(line.endswith("than the columns sentence_least") for line in found)


def test_a_missing_column_and_a_document_that_is_no_json_are_told(three):
    sql(
        "ALTER TABLE cases_publishedstatistic DROP COLUMN measure",
        *(
            f'ALTER TABLE cases_publishedsource ALTER COLUMN "{field.column}" DROP EXPRESSION'
            for field in published(RecordKind.SOURCE).model._meta.fields
            if field.generated
        ),
        "UPDATE cases_publishedsource SET body = '{' WHERE public_id = 'SRC-9009'",
    )
    found = list(differences())
    assert "cases_publishedstatistic.measure: is missing" in found
    assert "source SRC-9009 version 1: its document is no JSON" in found
    assert "cases_publishedsource: the columns of some documents cannot be computed" in found


def test_the_newest_publication_without_its_row_is_found(three):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE confrelid = 'cases_publication'::regclass"
        )
        keys = cursor.fetchall()
    sql(
        *(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' for table, name in keys),
        "DELETE FROM cases_publication WHERE number = 3",
    )
    assert list(differences()) == ["publication 3: is missing, but not its entries"]
    assert compared(three) == ["line 3 of the heads: publication 3 is not in the ledger any more"]


def test_the_newest_publication_removed_with_all_its_rows_is_found_by_its_head(three):
    remove_newest_cleanly()
    assert list(differences()) == [], "the database alone cannot tell"
    assert compared(three) == ["line 3 of the heads: publication 3 is not in the ledger any more"]


def test_a_forged_document_with_the_chain_computed_anew_is_found_by_heads(three):
    forge_a_body()
    assert list(differences()) == [], "the database alone cannot tell"
    assert compared(three) == [
        f"line {number} of the heads: publication {number} has another digest in the ledger"
        for number in (1, 2, 3)
    ]


def test_a_publication_that_nobody_signed_is_found(three):
    synthetic.change(Case.objects.get(), status="final")
    ledger.publish("without a head")
    assert compared(three) == ["publication 4: has no signed head"]
    call_command("sign_heads")
    assert compared(three) == []


def test_a_time_of_digests_of_version_1_is_found_by_its_head(three):
    Publication.objects.update(digest_version=1)
    recompute_chain()
    three.unlink()
    call_command("sign_heads")
    Publication.objects.filter(number=2).update(
        published_at=Publication.objects.get(number=1).published_at
    )
    assert list(differences()) == [], "version 1 does not cover the time"
    assert compared(three) == ["line 2 of the heads: publication 2 has another time in the ledger"]


def test_a_head_that_was_signed_with_another_key_or_altered_is_found(three):
    first, second, third = three.read_bytes().splitlines()
    altered = orjson.loads(second) | {"published_at": "2001-01-01T00:00:00Z"}
    key = Ed25519PrivateKey.generate()
    forged = heads._line(Publication.objects.get(number=3), key)
    three.write_bytes(b"\n".join([first, orjson.dumps(altered), forged + b"nonsense", b'["x"]']))
    assert compared(three) == [
        "line 2 of the heads: has a signature of another key, or was altered",
        "line 3 of the heads: has a signature of another key, or was altered",
        "line 4 of the heads: is no signed head",
        "line 5 of the heads: is no signed head",
    ]
    assert third


def test_the_command_compares_heads_with_a_key_that_was_kept(three, tmp_path, capsys):
    pem = tmp_path / "public.pem"
    pem.write_text(heads.as_pem(heads.own_public_key()))
    call_command("verify_ledger", heads=three, key=pem)
    assert "agrees with the signed heads" in capsys.readouterr().out
    remove_newest_cleanly()
    with pytest.raises(CommandError, match="1 differences:\n  line 3 of the heads: publication 3"):
        call_command("verify_ledger", heads=three, key=pem)


def test_the_command_says_what_it_cannot_compare(db, file, tmp_path):
    with pytest.raises(CommandError, match="no key in LEDGER_KEY_FILE"):
        call_command("verify_ledger", heads=file)
    assert not file.exists()
    with pytest.raises(CommandError, match="needs --heads"):
        call_command("verify_ledger", key=tmp_path / "none.pem")
    with pytest.raises(CommandError, match=r"none\.pem holds no public key"):
        call_command("verify_ledger", heads=file, key=tmp_path / "none.pem")
    call_command("sign_heads")
    file.unlink()
    with pytest.raises(CommandError, match="cannot be compared"):
        call_command("verify_ledger", heads=file)


def test_a_head_that_cannot_be_written_leaves_the_publication_and_is_logged(
    db, file, settings, caplog, django_capture_on_commit_callbacks
):
    settings.LEDGER_HEADS = file / "no folder"
    synthetic.case()
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        ledger.publish("synthetic")
    assert Publication.objects.count() == 1
    assert "head of publication 1 was not written" in caplog.text
    settings.LEDGER_HEADS = file
    call_command("sign_heads")
    assert compared(file) == []


def test_a_publication_that_is_rolled_back_has_no_head(db, file):
    synthetic.case()
    ledger.publish("synthetic")
    assert not file.exists()


@pytest.mark.parametrize("content", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\n"])
def test_a_key_file_that_holds_no_key_is_refused(db, file, settings, content):
    settings.LEDGER_KEY_FILE.write_text(content)
    with pytest.raises(CommandError, match=r"key\.pem holds no private key"):
        call_command("sign_heads")


def test_the_key_is_for_its_owner_only(three, settings):
    assert os.stat(settings.LEDGER_KEY_FILE).st_mode & 0o077 == 0


def test_the_public_key_is_published_and_verifies_a_head(three, client, tmp_path):
    answer = client.get("/.well-known/cases-ledger.pem")
    assert answer.status_code == 200
    assert answer.content.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert b"PRIVATE" not in answer.content
    pem = tmp_path / "public.pem"
    pem.write_bytes(answer.content)
    assert list(heads.differences(three, heads.public_key(pem))) == []


def test_there_is_no_public_key_before_anything_was_signed(file, client):
    assert client.get("/.well-known/cases-ledger.pem").status_code == 404
    assert not file.with_name("key.pem").exists()


def test_what_the_first_programs_published_verifies(db):
    """They digested an entry with its note in the clear, and documents without a salt."""
    synthetic.case()
    ledger.publish("a note")
    for kind in RecordKind:
        for row in published(kind):
            published(kind).filter(pk=row.pk).update(salt="")
            Entry.objects.filter(record=kind, public_id=row.public_id).update(
                body_sha256=digests.sha256(row.body)
            )
    Publication.objects.update(digest_version=1, note_salt="")
    for entry in Entry.objects.all():
        Entry.objects.filter(pk=entry.pk).update(digest=digests.first_entry_digest(entry))
    [publication] = Publication.objects.all()
    entries = publication.entries.values_list("digest", flat=True)
    publication.digest = digests.publication_digest(publication, digests.GENESIS, entries)
    publication.save()
    assert list(differences()) == []
    Entry.objects.filter(public_id=synthetic.CASE).update(version=2)
    assert "publication 1: entry of KZ-9001 has a wrong digest" in list(differences())


def test_a_program_that_knows_no_salts_publishes_with_digests_of_version_1(three):
    """As an old process does while the new ones start: the database fills in the columns."""
    sql(
        "INSERT INTO cases_publication (number, published_at, note, digest)"
        " VALUES (4, now() + interval '1 hour', '', repeat('0', 64))"
    )
    newest = Publication.objects.get(number=4)
    assert (newest.digest_version, newest.note_salt) == (1, "")


def test_digests_of_an_unknown_version_are_told(three):
    Publication.objects.filter(number=3).update(digest_version=9)
    assert "publication 3: has digests of an unknown version" in list(differences())

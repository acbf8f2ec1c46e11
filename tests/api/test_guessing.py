"""After a redaction nothing that is public confirms a guess, not even a right one.

The attacker knows every byte of what was redacted, which no real one does, and holds it against
every digest that the API tells: the ledger, validators, and headers.
"""

import base64
import hashlib
import re

import orjson
import pytest

from cases.models import Check, Entry, Publication, published
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger.verify import differences
from cases.publishing.redaction import redacting
from cases.publishing.workflow import actions, review
from cases.vocabulary import RecordKind

PERSON = "KZ-9001-D1"
ADDRESSES = (
    *("changes/?page_size=1000", "publications/", "", "cases/", "defendants/"),
    *("cases/KZ-9001/versions/", f"defendants/{PERSON}/versions/", "sources/SRC-9001/versions/"),
    *(f"defendants/{PERSON}/", f"defendants/{PERSON}/?as_of=1", "cases/KZ-9001/?as_of=1"),
    *("cases/?format=ndjson", "cases/?format=ndjson&as_of=1", "defendants/?format=csv"),
)


def digests(client):
    """Everything in public answers that may be a digest or a salt, as hex."""
    found = set()
    for address in (*(f"/api/v1/{one}" for one in ADDRESSES), "/feeds/changes.atom"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer) if answer.streaming else answer.content
        headers = " ".join(answer.headers.values())
        found |= set(re.findall(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", content.decode()))
        found |= set(re.findall(r"(?<![0-9a-f])[0-9a-f]{20,64}(?![0-9a-f])", headers))
        for coded in re.findall(r"sha-256=:(.*?):", headers):
            found.add(base64.b64decode(coded).hex())
    return found


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def secrets():
    """Every text that a redaction replaces."""
    kinds = (RecordKind.CASE, RecordKind.DEFENDANT, RecordKind.VERDICT, RecordKind.SOURCE)
    bodies = {body for kind in kinds for body in published(kind).values_list("body", flat=True)}
    return bodies | set(Publication.objects.values_list("note", flat=True))


def confirmed(guesses, public):
    """Guesses that some digest confirms: as it is, with any public salt, or within an entry."""
    found = set()
    for guess in guesses:
        tried = {sha256(guess), *(sha256(salt + guess) for salt in public)}
        tried |= {entry_of(guess, entry, one) for entry in Entry.objects.all() for one in [*tried]}
        if tried & public:
            found.add(guess)
    return found


def entry_of(guess, entry, digest):
    """Digest of an entry, if it was about a document with this digest."""
    if not guess.startswith("{"):
        return digest
    stated = {
        **{"op": entry.operation, "record": entry.record, "id": entry.public_id},
        **{"version": entry.version, "into": entry.into, "body_sha256": digest},
        "note_sha256": sha256(entry.note),
    }
    return sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS).decode())


def test_a_right_guess_is_not_confirmed_after_a_redaction(planted, client):
    before = secrets()
    assert confirmed(before, digests(client)) == before, "the attack itself should work"
    salts = {salt for _, salt in rows() if salt}
    actions.redact(redacting.find(PERSON), "On request", planted)
    gone = before - secrets()
    assert len(gone) >= 8
    public = digests(client)
    assert confirmed(gone, public) == set()
    left = {salt for _, salt in rows()}
    destroyed = salts - left
    assert len(destroyed) >= 8
    assert destroyed & public == set()
    assert list(differences()) == []


def rows():
    """Texts of the ledger and of the read model with their salts."""
    for kind in RecordKind:
        yield from published(kind).values_list("body", "salt")
    yield from Publication.objects.values_list("note", "note_salt")


def test_no_two_documents_share_a_salt(planted):
    salts = [salt for _, salt in rows()]
    assert len(set(salts)) == len(salts)
    assert all(re.fullmatch("[0-9a-f]{64}", salt) for salt in salts)


def test_what_is_left_of_a_redacted_document_is_provable(planted, client):
    actions.redact(redacting.find(PERSON), "On request", planted)
    told = client.get(f"/api/v1/defendants/{PERSON}/versions/").json()["results"]
    assert [row["op"] for row in told] == ["publish", "correct", "redact"]
    for row in told:
        body = client.get(row["url"]).content.decode()
        assert sha256(row["salt"] + body) == (row["redacted"] or row)["body_sha256"]
    [redacted] = [
        row
        for row in client.get("/api/v1/changes/").json()["results"]
        if row["replaced"] and any("note_of" in one for one in row["replaced"])
    ]
    [note] = [one for one in redacted["replaced"] if one.get("note_of") == 1]
    first = client.get("/api/v1/changes/?page_size=1").json()["results"][0]
    assert note["was"] == first["note_sha256"]
    assert note["now"] == sha256(first["note_salt"] + first["note"])


@pytest.mark.parametrize("public_id", ["KZ-9001", "KZ-9002"])
def test_a_check_keeps_no_digest_of_what_was_redacted(planted, public_id):
    root = RecordRef(RecordKind.CASE, public_id)
    Check.objects.create(
        record=root.record, public_id=public_id, digest=review.digest(root), name="synthetic"
    )
    actions.redact(redacting.find(PERSON), "On request", planted)
    assert not Check.objects.exists()

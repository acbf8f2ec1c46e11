"""The chain of digests, which anyone can follow who has the documents.

The ledger holds of each document SHA-256 over a salt and the document. The salt is random; it is
public as long as the document is, so every reader can check the digest. A redaction destroys the
salt with the document. What is left can be neither checked nor found by guessing.

`digest_version` of a publication says how its digests were made:

1. Documents and notes have no salt. An entry is digested as canonical JSON; the very first ones
   hold the note in place of its digest. The digest of a publication is SHA-256 over the previous
   publication's digest and the sorted digests of its entries.
2. Documents and notes have salts. An entry says its version too. The digest of a publication covers
   its number and time as well.

All digests are hex. Docs: decisions/0029.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from cases.models import Entry, Publication

DIGEST_VERSION = 2
KNOWN_VERSIONS = (1, 2)

GENESIS = ""  # what stands for the digest before the first publication


def new_salt() -> str:
    """32 random bytes as hex."""
    return secrets.token_hex(32)


def salted_sha256(salt: str, text: str) -> str:
    """Digest of a document or note. salt: 64 hex digits, which precede the text; "" = none."""
    return sha256(salt + text)


def note_sha256(noted: Publication | Entry) -> str:
    """Digest of a note as it is now. An entry without a salt has the note of its publication."""
    if isinstance(noted, Entry):
        return salted_sha256(note_salt(noted), noted.note)
    return salted_sha256(noted.note_salt, noted.note)


def note_salt(entry: Entry) -> str:
    """Salt of the note of an entry; "" = none."""
    return entry.note_salt or entry.publication.note_salt


def entry_digest(entry: Entry, version: int, note: str) -> str:
    """Digest of an entry as canonical JSON: sorted keys, no spaces, UTF-8.

    version: of the digests of its publication. note: digest of the note as it was written.
    """
    stated = _stated(entry) | {"note_sha256": note}
    if version > 1:
        stated["digest_version"] = version
    return _json_sha256(stated)


def first_entry_digest(entry: Entry) -> str:
    """Digest of an entry as the first programs made it, with the note in the clear."""
    return _json_sha256(_stated(entry) | {"note": entry.note})


def publication_digest(publication: Publication, previous: str, entries: Iterable[str]) -> str:
    """Digest of a publication. previous: digest of the one before, GENESIS before the first;
    entries: digests of its entries, in any order."""
    if publication.digest_version == 1:
        return sha256("".join([previous, *sorted(entries)]))
    stated = [
        str(publication.digest_version),
        str(publication.number),
        moment(publication.published_at),
        previous,
    ]
    return sha256("\n".join([*stated, *sorted(entries)]))


def moment(value: datetime) -> str:
    """A time as RFC 3339, UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _stated(entry: Entry) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "op": entry.operation,
        "record": entry.record,
        "id": entry.public_id,
        "version": entry.version,
        "into": entry.into,
        "body_sha256": entry.body_sha256,
    }
    if entry.replaced is not None:
        stated["replaced"] = entry.replaced
    return stated


def _json_sha256(stated: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()

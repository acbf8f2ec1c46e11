"""The chain of digests, which anyone can follow who has the documents.

The digest of an entry is SHA-256 over its canonical JSON, which holds the SHA-256 of the document's
bytes and that of its public note; the digest of a publication is SHA-256 over the previous
publication's digest and the sorted digests of its entries, all as hex.
"""

import hashlib
from collections.abc import Iterable

import orjson

from cases.models import Entry

GENESIS = ""  # what stands for the digest before the first publication


def chain(previous: str, entries: Iterable[str]) -> str:
    """Digest of a publication from the digest before it and those of its entries; all hex."""
    return hashlib.sha256("".join([previous, *sorted(entries)]).encode()).hexdigest()


def entry_digest(entry: Entry, note_sha256: str | None = None) -> str:
    """Hex SHA-256 over the entry as canonical JSON: sorted keys, no spaces, UTF-8.

    note_sha256: of the note as it was when it was written; null = it stands there unchanged.
    """
    stated = {
        "op": entry.operation,
        "record": entry.record,
        "id": entry.public_id,
        "version": entry.version,
        "into": entry.into,
        "body_sha256": entry.body_sha256,
        "note_sha256": note_sha256 or sha256(entry.note),
    }
    if entry.replaced is not None:
        stated["replaced"] = entry.replaced
    return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()


def sha256(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()

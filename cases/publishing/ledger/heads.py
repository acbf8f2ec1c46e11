"""Signed heads: number, time and digest of each publication, kept outside the database.

Whoever can write to the database can compute the whole chain anew. A head that was signed and is
kept elsewhere cannot be changed with it, so it shows that a publication was altered or removed.

A file of heads has one JSON object per line: `number`, `published_at`, `digest` and `signature`,
which is Ed25519 in base64 over `signed_text`. Docs: docs/operations.md, decisions/0029.
"""

import base64
import binascii
import logging
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from cases.models import Publication
from cases.publishing.documents.build import chunks
from cases.publishing.ledger.digests import moment
from casesapi.postgres.state_dir import kept_key

_log = logging.getLogger(__name__)


class KeyFileError(Exception):
    """The file holds no Ed25519 key in PEM, or cannot be read; the message names it."""


def signed_text(number: int, published_at: str, digest: str) -> bytes:
    """What a signature covers: four lines, the last one without an end."""
    return f"cases-ledger-head\n{number}\n{published_at}\n{digest}".encode()


def write_on_commit(publication: Publication) -> None:
    """Appends the head of a publication to LEDGER_HEADS once the publication is committed."""
    transaction.on_commit(partial(_try_to_append, publication))


def append(publications: Iterable[Publication], file: Path) -> int:
    """Signs heads and appends them to a file; how many. KeyFileError, and OSError when the file
    cannot be written."""
    key = private_key()
    count = 0
    # Each line by one write at the end of the file, so that two processes cannot mix theirs.
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        for publication in publications:
            os.write(descriptor, _line(publication, key))
            count += 1
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return count


def differences(file: Path, key: Ed25519PublicKey) -> Iterator[str]:
    """Each difference between the ledger and the heads in a file, as a sentence. OSError when the
    file cannot be read."""
    with file.open("rb") as lines:
        yield from _compare(enumerate(lines, 1), key)
    for publication in unsigned(file):
        yield f"publication {publication.number}: has no signed head"


def unsigned(file: Path) -> Iterator[Publication]:
    """Publications that a file of heads does not name; all, when there is no such file."""
    named: set[int] = set()
    if file.exists():
        with file.open("rb") as lines:
            named = {number for line in lines if (number := _number(line))}
    for publication in Publication.objects.order_by("number").iterator(chunk_size=500):
        if publication.number not in named:
            yield publication


def private_key() -> Ed25519PrivateKey:
    """The key in LEDGER_KEY_FILE, made if there is none. KeyFileError."""
    file = settings.LEDGER_KEY_FILE
    try:
        key = serialization.load_pem_private_key(kept_key(file, _new_key).encode(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{file} holds no private key that can be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{file} holds a private key of another kind than Ed25519.")
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """The public key in a PEM file, as /.well-known/cases-ledger.pem has it. KeyFileError."""
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{file} holds no public key that can be read: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{file} holds a public key of another kind than Ed25519.")
    return key


def own_public_key() -> Ed25519PublicKey | None:
    """The public key of this installation; None = nothing was signed here yet. KeyFileError."""
    return private_key().public_key() if settings.LEDGER_KEY_FILE.exists() else None


def as_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _try_to_append(publication: Publication) -> None:
    """What is published stays published when its head cannot be written: verify_ledger says which
    heads are missing, and sign_heads adds them."""
    try:
        append([publication], settings.LEDGER_HEADS)
    except (OSError, KeyFileError) as error:
        _log.error(
            "The head of publication %s was not written to %s: %s. Run manage.py sign_heads.",
            publication.number,
            settings.LEDGER_HEADS,
            error,
        )


def _line(publication: Publication, key: Ed25519PrivateKey) -> bytes:
    published_at = moment(publication.published_at)
    text = signed_text(publication.number, published_at, publication.digest)
    head = {
        "number": publication.number,
        "published_at": published_at,
        "digest": publication.digest,
        "signature": base64.b64encode(key.sign(text)).decode(),
    }
    return orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE)


def _compare(lines: Iterable[tuple[int, bytes]], key: Ed25519PublicKey) -> Iterator[str]:
    for some in chunks(lines):
        numbers = {number for _, line in some if (number := _number(line))}
        found = Publication.objects.in_bulk(numbers)
        for place, line in some:
            problem = _problem(line, found, key)
            if problem:
                yield f"line {place} of the heads: {problem}"


def _problem(line: bytes, found: dict[int, Publication], key: Ed25519PublicKey) -> str | None:
    """What is wrong with a head; null = it is signed and the ledger says the same."""
    try:
        head = orjson.loads(line)
        number, at, digest = head["number"], head["published_at"], head["digest"]
        key.verify(base64.b64decode(head["signature"]), signed_text(number, at, digest))
    except (orjson.JSONDecodeError, KeyError, TypeError, binascii.Error):
        return "is no signed head"
    except InvalidSignature:
        return "has a signature of another key, or was altered"
    publication = found.get(number)
    if publication is None:
        return f"publication {number} is not in the ledger any more"
    if publication.digest != digest:
        return f"publication {number} has another digest in the ledger"
    if moment(publication.published_at) != at:
        return f"publication {number} has another time in the ledger"
    return None


def _number(line: bytes) -> int | None:
    try:
        number = orjson.loads(line)["number"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) and 0 < number < 2**31 else None


def _new_key() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )

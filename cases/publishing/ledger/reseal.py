"""Salts for what was published without: the ledger, with all its digests computed anew.

Digests of version 1 confirm a guess of what a redaction replaced, and all later digests follow from
them. So none of them may stay. Docs: decisions/0029.
"""

from collections.abc import Callable, Iterable
from itertools import islice

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from cases.models import Entry, Publication, published
from cases.publishing.documents.build import CHUNK, chunks
from cases.publishing.ledger import ledger
from cases.publishing.ledger.digests import (
    DIGEST_VERSION,
    GENESIS,
    entry_digest,
    new_salt,
    note_sha256,
    publication_digest,
    salted_sha256,
)
from cases.publishing.ledger.verify import (
    BRINGS_A_BODY,
    NoteKey,
    Redactions,
    differences,
    note_key,
    note_of,
)
from cases.vocabulary import Operation, RecordKind

Progress = Callable[[Iterable[Publication]], Iterable[Publication]]

# Each digest that a text had, with the publication that brought or replaced it, in order.
History = list[tuple[int, str]]

SHOWN = 5


class UnsoundLedgerError(Exception):
    """The ledger does not verify, so nothing was changed. The message lists some differences."""


def reseal(progress: Progress = iter) -> int:
    """Gives a salt to every document and note without one, and computes all digests anew. Returns
    how many publications had digests of version 1; with none nothing changes.

    UnsoundLedgerError when the ledger does not verify before: it would verify afterwards.
    """
    with ledger.one_publisher_at_a_time():
        count = Publication.objects.exclude(digest_version=DIGEST_VERSION).count()
        if not count:
            return 0
        _refuse_unsound()
        anew = _Anew()
        for kind in RecordKind:
            anew.documents(kind)
        anew.chain(progress)
        _refuse_unsound()
        transaction.on_commit(cache.clear)
    return count


def _refuse_unsound() -> None:
    if found := list(islice(differences(), SHOWN)):
        raise UnsoundLedgerError("\n".join(found))


class _Anew:
    """What was redacted, and the new digests of that; they are few, so they are held.

    Nothing can prove a text that is gone. Its digest becomes 32 random bytes, which look like one
    whose salt was destroyed.
    """

    def __init__(self) -> None:
        self._redactions = Redactions()
        self._documents: dict[tuple[str, str, int], History] = {}
        self._notes: dict[NoteKey, History] = {}

    def documents(self, kind: RecordKind) -> None:
        """New salts and digests of all documents of a kind that have none or were redacted."""
        redactions = Entry.objects.filter(operation=Operation.REDACT, record=kind)
        redacted = set(redactions.values_list("public_id", flat=True))
        rows = published(kind).filter(Q(salt="") | Q(public_id__in=redacted)).order_by("pk")
        stored = rows.only("public_id", "version", "body", "salt")
        for some in chunks(stored.iterator(chunk_size=CHUNK)):
            brought = Entry.objects.filter(
                record=kind,
                public_id__in=[row.public_id for row in some],
                operation__in=BRINGS_A_BODY,
            )
            entries = {(entry.public_id, entry.version): entry for entry in brought}
            changed = []
            for row in some:
                entry = entries[row.public_id, row.version]
                key = kind.value, row.public_id, row.version
                told = self._redactions.of_documents.get(key, [])
                row.salt = row.salt or new_salt()
                digests = [*(new_salt() for _ in told), salted_sha256(row.salt, row.body)]
                entry.body_sha256 = digests[0]
                changed.append(entry)
                if row.public_id in redacted:
                    numbers = [entry.publication_id, *(one.publication for one in told)]
                    self._documents[key] = list(zip(numbers, digests, strict=True))
            published(kind).bulk_update(some, ["salt"])
            Entry.objects.bulk_update(changed, ["body_sha256"])

    def chain(self, progress: Progress) -> None:
        """New digests of all notes, entries and publications."""
        previous = GENESIS
        publications = Publication.objects.order_by("number").iterator(chunk_size=500)
        for publication in progress(publications):
            publication.note_salt = publication.note_salt or new_salt()
            publication.digest_version = DIGEST_VERSION
            self._note((publication.number, None, None), note_sha256(publication))
            digests = []
            for some in chunks(publication.entries.iterator(chunk_size=CHUNK)):
                for entry in some:
                    if entry.operation == Operation.REDACT:
                        self._replace(entry)
                    if entry.note_salt:
                        self._note(note_of(entry), note_sha256(entry))
                    written = self._notes[note_of(entry)][0][1]
                    entry.digest = entry_digest(entry, DIGEST_VERSION, written)
                    digests.append(entry.digest)
                Entry.objects.bulk_update(some, ["body_sha256", "replaced", "digest"])
            publication.digest = previous = publication_digest(publication, previous, digests)
            publication.save(update_fields=["note_salt", "digest_version", "digest"])

    def _note(self, key: NoteKey, now: str) -> None:
        told = self._redactions.of_notes.get(key, [])
        digests = [*(new_salt() for _ in told), now]
        numbers = [key[0], *(one.publication for one in told)]
        self._notes[key] = list(zip(numbers, digests, strict=True))

    def _replace(self, entry: Entry) -> None:
        """The new digests in the entry of a redaction."""
        for item in entry.replaced or ():
            if "note_of" in item:
                history = self._notes[note_key(item)]
            else:
                history = self._documents[entry.record, entry.public_id, item["version"]]
            place = [number for number, _ in history].index(entry.publication_id)
            item["was"], item["now"] = history[place - 1][1], history[place][1]
        if entry.body_sha256 is not None:
            history = self._documents[entry.record, entry.public_id, entry.version]
            entry.body_sha256 = [
                digest for number, digest in history if number <= entry.publication_id
            ][-1]

"""The ledger and the read model written by hand: what the API reads, without a working copy."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.apps import apps
from django.db import connection
from django.utils import timezone

from cases.models import (
    PUBLISHED,
    Entry,
    Publication,
    PublishedRecord,
    PublishedReference,
    Word,
)
from cases.models import published as rows
from cases.publishing import search
from cases.publishing.ledger.changed_facts import is_significant
from cases.publishing.ledger.digests import (
    DIGEST_VERSION,
    GENESIS,
    entry_digest,
    new_salt,
    note_sha256,
    publication_digest,
    salted_sha256,
    sha256,
)
from cases.vocabulary import Operation, RecordKind

Json = dict[str, Any]
Record = tuple[RecordKind, str]
Document = tuple[RecordKind, Json]


def publish(
    *documents: Document,
    withdrawn: Iterable[Record] = (),
    merged: Mapping[Record, str] | None = None,
    note: str = "",
    at: datetime | None = None,
    digest_version: int | None = None,
) -> Publication:
    """The next publication. merged: records with the id of the one that survives.
    digest_version: 1 publishes as programs did before documents had salts; None = the newest."""
    digest_version = digest_version or DIGEST_VERSION
    last = Publication.objects.order_by("number").last()
    number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
    publication = Publication.objects.create(
        number=number,
        published_at=at or timezone.now(),
        note=note,
        note_salt=_salt(digest_version),
        digest=sha256(""),
        digest_version=digest_version,
    )
    entries = [_bring(kind, content, publication) for kind, content in documents]
    entries += [_end(Operation.WITHDRAW, record, publication) for record in withdrawn]
    for record, into in (merged or {}).items():
        entries.append(_end(Operation.MERGE, record, publication, into))
    for entry in entries:
        entry.note = note
        entry.digest = entry_digest(entry, digest_version, note_sha256(publication))
    Entry.objects.bulk_create(entries)
    digests = [entry.digest for entry in entries]
    publication.digest = publication_digest(publication, previous, digests)
    publication.save()
    return publication


def body(kind: RecordKind, public_id: str, publication: int) -> str:
    """The stored text of a record as it stood at a publication."""
    return rows(kind).as_of(publication).get(public_id=public_id).body


def forget() -> None:
    """Empties the ledger and the read model."""
    for model in dict.fromkeys(PUBLISHED.values()):
        model.objects.all().delete()
    Word.objects.all().delete()
    Entry.objects.all().delete()
    Publication.objects.all().delete()


def forget_everything() -> None:
    """Empties all tables of ours, also those of the working copy."""
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for model in apps.get_app_config("cases").get_models(include_auto_created=True)
    ]
    with connection.cursor() as cursor:
        # Checks that are still to come would hold the tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")


def prosecution(case: Json, defendant: Json, *verdicts: Json, **more: Any) -> list[Document]:
    """The documents of a case with one defendant: each fact stands where publishing puts it.

    more: `sources` and `disputed`.
    """
    more = {"sources": [], "disputed": []} | more
    defendant = {"id": f"{case['id']}-D1", "services": [], **defendant}
    rulings = [
        {"id": f"{case['id']}-V{number}", "defendant": defendant["id"], **verdict}
        for number, verdict in enumerate(verdicts, 1)
    ]
    return [
        (RecordKind.CASE, {**case, "defendants": [defendant], "verdicts": rulings, **more}),
        (RecordKind.DEFENDANT, {**defendant, "verdicts": rulings, "case": case, **more}),
        *(
            (RecordKind.VERDICT, {**ruling, "defendant": defendant, "case": case, **more})
            for ruling in rulings
        ),
    ]


def reference(**codes: Iterable[str]) -> list[Document]:
    """Entries of the reference tables, by kind; an id and nothing more."""
    coded = {RecordKind.REGION, RecordKind.ARTICLE}
    return [
        (RecordKind(kind), {"code" if kind in coded else "id": code})
        for kind, found in codes.items()
        for code in found
    ]


def source(public_id: str, **facts: Any) -> Document:
    return RecordKind.SOURCE, {"id": public_id, **facts}


def statistic(public_id: str, **facts: Any) -> Document:
    return RecordKind.STATISTIC, {"id": public_id, **facts}


def _bring(kind: RecordKind, content: Json, publication: Publication) -> Entry:
    public_id = content.get("id") or content["code"]
    former: PublishedRecord | None = rows(kind).filter(public_id=public_id).order_by("since").last()
    corrects = former is not None and former.until_id is None
    significant = not corrects or is_significant(kind, orjson.loads(former.body), content)
    rows(kind).current().filter(public_id=public_id).update(until=publication)
    version = former.version + 1 if former else 1
    snapshot = {"version": version, "publication": publication.number}
    text = orjson.dumps(content | snapshot).decode()
    salt = _salt(publication.digest_version)
    row = PUBLISHED[kind](
        public_id=public_id, version=version, since=publication, body=text, salt=salt
    )
    if isinstance(row, PublishedReference):
        row.record = kind
    search.index([row])
    row.save()
    return Entry(
        publication=publication,
        operation=Operation.CORRECT if corrects else Operation.PUBLISH,
        record=kind,
        public_id=public_id,
        version=version,
        body_sha256=salted_sha256(salt, text),
        significant=significant,
    )


def _salt(digest_version: int) -> str:
    return "" if digest_version == 1 else new_salt()


def _end(
    operation: Operation, record: Record, publication: Publication, into: str | None = None
) -> Entry:
    kind, public_id = record
    current = rows(kind).current()
    row = current.get(public_id=public_id)
    current.filter(public_id=public_id).update(until=publication)
    return Entry(
        publication=publication,
        operation=operation,
        record=kind,
        public_id=public_id,
        version=row.version,
        into=into,
    )

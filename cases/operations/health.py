"""`/health/live` and `/health/ready`: for whoever restarts a process, or sends requests to it."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Entry, Publication
from cases.publishing.ledger.digests import GENESIS, publication_digest
from casesapi.databases import router
from casesapi.databases.replicas import standing

# Milliseconds that a probe may cost the database.
PATIENCE = 2_000

Json = dict[str, Any]


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks for nothing else: a restart would not mend a database."""
    return _answer({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when this process can answer the public; else 503, with every reason. `writable` says
    whether editors can work too."""
    about: Json = {"publication": None, "published_at": None, "age_seconds": None}
    reasons: list[str] = []
    try:
        router.limit(connections[DEFAULT_DB_ALIAS], PATIENCE)
        reasons += _migrations()
        about["writable"] = True
    except DatabaseError:
        about["writable"] = False
    if not reasons:
        reasons += _public(about)
    return _answer({"status": "unavailable" if reasons else "ok", "reasons": reasons, **about})


def _public(about: Json) -> list[str]:
    """Why the public cannot be answered, by any database; fills in what there is to be read."""
    for database in standing.databases():
        with suppress(DatabaseError), router.use_public_database(database):
            router.limit(router.connection(), PATIENCE)
            head = Publication.objects.order_by("number").last()
            reasons = [*_ledger(head)]
            if head:
                about["publication"] = head.number
                about["published_at"] = head.published_at
                age = timezone.now() - head.published_at
                about["age_seconds"] = max(0, int(age.total_seconds()))
            return reasons
    return ["The database does not answer."]


def _migrations() -> Iterator[str]:
    missing = (
        expected() - MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations().keys()
    )
    if missing:
        yield f"{len(missing)} migrations are not applied: run manage.py migrate."


@lru_cache
def expected() -> frozenset[tuple[str, str]]:
    """App and name of each migration of this program."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {name for found in loader.disk_migrations.values() for name in found.replaces}
    return frozenset(loader.disk_migrations.keys() - replaced)


def _ledger(head: Publication | None) -> Iterator[str]:
    """Cheap signs that the ledger is damaged; verify_ledger finds all."""
    if head is None:
        yield "Nothing is published yet."
        return
    if Publication.objects.count() != head.number:
        yield "The ledger has gaps: run manage.py verify_ledger."
    elif not follows(head.number, head.digest):
        yield "The newest publication has a wrong digest: run manage.py verify_ledger."


@lru_cache(maxsize=1)
def follows(number: int, digest: str) -> bool:
    """Whether the digest of a publication is that of its entries. Once for each publication, as
    one may have many entries."""
    newest = Publication.objects.get(number=number)
    before = Publication.objects.filter(number=number - 1).values_list("digest", flat=True).first()
    entries = Entry.objects.filter(publication=number).values_list("digest", flat=True)
    return digest == publication_digest(newest, before or GENESIS, entries)


def _answer(body: Json) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(body),
        status=200 if body["status"] == "ok" else 503,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )

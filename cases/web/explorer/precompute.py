"""What the explorer shows of whole lists, counted as soon as a process knows of a publication.

Right after a start or a redaction it takes half a second for 100,000 cases, which the first reader
would wait for. After any other publication only what it changed is counted.
"""

import logging
from threading import Lock, Thread

from django.db import DatabaseError, connections
from django.http import QueryDict

from cases.api.queries.facets import counts
from cases.api.queries.totals import totals
from cases.api.request import snapshots
from cases.api.request.parameters import Parameters
from cases.api.urls import FILTERS
from cases.api.views.facets import fields
from cases.api.views.records import RECORDS
from cases.edge.latest import LatestPublication
from cases.web.explorer.groups import BESIDE, counted_by
from cases.web.explorer.pages import COUNTED_AT_ONCE
from casesapi.databases import router

_log = logging.getLogger(__name__)
_under_way = Lock()


def prepare(head: LatestPublication) -> None:
    """Counts in a thread of its own, since who watches the head has to go on with that."""
    Thread(target=_prepare, name="counts ahead", daemon=True).start()


def _prepare() -> None:
    if not _under_way.acquire(blocking=False):
        return  # what is published meanwhile is little more to count for who asks first
    try:
        count()
    except DatabaseError as error:
        _log.info("Nothing was counted ahead: %s", error)
    finally:
        connections.close_all()
        _under_way.release()


def count() -> None:
    """The numbers of records, and the facets of lists whose filters come by a second request."""
    with router.use_public_database():
        at = snapshots.read(Parameters(QueryDict()))
        number = totals(at)
        for kind, record in RECORDS.items():
            if number[record] > COUNTED_AT_ONCE:
                known = fields(FILTERS[kind])
                names = [name for each in BESIDE[kind] if (name := counted_by(kind, each))]
                counts(record, at, {}, {(name,): [known[name]] for name in names})

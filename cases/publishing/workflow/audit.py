"""Who did what: written with every act, private, never changed afterwards.

The one exception: an edit is given the number of the publication that made it public. Which edits
a publication contains is decided by its snapshot of the database and never by a clock: an edit
that was saved while somebody else was publishing is not in that publication, whatever its time.
"""

from collections.abc import Collection, Iterable
from itertools import groupby

from django.contrib.auth.models import AbstractBaseUser

from cases.models import Act, Entry
from cases.publishing.documents.record_refs import RecordRef
from cases.vocabulary import Deed, Operation

User = AbstractBaseUser

EDITS = (Deed.ENTER, Deed.CHANGE, Deed.DELETE)


def record(
    deed: Deed, roots: Iterable[RecordRef], by: User | None = None, publication: int | None = None
) -> None:
    """Writes down what somebody did to some roots. by: null = a command."""
    Act.objects.bulk_create(
        [
            Act(
                deed=deed,
                record=root.record,
                public_id=root.public_id,
                by_id=by.pk if by else None,
                name=by.get_username() if by else "",
                publication=publication,
            )
            for root in sorted(set(roots))
        ]
    )


def settle(entries: Collection[Entry], publication: int) -> None:
    """Mark the edits that a publication contains: all that its snapshot sees of the roots whose
    new versions it publishes. A query per kind of record.

    An edit whose transaction ends later stays unmarked, and so does what a redaction or a
    withdrawal finds: neither publishes what somebody was editing.
    """
    brought = [entry for entry in entries if entry.operation in _BRINGS]
    for kind, some in groupby(sorted(brought, key=_kind), key=_kind):
        ids = [entry.public_id for entry in some]
        edits = Act.objects.filter(record=kind, public_id__in=ids, deed__in=EDITS)
        edits.filter(publication=None).update(publication=publication)


_BRINGS = (Operation.PUBLISH, Operation.CORRECT)


def _kind(entry: Entry) -> str:
    return entry.record


def editors(roots: Iterable[RecordRef]) -> dict[int, str]:
    """Accounts that entered or changed any of the roots since it was last published, by id, with
    the name of each; of a root that is not public any more, all that ever did."""
    found: dict[int, str] = {}
    for root in roots:
        acts = Act.objects.filter(record=root.record, public_id=root.public_id, deed__in=EDITS)
        last = last_entry(root)
        if not last or last.operation not in (Operation.WITHDRAW, Operation.MERGE):
            acts = acts.filter(publication=None)
        named = acts.exclude(by=None).values_list("by", "by__username").distinct()
        found.update(named.order_by("by"))
    return found


def last_entry(root: RecordRef) -> Entry | None:
    """What was done to a root last, in public; null = nothing yet."""
    entries = Entry.objects.filter(record=root.record, public_id=root.public_id)
    return entries.order_by("publication").last()

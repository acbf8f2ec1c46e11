"""Who did what: written beside every act, private, never changed afterwards."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser

from cases.models import Act, Entry
from cases.publishing.roots import Root
from cases.vocabulary import Deed, Operation

User = AbstractBaseUser

EDITS = (Deed.ENTER, Deed.CHANGE, Deed.DELETE)


def record(
    deed: Deed, roots: Iterable[Root], by: User | None = None, publication: int | None = None
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


def editors(roots: Iterable[Root]) -> set[str]:
    """Names of all who entered or changed any of the roots since it was last published; of one
    that is not public any more, of all who ever did."""
    names: set[str] = set()
    for root in roots:
        acts = Act.objects.filter(record=root.record, public_id=root.public_id, deed__in=EDITS)
        last = last_entry(root)
        if last and last.operation not in (Operation.WITHDRAW, Operation.MERGE):
            acts = acts.filter(at__gt=last.publication.published_at)
        names.update(acts.exclude(name="").values_list("name", flat=True))
    return names


def last_entry(root: Root) -> Entry | None:
    """What was done to a root last, in public; null = nothing yet."""
    entries = Entry.objects.filter(record=root.record, public_id=root.public_id)
    return entries.order_by("publication").select_related("publication").last()

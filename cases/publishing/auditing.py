"""Who did what: written beside every act, private, never changed afterwards."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from cases.models import Act, Entry
from cases.publishing.roots import Root
from cases.vocabulary import Deed

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
    """Names of all who entered or changed any of the roots since it was last published."""
    names: set[str] = set()
    for root in roots:
        acts = Act.objects.filter(record=root.record, public_id=root.public_id, deed__in=EDITS)
        published_at = last_published(root)
        if published_at:
            acts = acts.filter(at__gt=published_at)
        names.update(acts.exclude(name="").values_list("name", flat=True))
    return names


def last_published(root: Root) -> datetime | None:
    entries = Entry.objects.filter(record=root.record, public_id=root.public_id)
    last = entries.order_by("publication").select_related("publication").last()
    return last.publication.published_at if last else None

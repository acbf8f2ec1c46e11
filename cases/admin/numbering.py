"""The next free number of a record. A number that was ever published is never given again."""

from django.db import connection
from django.db.models import Model

from cases.models import Case, Defendant, Entry, Service, Source, Statistic, Verdict
from cases.vocabulary import RecordKind

# Any number: what two editors who save at once must agree on.
NUMBERING = 726_002

KINDS: dict[type[Model], RecordKind | None] = {
    Case: RecordKind.CASE,
    Defendant: RecordKind.DEFENDANT,
    Verdict: RecordKind.VERDICT,
    Source: RecordKind.SOURCE,
    Statistic: RecordKind.STATISTIC,
    Service: None,  # published within its defendant, without an entry of its own
}


def next_id(model: type[Model], prefix: str, digits: int = 1) -> str:
    """`prefix` and the next free number, of at least `digits` digits.

    Within a transaction: whoever else asks waits until it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    ids = set(model._default_manager.filter(pk__startswith=prefix).values_list("pk", flat=True))
    kind = KINDS[model]
    if kind:
        entries = Entry.objects.filter(record=kind, public_id__startswith=prefix)
        ids.update(entries.values_list("public_id", flat=True).distinct())
    taken = (public_id.removeprefix(prefix) for public_id in ids)
    last = max((int(number) for number in taken if number.isdecimal()), default=0)
    return f"{prefix}{last + 1:0{digits}}"

"""Computes whether corrections that were published before changed a fact of their record."""

import orjson
from django.db import migrations

from cases.publishing.ledger.changed_facts import is_significant
from cases.vocabulary import RecordKind

PUBLISHED = (
    *("PublishedCase", "PublishedDefendant", "PublishedVerdict"),
    *("PublishedSource", "PublishedStatistic", "PublishedReference"),
)
REFERENCE = "PublishedReference"
BATCH = 500


def compute(apps, schema_editor):
    """One pass over all versions, in constant memory."""
    entries = apps.get_model("cases", "Entry").objects.filter(operation="correct")
    for name in PUBLISHED:
        record = ["record"] if name == REFERENCE else []
        rows = apps.get_model("cases", name).objects.order_by(*record, "public_id", "version")
        before = None
        columns = ("public_id", "since", "until", "body", *record)
        for row in rows.values(*columns).iterator(chunk_size=BATCH):
            kind = row.get("record") or name.removeprefix("Published").lower()
            public_id, since, document = row["public_id"], row["since"], orjson.loads(row["body"])
            # What was withdrawn and published again corrects nothing.
            corrected = before is not None and before[:2] == ((kind, public_id), since)
            if corrected and not is_significant(RecordKind(kind), before[2], document):
                found = entries.filter(record=kind, public_id=public_id, publication=since)
                found.update(significant=False)
            before = (kind, public_id), row["until"], document


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_significant_entries")]

    operations = [migrations.RunPython(compute, migrations.RunPython.noop, elidable=True)]

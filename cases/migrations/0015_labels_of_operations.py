"""A record that is published again after a withdrawal is not published for the first time."""

from django.db import migrations

import cases.models.fields

OPERATIONS = [
    ("publish", "published"),
    ("correct", "corrected"),
    ("withdraw", "withdrawn"),
    ("merge", "merged into another record"),
    ("redact", "redacted"),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_reasons_of_different_cases")]

    operations = [
        migrations.AlterField(
            "entry",
            "operation",
            cases.models.fields.VocabularyField(
                blank=True, choices=OPERATIONS, max_length=40, null=False
            ),
        ),
    ]

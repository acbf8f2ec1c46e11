"""Why two cases that are alike are not the same."""

from django.db import migrations

import cases.models.fields


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_citations_remember_what_they_confirm")]

    operations = [
        migrations.AddField(
            "likelyduplicate", "reason", cases.models.fields.TextField(blank=True, null=True)
        ),
    ]

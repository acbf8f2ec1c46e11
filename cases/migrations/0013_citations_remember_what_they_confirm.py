"""Citations remember the new value that they were confirmed for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_order_of_edits_and_checks")]

    operations = [
        migrations.AddField(
            "citation",
            "confirmed",
            models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]

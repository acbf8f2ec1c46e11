"""Reasons of single records in a publication."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_labels_of_operations")]

    operations = [
        migrations.AddField(
            "entry",
            "note_salt",
            models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]

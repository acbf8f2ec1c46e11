"""What was published until now has digests of version 1, and so has what the old program publishes
while it still runs: the database fills in what that program does not know."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_what_rests_on_a_source")]

    operations = [
        migrations.AddField(
            "publication",
            "digest_version",
            models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            "publication",
            "note_salt",
            models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]

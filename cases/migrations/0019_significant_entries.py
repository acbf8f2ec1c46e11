"""Whether a publication changed a fact of a record, or only what its document quotes."""

from django.db import migrations, models

from cases.repeatable import RepeatableAddField, RepeatableAddIndex


class Migration(migrations.Migration):
    # The index is made while the table is read and written.
    atomic = False

    dependencies = [("cases", "0018_places_and_counters_in_languages")]

    operations = [
        RepeatableAddField(
            "entry", "significant", models.BooleanField(db_default=True, default=True)
        ),
        RepeatableAddIndex(
            "entry",
            models.Index(
                fields=["id"],
                condition=models.Q(
                    significant=True,
                    record__in=[
                        *("case", "source", "statistic", "region", "court", "formation"),
                        *("article", "publisher"),
                    ],
                ),
                name="entry_significant_of_a_root",
            ),
        ),
    ]

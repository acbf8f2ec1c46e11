from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from cases.repeatable import RepeatableAddField, RepeatableAddIndex


def texts(path):
    return models.GeneratedField(
        db_persist=True,
        expression=models.Func(models.F("body"), models.Value(path), function="published_texts"),
        output_field=ArrayField(base_field=models.TextField(), size=None),
    )


class Migration(migrations.Migration):
    # Indexes are made while the tables are read and written.
    atomic = False

    dependencies = [("cases", "0008_api_keys")]

    operations = [
        RepeatableAddField("publishedsource", "cites", texts("$.cites[*]")),
        RepeatableAddField(
            "publishedstatistic", "source", texts("$.sources[*] ? (@.cited == true).id")
        ),
        RepeatableAddIndex(
            "publishedsource", GinIndex(fields=["cites"], name="publishedsource_cites")
        ),
        RepeatableAddIndex(
            "publishedstatistic", GinIndex(fields=["source"], name="publishedstatistic_source")
        ),
    ]

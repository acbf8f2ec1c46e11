from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


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
        migrations.AddField("publishedsource", "cites", texts("$.cites[*]")),
        migrations.AddField(
            "publishedstatistic", "source", texts("$.sources[*] ? (@.cited == true).id")
        ),
        AddIndexConcurrently(
            "publishedsource", GinIndex(fields=["cites"], name="publishedsource_cites")
        ),
        AddIndexConcurrently(
            "publishedstatistic", GinIndex(fields=["source"], name="publishedstatistic_source")
        ),
    ]

from django.db import migrations, models

MODELS = (
    *("publishedcase", "publisheddefendant", "publishedverdict"),
    *("publishedsource", "publishedstatistic", "publishedreference"),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_digests_have_versions")]

    operations = [
        migrations.AddField(
            model, "salt", models.CharField(blank=True, db_default="", default="", max_length=64)
        )
        for model in MODELS
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Of what was done before, only times are known. An edit counts as published where its request
# began well before; else somebody else must check the record once more.
SETTLE = """
UPDATE cases_act SET publication = (
    SELECT min(entry.publication_id)
    FROM cases_entry entry JOIN cases_publication ON number = entry.publication_id
    WHERE entry.record = cases_act.record AND entry.public_id = cases_act.public_id
        AND entry.operation IN ('publish', 'correct')
        AND published_at > cases_act.at + interval '5 minutes'
)
WHERE deed IN ('enter', 'change', 'delete') AND publication IS NULL
"""
NUMBER = """
UPDATE cases_check SET latest_publication = coalesce(
    (SELECT max(number) FROM cases_publication WHERE published_at <= cases_check.at), 0
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_digests_have_salts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AlterField(
                model,
                "by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            )
            for model in ("act", "check")
        ),
        migrations.AddField(
            "check", "latest_publication", models.PositiveIntegerField(db_default=0)
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
    ]

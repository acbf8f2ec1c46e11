"""A measure more. The database checks codes, and Django does not tell it of new ones."""

from django.db import migrations

import cases.models.fields

# What fitted the old list fits the wider one, so no row is checked while the table is locked.
WIDEN = """
ALTER TABLE cases_statistic
    -- squawk-ignore ban-drop-constraint
    DROP CONSTRAINT cases_statistic_measure_check,
    ADD CONSTRAINT cases_statistic_measure_check CHECK (measure IN ({})) NOT VALID
"""

CODES = (
    *("cases_opened", "cases_registered", "cases_sent_to_court", "sentences", "sentence_term"),
    *("persons_convicted", "persons_detained", "suspects", "verdict_texts_studied", "killed"),
    *("names_in_list", "contracts_signed", "contracts_expired", "recruited_from_prison"),
    *("prisoners_exchanged", "countries_in_fatality_db"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_notes_of_records"),
    ]

    operations = [
        migrations.AlterField(
            model_name="statistic",
            name="measure",
            field=cases.models.fields.VocabularyField(
                blank=True,
                choices=[
                    ("cases_opened", "criminal cases opened"),
                    ("cases_registered", "criminal cases registered"),
                    ("cases_sent_to_court", "cases sent to court"),
                    ("sentences", "sentences"),
                    ("sentence_term", "length of a sentence"),
                    ("persons_convicted", "persons convicted"),
                    ("persons_detained", "persons detained"),
                    ("suspects", "suspects"),
                    ("verdict_texts_studied", "texts of verdicts studied"),
                    ("killed", "persons killed"),
                    ("names_in_list", "names in a published list"),
                    ("contracts_signed", "military contracts signed"),
                    ("contracts_expired", "military contracts expired without discharge"),
                    ("recruited_from_prison", "persons recruited in prison"),
                    ("prisoners_exchanged", "prisoners of war exchanged"),
                    ("countries_in_fatality_db", "countries in a database of the dead"),
                ],
                max_length=40,
                null=False,
            ),
        ),
        migrations.RunSQL(
            WIDEN.format(", ".join(f"'{code}'" for code in CODES)), migrations.RunSQL.noop
        ),
    ]

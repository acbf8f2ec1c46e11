"""Places, recruiters, counters and laws in three languages, as all other texts of ours."""

from django.db import migrations

from cases.models.fields import MultilingualField, MultilingualListField

# What was typed so far is in one language, which its letters tell.
LANGUAGE = """
    CASE WHEN {text} ~ '[ӘәҒғҚқҢңӨөҰұҮүҺһІі]' THEN 'kk' WHEN {text} ~ '[А-Яа-яЁё]' THEN 'ru'
    ELSE 'en' END
"""
TEXT = f"""
ALTER TABLE {{table}}
    -- squawk-ignore ban-drop-constraint
    DROP CONSTRAINT {{table}}_{{column}}_check,
    -- squawk-ignore changing-column-type
    ALTER COLUMN {{column}} TYPE jsonb USING
        CASE WHEN {{column}} IS NOT NULL
        THEN jsonb_build_object({LANGUAGE.format(text="{column}")}, {{column}}) END,
    ADD CONSTRAINT {{table}}_{{column}}_check CHECK (
        jsonb_typeof({{column}}) = 'object' AND {{column}} <> '{{{{}}}}'
        AND {{column}} - ARRAY['en', 'ru', 'kk'] = '{{{{}}}}'
        AND NOT jsonb_path_exists(
            {{column}}, 'strict $.* ? (@.type() != "string" || @ == "")'
        )
    ) NOT VALID
"""
LIST = f"""
ALTER TABLE cases_service
    -- squawk-ignore ban-drop-not-null
    ALTER COLUMN places DROP NOT NULL,
    -- squawk-ignore changing-column-type
    ALTER COLUMN places TYPE jsonb USING
        CASE WHEN places <> '{{}}' THEN jsonb_build_object(
            {LANGUAGE.format(text="array_to_string(places, ' ')")}, to_jsonb(places)
        ) END,
    ADD CONSTRAINT cases_service_places_check CHECK (
        jsonb_typeof(places) = 'object' AND places <> '{{}}'
        AND places - ARRAY['en', 'ru', 'kk'] = '{{}}'
        AND NOT jsonb_path_exists(
            places, 'strict $.* ? (@.type() != "array" || @.size() == 0)'
        )
        AND NOT jsonb_path_exists(
            places, 'lax $.*[*] ? (@.type() != "string" || @ == "")'
        )
    ) NOT VALID
"""
# Going back keeps one language of each text, the first of these.
TEXT_BACK = """
ALTER TABLE {table}
    DROP CONSTRAINT {table}_{column}_check,
    ALTER COLUMN {column} TYPE text USING
        coalesce({column} ->> 'en', {column} ->> 'ru', {column} ->> 'kk'),
    ADD CONSTRAINT {table}_{column}_check CHECK ({column} <> '') NOT VALID
"""
LIST_BACK = """
ALTER TABLE cases_service ADD COLUMN places_before text[] DEFAULT '{}' NOT NULL;
UPDATE cases_service SET places_before = ARRAY(
    SELECT jsonb_array_elements_text(coalesce(places -> 'en', places -> 'ru', places -> 'kk'))
) WHERE places IS NOT NULL;
ALTER TABLE cases_service DROP COLUMN places;
ALTER TABLE cases_service RENAME COLUMN places_before TO places;
ALTER TABLE cases_service ALTER COLUMN places DROP DEFAULT
"""
STATED_BACK = """
UPDATE cases_citation
    SET "values" = jsonb_set("values", '{{{path}}}', coalesce(
        "values" #> '{{{path},en}}', "values" #> '{{{path},ru}}', "values" #> '{{{path},kk}}'
    ))
    WHERE jsonb_typeof("values" #> '{{{path}}}') = 'object'
"""
# What sources state instead, by its path.
STATED = """
UPDATE cases_citation
    SET "values" = jsonb_set(
        "values", '{path}', jsonb_build_object({language}, "values" #> '{path}')
    )
    WHERE jsonb_typeof("values" #> '{path}') IN ('string', 'array')
"""
PATHS = (
    *("counted_by", "residence_place", "detained_place", "places"),
    *("recruitment,place", "recruitment,recruited_by"),
)


def stated(path: str) -> str:
    """The statement for the value at one path."""
    array = "{" + path + "}"
    return STATED.format(path=array, language=LANGUAGE.format(text=f"(\"values\" #>> '{array}')"))


def text(model: str, column: str, **options: bool) -> migrations.SeparateDatabaseAndState:
    """One column. Rewriting its table takes a second for 100,000 rows, and no request of the public
    reads these tables; the desk of the old program fails until it is replaced, and loses nothing.
    """
    names = {"table": f"cases_{model}", "column": column}
    field = MultilingualField(**options)
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(TEXT.format(**names), TEXT_BACK.format(**names))],
        [migrations.AlterField(model, column, field)],
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_contracts_that_expired")]

    operations = [
        text("statistic", "counted_by", null=False),
        text("defendant", "residence_place"),
        text("defendant", "detained_place"),
        text("defendant", "recruitment_place"),
        text("defendant", "recruitment_recruited_by"),
        text("court", "place"),
        text("article", "law", null=False),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(LIST, LIST_BACK)],
            [migrations.AlterField("service", "places", MultilingualListField())],
        ),
        *(migrations.RunSQL(stated(path), STATED_BACK.format(path=path)) for path in PATHS),
    ]

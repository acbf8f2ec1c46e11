"""SQL functions that read a published document; the generated columns call them.

IMMUTABLE, as PostgreSQL demands of generated columns: they use nothing but the document, and
dates are cut from fixed positions because a cast from text depends on session settings. They call
only built-ins, so that a restored dump finds everything without a search path.
"""

from django.db import migrations

# Everything found at any of the paths, JSON nulls left out.
FOUND = """
    FROM unnest(paths) AS path,
         jsonb_path_query(body::jsonb, path::jsonpath) AS found
    WHERE jsonb_typeof(found) <> 'null'
"""

DAY = """
    make_date(left(found ->> '{0}', 4)::int,
              substr(found ->> '{0}', 6, 2)::int,
              substr(found ->> '{0}', 9, 2)::int)
"""
EARLIEST, LATEST = DAY.format("earliest"), DAY.format("latest")

TEXT = "found #>> '{}' COLLATE \"C\""
NUMBER = "(found #>> '{}')::int"

FUNCTIONS = {
    "published_texts": ("text[]", f"coalesce(array_agg(DISTINCT {TEXT} ORDER BY {TEXT}), '{{}}')"),
    "published_integers": ("int[]", f"coalesce(array_agg({NUMBER} ORDER BY {NUMBER}), '{{}}')"),
    "published_days": (
        "daterange[]",
        f"coalesce(array_agg(daterange({EARLIEST}, {LATEST}, '[]') ORDER BY found), '{{}}')",
    ),
    "published_first_day": (
        "date",
        f"coalesce(min(coalesce({EARLIEST}, {LATEST})), make_date(9999, 12, 31))",
    ),
    "published_last_day": (
        "date",
        f"coalesce(max(coalesce({LATEST}, {EARLIEST})), make_date(1, 1, 1))",
    ),
    "published_least": ("int", f"coalesce(min({NUMBER}), 2147483647)"),
    "published_greatest": ("int", f"coalesce(max({NUMBER}), -1)"),
    "published_exists": ("boolean", "count(*) > 0"),
}


def create(name: str, returns: str, value: str) -> str:
    return f"""
        CREATE FUNCTION {name}(body text, VARIADIC paths text[]) RETURNS {returns}
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT {value} {FOUND} $$
    """


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(create(name, *definition), f"DROP FUNCTION {name}(text, VARIADIC text[])")
        for name, definition in FUNCTIONS.items()
    ]

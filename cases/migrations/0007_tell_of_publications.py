"""A trigger that tells every listener of a publication when it is committed."""

from django.db import migrations

# By statement: one message a publication, which PostgreSQL sends with the commit.
CREATE = """
    CREATE FUNCTION tell_of_publication() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('cases_publication', '');
        RETURN NULL;
    END $$;
    CREATE TRIGGER tell_of_publication
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cases_publication
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_publication()
"""
DROP = """
    DROP TRIGGER tell_of_publication ON cases_publication;
    DROP FUNCTION tell_of_publication()
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_quality_and_folded_names")]
    operations = [migrations.RunSQL(CREATE, DROP)]

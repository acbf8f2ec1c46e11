from django.core.management import call_command

from casesapi.settings import address


def test_a_database_url_may_hold_any_option_of_libpq():
    assert address("postgresql://me:p%40ss@db:5433/cases?sslmode=require") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "cases",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

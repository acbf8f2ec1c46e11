"""`manage.py grant_reader`: what the public API's role may read, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

from cases.models import READ_TABLES


class Command(BaseCommand):
    help = (
        "Lets a role of PostgreSQL read the published tables, and takes every other right in this "
        "database from it. For DATABASE_READER_URL; run it again after each migration."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="an existing role, neither owner nor superuser")

    def handle(self, *, role: str, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolname = current_user FROM pg_roles WHERE rolname = %s", [role]
            )
            found = cursor.fetchone()
            if found is None:
                raise CommandError(
                    f"There is no role “{role}”. Make one first: CREATE ROLE {role} LOGIN;"
                )
            if found[0]:
                raise CommandError(
                    f"“{role}” is a superuser or the owner of the tables, whom no right can be "
                    "taken from. Name another role."
                )
            cursor.execute("SELECT current_schema()")
            schema = sql.Identifier(cursor.fetchone()[0])
            tables = sql.SQL(", ").join(
                sql.Identifier(model._meta.db_table) for model in READ_TABLES
            )
            names = {"role": sql.Identifier(role), "schema": schema, "tables": tables}
            for statement in (
                "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
                "REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}",
                "GRANT USAGE ON SCHEMA {schema} TO {role}",
                "GRANT SELECT ON {tables} TO {role}",
            ):
                cursor.execute(sql.SQL(statement).format(**names))
        self.stdout.write(f"{role} may read {len(READ_TABLES)} tables and nothing else.")

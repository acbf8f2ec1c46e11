"""Django's PostgreSQL backend, on the embedded server.

The server starts when somebody first connects, so `manage.py help` or a type check starts nothing;
and again if it died meanwhile.
"""

from typing import Any

from django.db.backends.postgresql import base

from casesapi.postgres import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            # Killed, or out of memory; nobody else would start it again.
            try:
                embedded.server().revive()
            except embedded.EmbeddedPostgresError as error:
                raise self.Database.OperationalError(str(error)) from error
            return super().get_new_connection(conn_params)

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"host": embedded.server().join()}

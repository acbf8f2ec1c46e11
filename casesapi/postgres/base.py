"""Django's PostgreSQL backend, on the embedded server.

The server starts when somebody first connects, so `manage.py help` or a type check starts nothing.
"""

from typing import Any

from django.db.backends.postgresql import base

from casesapi import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"host": embedded.server().join()}

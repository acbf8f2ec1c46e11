"""`manage.py write_openapi`: the OpenAPI schema as a file, for review and for client builds."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cases.api.request.snapshots import Snapshot
from cases.api.views.openapi import written
from casesapi.postgres.state_dir import CHECKOUT

FILE = CHECKOUT / "docs" / "openapi.yaml"


class Command(BaseCommand):
    help = "Writes docs/openapi.yaml: the schema as it is served, without the codes of the dataset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=FILE)

    def handle(self, *, path: Path, **options: Any) -> None:
        path.write_bytes(written(Snapshot(), "yaml"))
        self.stdout.write(f"Wrote {path}.")

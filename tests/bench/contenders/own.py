"""This API as `make serve` serves it, without loading the data of the project."""

import sys

import django

django.setup()

from time import monotonic  # noqa: E402

from cases.management.commands.serve import Command  # noqa: E402

if __name__ == "__main__":
    port, workers = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
    Command().serve("127.0.0.1", port, workers, monotonic())

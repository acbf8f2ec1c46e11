"""This API as `make serve` serves it, without loading the data of the project."""

import sys

import django

django.setup()

from time import monotonic  # noqa: E402

from cases.management.commands.serve import Command  # noqa: E402

if __name__ == "__main__":
    Command().serve("127.0.0.1", int(sys.argv[1]), 2, monotonic())

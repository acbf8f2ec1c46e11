#!/usr/bin/env python3
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from casesapi.embedded import EmbeddedPostgresError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EmbeddedPostgresError) as error:
        sys.exit(f"{error}")

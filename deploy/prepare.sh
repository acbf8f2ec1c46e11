#!/bin/sh
# The tables, the data, the roles of editors, and what the public may read. Harmless when repeated.
set -eu
python manage.py migrate --no-input
python manage.py load_dataset fixtures
python manage.py seed_roles
python manage.py grant_reader reader

#!/bin/sh
# The tables, the data, the roles of editors, and what the public may read. Harmless when repeated.
# A dataset that is refused is reported, and keeps no node from serving what is published.
set -eu
python manage.py prepare
python manage.py seed_roles
python manage.py grant_reader reader

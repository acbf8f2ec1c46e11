"""Publishes a synthetic case with a court, an article and a formation that no publication had."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")


def main() -> None:
    django.setup()
    # These need the settings.
    from cases.publishing.ledger import ledger
    from tests import synthetic

    synthetic.case()
    publication = ledger.publish("synthetic")
    assert publication
    print(publication.number)


if __name__ == "__main__":
    main()

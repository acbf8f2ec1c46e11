"""Publishes without end: batches of synthetic sources, each in one publication.

Prints `publication first-id` once a publication is confirmed; what it printed must never be lost.
A publication that failed is tried again, as an editor would.
"""

import os
import sys
import time

import django
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
BATCH = 20


def ids(batch: int) -> list[str]:
    return [f"SRC-{10_000 + batch * BATCH + count}" for count in range(BATCH)]


def main() -> None:
    django.setup()
    # These need the settings.
    from cases.models import Source, published
    from cases.publishing.documents.record_refs import RecordRef
    from cases.publishing.ledger import ledger
    from cases.vocabulary import RecordKind
    from tests import synthetic

    batch = int(sys.argv[1])
    while True:
        try:
            names = ids(batch)
            for name in names:
                if not Source.objects.filter(pk=name).exists():
                    synthetic.source(name)
            found = ledger.publish(only={RecordRef(RecordKind.SOURCE, name) for name in names})
            if found is None:
                # It was published, and only the word of it was lost.
                row = published(RecordKind.SOURCE).current().get(public_id=names[0])
                number = row.since_id
            else:
                number = found.number
            print(number, names[0], flush=True)
            batch += 1
        except DatabaseError as error:
            print("failed", type(error).__name__, flush=True)
            connection.close()
            time.sleep(0.05)


if __name__ == "__main__":
    main()

"""`manage.py rebuild_search`: fold every published document again, after folding has changed."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.management.progress import bar
from cases.publishing import search
from cases.publishing.ledger import ledger


class Command(BaseCommand):
    help = (
        "Computes the words of every document and the dictionary anew; changes only what differs."
    )

    def handle(self, **options: Any) -> None:
        with ledger.one_publisher_at_a_time():
            changed = search.rebuild(bar("Folding", "documents"))
        self.stdout.write(f"{changed} documents had other words; the dictionary is right.")

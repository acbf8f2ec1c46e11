"""Writes the catalogues of the pages: `manage.py write_messages`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.web import messages


class Command(BaseCommand):
    help = "Brings the catalogues of messages up to date with the pages, and compiles them."

    def handle(self, *args: Any, **options: Any) -> None:
        missing = 0
        for language in messages.TRANSLATED:
            catalog, file = messages.updated(language), messages.file_of(language)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(messages.po(catalog))
            file.with_suffix(".mo").write_bytes(messages.mo(messages.translated(language)))
            for message in messages.untranslated(catalog):
                missing += 1
                self.stderr.write(f"{file}: no translation of {message.id!r}")
        if missing:
            raise CommandError(f"{missing} messages have no translation.")

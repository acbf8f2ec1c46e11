"""The texts of the pages and their translations, as gettext catalogues; Babel reads and writes
them, so that no machine needs gettext's own programs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from cases.web import vocabularies
from cases.web.explorer import labels
from cases.web.languages import DEFAULT, LANGUAGES

HERE = Path(__file__).parent
TRANSLATED = [language for language in LANGUAGES if language != DEFAULT]
# Of each function, which arguments are messages; `c` marks the context.
FUNCTIONS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

# The same catalogue compiles to the same bytes on any day.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
# Lines of the header that nobody keeps up, or that change with every edit.
DATED = (
    *(b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator'),
    *(b'"Report-Msgid-Bugs-To', b'"Language-Team'),
)


def used() -> Catalog:
    """Every message in code, templates and vocabularies, with where it stands."""
    catalog = Catalog()
    for file in sorted([*HERE.rglob("*.py"), *HERE.rglob("*.html")]):
        for line, message, context in _found(file):
            place = (file.relative_to(HERE).as_posix(), line)
            catalog.add(message, locations=[place], context=context)
    for context, label in vocabularies.messages():
        catalog.add(label, locations=[("../vocabulary.py", 0)], context=context)
    for context, said in labels.messages():
        catalog.add(said, locations=[("../api/filters.py", 0)], context=context)
    return catalog


def _found(file: Path) -> Iterator[tuple[int, Any, str | None]]:
    text = file.read_text()
    if file.suffix == ".html":
        # What is no message becomes words without meaning, whose indentation has none either.
        lines = templatize(text).splitlines()
        text = "\n".join(line.strip() for line in lines)
    for line, message, _, context in extract("python", BytesIO(text.encode()), FUNCTIONS):
        yield line, message, context


def file_of(language: str) -> Path:
    return HERE / "locale" / language / "LC_MESSAGES" / "django.po"


def translated(language: str) -> Catalog:
    """The translations as they stand in the repository."""
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The translations, with what is used now: new messages are empty, unused ones are gone."""
    catalog = translated(language) if file_of(language).exists() else Catalog(locale=language)
    catalog.update(used(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = f"# Texts of the pages in {catalog.locale.english_name}."
    catalog.project, catalog.version, catalog.fuzzy = "Cases API", "1", False
    return catalog


def po(catalog: Catalog) -> bytes:
    file = BytesIO()
    # Without lines and dates, which change with every edit.
    write_po(file, catalog, width=100, omit_header=False, include_lineno=False, sort_by_file=True)
    kept = [line for line in file.getvalue().splitlines(True) if not line.startswith(DATED)]
    return b"".join(kept)


def mo(catalog: Catalog) -> bytes:
    catalog.creation_date = catalog.revision_date = NEVER
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[Any]:
    """Messages without a translation, with a part of one, or with one that nobody checked."""
    return [
        message
        for message in catalog
        if message.id and (message.fuzzy or not all(_strings(message.string)))
    ]


def _strings(string: Any) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)

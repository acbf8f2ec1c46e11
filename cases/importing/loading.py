"""Loading a dataset: read, check, write and publish, all or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from cases.importing.problems import DatasetError, Place, Problem
from cases.importing.reading import DatasetFile, read
from cases.importing.saving import save
from cases.importing.validating import (
    DatasetEntry,
    Id,
    declares,
    entries,
    identified,
    reference_problems,
    references,
    schema_problems,
    stored,
)
from cases.models import LoadedFile, Publication
from cases.publishing import ledger
from cases.publishing.rules import Violation

SUFFIXES = {".yaml", ".yml"}

Bar = Callable[[str, str], Callable[[Iterable[Any]], Iterable[Any]]]


class Loaded(NamedTuple):
    """What a load did. publication: null when nothing changed that is public."""

    files: int
    unchanged: int
    publication: Publication | None


def load(paths: Iterable[Path], note: str, bar: Bar) -> Loaded:
    """Brings files, and all files in folders, into the working copy and publishes what changed.

    Files that were loaded before and have not changed since are skipped. DatasetError lists every
    problem of every file: its form, its references and the rules of publishing; then nothing was
    written. Two loads at once wait for each other.
    """
    with transaction.atomic():
        ledger.wait_for_turn()
        seen = dict(LoadedFile.objects.values_list("path", "sha256"))
        contents = dict(_contents(paths))
        digests = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
        new = [path for path in contents if seen.get(_name(path)) != digests[path]]
        files = [read(path, contents[path]) for path in bar("Reading", "files")(new)]
        found, problems = _checked(files, bar)
        publication = _write(found, problems, note, bar) if files else None
        LoadedFile.objects.bulk_create(
            [LoadedFile(path=_name(path), sha256=digests[path]) for path in new],
            update_conflicts=True,
            unique_fields=["path"],
            update_fields=["sha256"],
        )
    return Loaded(len(new), len(contents) - len(new), publication)


def _contents(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    problems = []
    for file in dict.fromkeys(file for path in paths for file in _files(path)):
        try:
            yield file, file.read_bytes()
        except OSError as error:
            problems.append(Problem(file, 1, "", f"cannot be read: {error.strerror}"))
    if problems:
        raise DatasetError(problems)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
    else:
        yield path


def _name(path: Path) -> str:
    return str(path.resolve())


def _checked(files: list[DatasetFile], bar: Bar) -> tuple[list[DatasetEntry], list[Problem]]:
    """The entries that can be written, and every problem of form and reference."""
    problems = [problem for file in files for problem in file.problems]
    readable = [file for file in files if not file.problems]
    faulty: set[Id] = set()
    found: list[DatasetEntry] = []
    for file in bar("Checking", "files")(readable):
        places = []
        for place, detail in schema_problems(file):
            places.append(place)
            problems.append(file.problem(place, detail))
        for entry in entries(file):
            found.append(entry)
            if any(_touches(place, entry.place) for place in places):
                faulty |= declares(entry)
    for entry, place, detail in reference_problems(found):
        problems.append(entry.file.problem(place, detail))
        faulty |= declares(entry)
    return _sound(found, faulty), problems


def _touches(place: Place, entry: Place) -> bool:
    """Whether a problem is in an entry, or in what holds it."""
    length = min(len(place), len(entry))
    return place[:length] == entry[:length]


def _sound(found: list[DatasetEntry], faulty: set[Id]) -> list[DatasetEntry]:
    """Entries that neither are faulty nor rest on a faulty one that is not stored already."""
    faulty -= stored(faulty)
    while True:
        sound = [
            entry
            for entry in found
            if not faulty & (declares(entry) | {target for target, _ in references(entry)})
        ]
        if len(sound) == len(found):
            return sound
        faulty |= {target for entry in found if entry not in sound for target in declares(entry)}
        found = sound


def _write(
    found: list[DatasetEntry], problems: list[Problem], note: str, bar: Bar
) -> Publication | None:
    """Saves and publishes. With problems, only finds out what else is wrong."""
    save(found)
    try:
        if not problems:
            return ledger.publish(note, progress=bar("Publishing", "records"))
        broken = ledger.preview(progress=bar("Checking rules", "records")).violations
    except ledger.RulesBrokenError as error:
        broken = error.violations
    raise DatasetError(problems + list(_located(broken, found)))


def _located(broken: Iterable[Violation], found: list[DatasetEntry]) -> Iterator[Problem]:
    """Broken rules at the line of what breaks them; what no file holds names its id instead."""
    places = {
        public_id: (entry.file, place) for entry in found for public_id, place in identified(entry)
    }
    for violation in broken:
        detail = f"{violation.detail} [{violation.rule}]"
        if violation.subject in places:
            file, place = places[violation.subject]
            if violation.field:
                place = (*place, violation.field)
            yield file.problem(place, f"{violation.subject}: {detail}")
        else:
            yield Problem(
                Path("working copy"), 0, violation.subject, f"{violation.field}: {detail}"
            )

"""Loading a dataset: read, check, write and publish, all or nothing."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.db.models import RestrictedError

from cases.importing.problems import DatasetError, Place, Problem
from cases.importing.publications import FilePublication, History, folders
from cases.importing.reading import DatasetFile, read
from cases.importing.saving import save
from cases.importing.validating import (
    DatasetEntry,
    declares,
    entries,
    identified,
    reference_problems,
    references,
    schema_problems,
    stored,
)
from cases.models import Entry, LoadedFile, Publication
from cases.publishing.documents.embedding import unpublished
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import diff, ledger
from cases.publishing.ledger.ledger import Announced
from cases.publishing.rules import Violation
from cases.publishing.workflow.republish import affected
from cases.vocabulary import Operation, RecordKind

SUFFIXES = {".yaml", ".yml"}

# Under what a file lists its records, and what they are.
KINDS: dict[str, RecordKind] = {"case": RecordKind.CASE} | {
    f"{kind}s": kind
    for kind in RecordKind
    if kind not in (RecordKind.CASE, RecordKind.DEFENDANT, RecordKind.VERDICT)
}

# What saving can fail with because of what an entry says.
REFUSALS = (IntegrityError, DataError, RestrictedError, UnicodeError)

Bar = Callable[[str, str], Callable[[Iterable[Any]], Iterable[Any]]]


class Loaded(NamedTuple):
    """What a load did. publications: in their order; none when nothing changed that is public.
    kept: corrections that were left out because somebody changed the record at the desk."""

    files: int
    unchanged: int
    publications: list[Publication]
    kept: list[str]


def load(paths: Iterable[Path], note: str, bar: Bar) -> Loaded:
    """Brings files, and all files in folders, into the working copy and publishes what changed.

    Files that were loaded before and have not changed since are skipped. Publications that the
    files describe and that were not replayed here follow, each with its own note; on a first load
    also with their dates (`importing.publications`). DatasetError lists every problem of every
    file: its form, its references and the rules of publishing; then nothing was written. Two loads
    at once wait for each other.
    """
    with ledger.one_publisher_at_a_time():
        seen = dict(LoadedFile.objects.values_list("path", "sha256"))
        found = {path.resolve(): path for given in paths for path in _files(given)}
        digests: dict[str, str] = {}
        changed: list[Path] = []
        contents: dict[Path, tuple[bytes, Problem | None]] = {}
        for resolved, path in bar("Reading", "files")(list(found.items())):
            content, problem = contents[resolved] = _content(path)
            digests[str(resolved)] = hashlib.sha256(content).hexdigest()
            if problem or seen.get(str(resolved)) != digests[str(resolved)]:
                changed.append(resolved)
        publications: list[Publication] = []
        kept: list[str] = []
        if changed:
            # A correction needs the record that it corrects.
            wanted = list(found) if folders(found) else changed
            files = {path: _read(found[path], *contents[path]) for path in wanted}
            history = History(files)
            replay = _Replay(history, seen.keys(), bar)
            replay.changed_files([files[path] for path in changed], note)
            replay.pending()
            publications, kept = replay.publications, replay.kept
            digests |= {one.mark: "" for one in history.later}
        LoadedFile.objects.bulk_create(
            [LoadedFile(path=path, sha256=digest) for path, digest in digests.items()],
            update_conflicts=True,
            unique_fields=["path"],
            update_fields=["sha256"],
        )
    return Loaded(len(changed), len(found) - len(changed), publications, kept)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
    else:
        yield path


class _Replay:
    """Publishes what changed in files, then the publications that this database has not seen."""

    def __init__(self, history: History, seen: Collection[str], bar: Bar) -> None:
        self._history = history
        self._bar = bar
        self._first_load = not Publication.objects.exists()
        self._done = {"", *(one.name for one in history.later if one.mark in seen)}
        self.publications: list[Publication] = []
        self.kept: list[str] = []

    def changed_files(self, changed: list[DatasetFile], note: str) -> None:
        """What was changed outside of pending publications, as one publication."""
        first = self._history.first
        later = {id(file) for one in self._pending() for file in (one.file, *one.files)}
        files = [file for file in changed if id(file) not in later]
        files = self._history.as_left(files, self._done)
        if files or self._history.problems:
            when = first.at if self._first_load else None
            note = note or (first.note if self._first_load else "")
            self._publish(files, self._history.problems, Announced(note, when), self._pending())

    def pending(self) -> None:
        for one in self._pending():
            following = self._pending()[1:]
            files, kept = self._history.replay(one, self._done)
            self.kept += [f"{one.file.path if one.file else one.name}: {what}" for what in kept]
            when = one.at if self._first_load else None
            if files or one.problems:
                announced = Announced(one.note, when, one.notes())
                self._publish(files, one.problems, announced, following)
            self._done.add(one.name)

    def _pending(self) -> list[FilePublication]:
        return [one for one in self._history.later if one.name not in self._done]

    def _publish(
        self,
        files: list[DatasetFile],
        problems: list[Problem],
        announced: Announced,
        following: list[FilePublication],
    ) -> None:
        if self._first_load:
            corrected = (one.root for later in following for one in later.corrections)
            announced = announced._replace(replaced=frozenset(corrected))
        found, more = _checked(files, self._bar)
        publication = _write(found, problems + more, announced, self._bar)
        if publication:
            self.publications.append(publication)


def _read(path: Path, content: bytes, problem: Problem | None) -> DatasetFile:
    return DatasetFile(path, problems=[problem]) if problem else read(path, content)


def _content(path: Path) -> tuple[bytes, Problem | None]:
    try:
        return path.read_bytes(), None
    except OSError as error:
        return b"", Problem(path, 1, "", f"cannot be read: {error.strerror}")


def _checked(files: list[DatasetFile], bar: Bar) -> tuple[list[DatasetEntry], list[Problem]]:
    """The entries that can be written, and every problem of form and reference."""
    problems = [problem for file in files for problem in file.problems]
    readable = [file for file in files if not file.problems]
    faulty: list[DatasetEntry] = []
    found: list[DatasetEntry] = []
    for file in bar("Checking", "files")(readable):
        places = []
        for place, detail in schema_problems(file):
            places.append(place)
            problems.append(file.problem(place, detail))
        for entry in entries(file):
            found.append(entry)
            if any(_touches(place, entry.place) for place in places):
                faulty.append(entry)
    for entry, place, detail in reference_problems(found):
        problems.append(entry.file.problem(place, detail))
        faulty.append(entry)
    return _sound(found, faulty), problems


def _touches(place: Place, entry: Place) -> bool:
    """Whether a problem is in an entry, or in what holds it."""
    length = min(len(place), len(entry))
    return place[:length] == entry[:length]


def _sound(found: list[DatasetEntry], faulty: list[DatasetEntry]) -> list[DatasetEntry]:
    """Entries that neither are faulty nor rest on a faulty one that is not stored already."""
    sound = [entry for entry in found if entry not in faulty]
    missing = {target for entry in faulty for target in declares(entry)}
    missing -= stored(missing)
    while True:
        resting = [
            entry for entry in sound if missing & {target for target, _ in references(entry)}
        ]
        if not resting:
            return sound
        sound = [entry for entry in sound if entry not in resting]
        added = {target for entry in resting for target in declares(entry)}
        missing |= added - stored(added)


def _write(
    found: list[DatasetEntry], problems: list[Problem], announced: Announced, bar: Bar
) -> Publication | None:
    """Saves and publishes. With problems, only finds out what else is wrong."""
    found, refused = _saved(found)
    problems = problems + refused + list(_ended(found))
    try:
        if not problems:
            return ledger.publish(announced, bar("Publishing", "records"), _brought(found))
        broken = diff.preview(bar("Checking rules", "records"), _brought(found)).violations
    except ledger.RulesBrokenError as error:
        broken = error.violations
    raise DatasetError(problems + list(_located(broken, found)))


def _brought(found: list[DatasetEntry]) -> set[RecordRef]:
    """What the files brought, and what embeds it; nothing that an editor is still working on."""
    brought = {RecordRef(KINDS[entry.kind], entry.id) for entry in found}
    return brought | affected(brought).ready


def _ended(found: list[DatasetEntry]) -> Iterator[Problem]:
    """Entries that were withdrawn or merged at the desk: a file must not bring them back."""
    by_root = {
        RecordRef(KINDS[entry.kind], entry.id): entry for entry in found if not _is_draft(entry)
    }
    ended = Entry.objects.filter(
        operation__in=[Operation.WITHDRAW, Operation.MERGE],
        public_id__in={root.public_id for root in by_root},
    )
    last = {RecordRef(RecordKind(row.record), row.public_id): row for row in ended.order_by("pk")}
    for root in sorted(unpublished(last.keys() & by_root.keys())):
        entry, row = by_root[root], last[root]
        what = f"merged into {row.into}" if row.into else f"withdrawn ({row.note or 'no reason'})"
        detail = f"{root.public_id} was {what} with publication {row.publication_id}"
        if not row.into:
            detail += "; publish it at the desk if it is to come back"
        yield entry.file.problem(entry.place, detail)


def _is_draft(entry: DatasetEntry) -> bool:
    return bool(entry.content.get("draft", False))


def _saved(found: list[DatasetEntry]) -> tuple[list[DatasetEntry], list[Problem]]:
    """Saves entries; those that the database refuses are told and left out."""
    try:
        with transaction.atomic():
            save(found)
    except REFUSALS:
        refused: dict[int, Problem] = {}
        for number, entry in enumerate(found):
            try:
                with transaction.atomic():
                    save([entry])
                    transaction.set_rollback(True)
            except REFUSALS as error:
                detail = f"{entry.id} is refused by the database: {reason(error)}"
                refused[number] = entry.file.problem(entry.place, detail)
        sound = _sound(found, [found[number] for number in refused])
        save(sound)
        return sound, list(refused.values())
    return found, []


def reason(error: Exception) -> str:
    """What the database says, or the name of the broken constraint, which is a sentence."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return str(error)
    constraint = diagnosis.constraint_name
    return constraint.replace("_", " ") if constraint else str(diagnosis.message_primary)


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

"""Publications in files: a dataset is its first state and the publications that followed.

A folder with a `publication.yaml` is a publication: the corrections in that file, and the new
records in the other files of the folder. The top folder holds the first one; folders below it hold
those that followed, in the order of their names. A correction changes only the fields that it
names, so what editors changed at the desk stays.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cases.importing.problems import Place, Problem
from cases.importing.reading import DatasetFile
from cases.importing.stored import contents
from cases.importing.validating import MODELS, DatasetEntry, entries, explained
from cases.publishing.documents import record_refs
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.workflow.confirmations import plain, vouched
from cases.vocabulary import RecordKind

Content = dict[str, Any]
Key = tuple[str, str]
"""A record in files: its top-level key and its id."""

FILE_NAME = "publication.yaml"

# The key under which files list records of a kind.
FILE_KEYS: dict[RecordKind, str] = {RecordKind.CASE: "case"} | {
    kind: f"{kind}s" for kind in record_refs.ROOTS if kind != RecordKind.CASE
}

_PART_OF_CASE = re.compile("([A-Z]{2}-[0-9]{4,})-(D[0-9]+(-S[0-9]+)?|V[0-9]+)")


class Correction(NamedTuple):
    """One correction. root: the record; public_id: the record or the part of a case. place: of the
    correction in its file."""

    file: DatasetFile
    place: Place
    root: RecordRef
    public_id: str
    content: Content

    @property
    def key(self) -> Key:
        return FILE_KEYS[self.root.record], self.root.public_id

    @property
    def note(self) -> str:
        return str(self.content.get("note", ""))

    @property
    def changes(self) -> bool:
        """Whether it changes anything, or only gives a reason for a new record."""
        return not self.content.keys().isdisjoint({"set", "cite", "drop"})

    def applied(self, record: Content) -> Content:
        """The corrected record. ValueError if the record has no such part."""
        record = deepcopy(record)
        part = self.part(record)
        if part is None:
            raise ValueError(f"{self.root.public_id} has no {self.public_id}")
        _merge(part, self.content.get("set", {}))
        if not self.content.keys().isdisjoint({"cite", "drop"}):
            part["citations"] = list(self._citations(part))
        return record

    def _citations(self, part: Content) -> Iterator[Content]:
        """All citations, restated ones where the source was cited before, new ones last."""
        given: dict[str, list[Content]] = {source: [] for source in self.content.get("drop", [])}
        for item in self.content.get("cite", []):
            given[item["source"]] = [*given.get(item["source"], []), self._confirmed(item, part)]
        for item in part.get("citations", []):
            if item["source"] not in given:
                yield item
            else:
                yield from given[item["source"]]
                given[item["source"]] = []
        for items in given.values():
            yield from items

    def _confirmed(self, citation: Content, part: Content) -> Content:
        """A citation that is restated beside a new value supports it."""
        citation = deepcopy(citation)
        supported = set(citation.get("fields", ())) - set(citation.get("values", {}))
        confirmed = {
            name: vouched(plain(part[name]))
            for name in sorted(supported & self.content.get("set", {}).keys() & part.keys())
        }
        if confirmed:
            citation["confirmed"] = citation.get("confirmed", {}) | confirmed
        return citation

    def part(self, record: Content) -> Content | None:
        """The object that it corrects."""
        return next((one for one in _parts(record) if _id(one) == self.public_id), None)

    def problem(self, detail: str) -> Problem:
        return self.file.problem(self.place, f"{self.public_id}: {detail}")


@dataclass
class FilePublication:
    """A publication as its folder describes it. at: when a first start publishes it; None = now."""

    name: str
    file: DatasetFile | None = None
    files: list[DatasetFile] = field(default_factory=list)
    at: datetime | None = None
    note: str = ""
    corrections: list[Correction] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """Under what a database remembers that it was replayed."""
        return f"publication {self.name}"

    def notes(self) -> dict[tuple[RecordKind, str], str]:
        """The public reason for each record that has one; of a case also all those of its parts."""
        found: dict[tuple[RecordKind, str], list[str]] = {}
        for one in self.corrections:
            about = {(one.root.record, one.root.public_id)}
            if one.public_id != one.root.public_id:
                kind = RecordKind.VERDICT if "-V" in one.public_id else RecordKind.DEFENDANT
                about.add((kind, one.public_id.partition("-S")[0]))
            for key in about:
                reasons = found.setdefault(key, [])
                if one.note and one.note not in reasons:
                    reasons.append(one.note)
        return {key: " ".join(reasons) for key, reasons in found.items() if reasons}


def folders(paths: Collection[Path]) -> list[Path]:
    """The folders of later publications, in their order."""
    found = sorted(path.parent for path in paths if path.name == FILE_NAME)
    return [folder for folder in found if any(top in folder.parents for top in found)]


class History:
    """The files of a dataset by publication.

    files: by resolved path. `first` is the first state with everything that is in no later folder.
    """

    def __init__(self, files: Mapping[Path, DatasetFile]) -> None:
        below = folders(files.keys())
        self.first = FilePublication("")
        self.later = [FilePublication(folder.name) for folder in below]
        by_folder = dict(zip(below, self.later, strict=True))
        for path, file in files.items():
            owner = next((folder for folder in path.parents if folder in by_folder), None)
            publication = by_folder[owner] if owner else self.first
            if path.name == FILE_NAME:
                _read(publication, file)
            else:
                publication.files.append(file)
        self._steps: dict[Key, list[tuple[str, Content | Correction]]] = {}
        for publication in (self.first, *self.later):
            for file in publication.files:
                for entry in entries(file):
                    self._step((entry.kind, entry.id), publication, entry.content)
            for correction in publication.corrections:
                if correction.changes:
                    self._step(correction.key, publication, correction)

    def _step(self, key: Key, publication: FilePublication, step: Content | Correction) -> None:
        self._steps.setdefault(key, []).append((publication.name, step))

    @property
    def problems(self) -> list[Problem]:
        return [one for item in (self.first, *self.later) for one in item.problems]

    def state(self, key: Key, names: Collection[str]) -> Content | None:
        """A record as the publications of these names left it; None if none of them has it."""
        content: Content | None = None
        for name, step in self._steps.get(key, []):
            if name not in names:
                continue
            if not isinstance(step, Correction):
                content = step
            elif content is not None and step.part(content) is not None:
                content = step.applied(content)
        return content

    def as_left(self, changed: list[DatasetFile], names: Collection[str]) -> list[DatasetFile]:
        """Changed files with the corrections of publications that were replayed, so that a file of
        the first state takes no correction back."""
        heads = [one for one in (self.first, *self.later) if one.file in changed]
        given = [file for file in changed if file not in [one.file for one in heads]]
        found = [self._corrected(file, names) for file in given]
        known = {(entry.kind, entry.id) for file in given for entry in entries(file)}
        for correction in (one for head in heads for one in head.corrections if one.changes):
            content = self.state(correction.key, names)
            if content is not None and correction.key not in known:
                known.add(correction.key)
                found.append(_as_file(correction, content))
        return found

    def _corrected(self, file: DatasetFile, names: Collection[str]) -> DatasetFile:
        states = {}
        for entry in entries(file):
            content = self.state((entry.kind, entry.id), names)
            if content is not None and content != entry.content:
                states[entry.place] = content
        if not states:
            return file
        whole = deepcopy(file.content)
        for place, content in states.items():
            if len(place) == 1:
                whole[place[0]] = content
            else:
                whole[place[0]][place[1]] = content
        return DatasetFile(file.path, whole, file.lines)

    def replay(
        self, publication: FilePublication, names: Collection[str]
    ) -> tuple[list[DatasetFile], list[str]]:
        """What a publication makes of the working copy, as files, and what it leaves as it is since
        the desk changed it. names: of the publications before it."""
        found = list(publication.files)
        publication.problems += self._taken(publication, names)
        by_key: dict[Key, list[Correction]] = {}
        for correction in publication.corrections:
            if correction.changes:
                by_key.setdefault(correction.key, []).append(correction)
        rows = _working(by_key)
        kept = []
        for key, corrections in by_key.items():
            content, before = rows.get(key), self.state(key, names)
            for correction in corrections:
                if content is None or not _untouched(correction, content, before):
                    kept.append(f"{correction.public_id} (line {_line(correction)})")
                    continue
                content = correction.applied(content)
            if content is not None and content != rows[key]:
                found.append(_as_file(corrections[0], content))
        return found, kept

    def _taken(self, publication: FilePublication, names: Collection[str]) -> Iterator[Problem]:
        """New records whose id the desk gave to another record meanwhile."""
        for file in publication.files:
            for entry in entries(file):
                if self.state((entry.kind, entry.id), names) is None and _exists(entry):
                    detail = f"{entry.id} is in the database already; give this record another id"
                    yield file.problem(entry.place, detail)


def _read(publication: FilePublication, file: DatasetFile) -> None:
    publication.file = file
    publication.problems += file.problems
    if file.problems:
        return
    found = [file.problem(place, detail) for place, detail in explained("publication", file)]
    publication.problems += found
    if found:
        return
    content = file.content["publication"]
    publication.at = datetime.fromisoformat(content["date"])
    publication.note = content.get("note", "")
    for index, item in enumerate(content.get("corrections", [])):
        place = ("publication", "corrections", index)
        try:
            part = _PART_OF_CASE.fullmatch(item["record"])
            root = record_refs.parse(part[1] if part else item["record"])
        except ValueError as error:
            publication.problems.append(file.problem((*place, "record"), str(error)))
            continue
        public_id = item["record"] if part else root.public_id
        publication.corrections.append(Correction(file, place, root, public_id, item))


def _exists(entry: DatasetEntry) -> bool:
    return MODELS[entry.kind]._default_manager.filter(pk=entry.id).exists()


def _working(keys: Collection[Key]) -> dict[Key, Content]:
    by_kind: dict[str, list[str]] = {}
    for kind, public_id in keys:
        by_kind.setdefault(kind, []).append(public_id)
    return {
        (kind, public_id): content
        for kind, ids in by_kind.items()
        for public_id, content in contents(kind, ids).items()
    }


def _untouched(correction: Correction, now: Content, before: Content | None) -> bool:
    """Whether the fields that it sets say what the files said. before: None = no file says."""
    part = correction.part(now)
    was = correction.part(before) if before is not None else None
    if part is None:
        return False
    if was is None:
        return True
    return all(
        _comparable(part.get(name)) == _comparable(was.get(name))
        for name in correction.content.get("set", {})
    )


def _comparable(value: Any) -> Any:
    """Lists of ids are kept without order; a number is the same with and without a fraction."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return sorted(value)
    return value


def _merge(target: Content, changes: Content) -> None:
    """RFC 7396: mappings are merged, null removes, everything else replaces."""
    for name, value in changes.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = deepcopy(value)


def _parts(record: Content) -> Iterator[Content]:
    yield record
    for name in ("defendants", "services", "verdicts"):
        for part in record.get(name, []):
            yield from _parts(part)


def _id(content: Content) -> str:
    return str(content.get("id", content.get("code")))


def _line(correction: Correction) -> int:
    return correction.file.line(correction.place)


def _as_file(correction: Correction, content: Content) -> DatasetFile:
    """A corrected record as a file, in which every problem is at the line of the correction."""
    kind = correction.key[0]
    whole = {kind: content if kind == "case" else [content]}
    return DatasetFile(correction.file.path, whole, {(): _line(correction)})

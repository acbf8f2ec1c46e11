"""Finished files on disk: those of one head, shared by all processes of a machine, bounded.

What a file holds stands in its name: key, number of records, SHA-256 with and without compression.
It gets the name when it is finished, so it is there whole or not at all. A new head removes all
files of the former one, and a full disk removes all files: the next one needs the room more.

Until it is finished it is a draft, locked by the process that writes it. A draft without a lock is
what a killed process left: it is removed with the next file, and by a process that starts.
"""

import errno
import fcntl
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, NamedTuple

from django.conf import settings

from cases.edge.latest import LatestPublication, PublicationWatcher, watch
from casesapi.postgres.state_dir import make_folder

# Names in one folder, which is looked through for each request.
MOST_FILES = 1_000
DRAFT = "draft-"

_log = logging.getLogger(__name__)


class CachedExport(NamedTuple):
    """file: open at its beginning, and readable even if it is removed meanwhile. records: how many
    it has. digest: SHA-256; unencoded: of the content before compression."""

    file: IO[bytes]
    records: int
    digest: bytes
    unencoded: bytes


# Writes a file and says how many records it has, its SHA-256, and that of its content before
# compression.
Write = Callable[[IO[bytes]], tuple[int, bytes, bytes]]


class FullDiskError(Exception):
    """There is no room for a file."""


class FinishedFiles:
    """The files last used. most_bytes: of all together; 0 = none is kept."""

    def __init__(self, folder: Path, most_bytes: int, watch: PublicationWatcher) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._watch = watch

    def kept(self, head: LatestPublication, key: str) -> CachedExport | None:
        """The file under this head; null = there is none."""
        return _found(self._folder / head.digest, key) if self._keeps(head) else None

    def get(self, head: LatestPublication, key: str, write: Write) -> CachedExport:
        """The file under this head, written if there is none; several who want it wait for the
        first of them. It is kept only while this is the head. FullDiskError: there is no room,
        not even without the files that are kept."""
        try:
            return self._get(head, key, write)
        except OSError as error:
            if not _is_full(error):
                raise
            _log.warning("The disk is full: finished files are removed.")
            self.forget_others(LatestPublication())
        try:
            return _written(TemporaryFile(), write)
        except OSError as error:
            if not _is_full(error):
                raise
            raise FullDiskError from error

    def _get(self, head: LatestPublication, key: str, write: Write) -> CachedExport:
        place = self._folder / head.digest
        if not self._keeps(head) or not _made(place):
            return _written(TemporaryFile(), write)
        with _alone(place / f"{key}.lock"):
            return _found(place, key) or self._write(place, head, key, write)

    def forget_others(self, head: LatestPublication) -> None:
        """Removes the files of all other heads."""
        with suppress(OSError):
            for place in self._folder.iterdir():
                if place.name != head.digest:
                    shutil.rmtree(place, ignore_errors=True)
        _remove_abandoned(self._folder / head.digest)

    def _keeps(self, head: LatestPublication) -> bool:
        return bool(self._most_bytes and head.digest and self._watch.known() == head)

    def _write(self, place: Path, head: LatestPublication, key: str, write: Write) -> CachedExport:
        try:
            draft = NamedTemporaryFile(dir=place, prefix=DRAFT, delete=False)  # noqa: SIM115
        except FileNotFoundError:  # the head has moved
            return _written(TemporaryFile(), write)
        fcntl.flock(draft, fcntl.LOCK_EX)
        try:
            made = _written(draft, write)
        except BaseException:
            with suppress(OSError):
                os.unlink(draft.name)
            raise
        digests = f"{made.digest.hex()}.{made.unencoded.hex()}"
        named = place / f"{key}.{made.records}.{digests}"
        with suppress(FileNotFoundError):
            os.rename(draft.name, named)
        # A head that moves from here on finds the file and removes it.
        if self._watch.known() != head:
            named.unlink(missing_ok=True)
        _remove_abandoned(place)
        self._make_room(place)
        return made

    def _make_room(self, place: Path) -> None:
        with suppress(OSError):
            found = [(entry.stat(), entry.path) for entry in os.scandir(place)]
            kept = sorted((stat.st_mtime_ns, stat.st_size, path) for stat, path in found)
            size = sum(size for _, size, _ in kept)
            for number, (_, bytes_, path) in enumerate(kept):
                if size <= self._most_bytes and len(kept) - number <= MOST_FILES:
                    break
                if not path.endswith(".lock"):
                    os.unlink(path)
                    size -= bytes_


def _is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _made(place: Path) -> bool:
    """Whether there is a folder that nobody else can look into."""
    try:
        make_folder(place.parent.parent)
        for folder in (place.parent, place):
            folder.mkdir(0o700, exist_ok=True)
    except OSError as error:
        _log.warning("Finished files are not kept: %s", error)
        return False
    return True


def _remove_abandoned(place: Path) -> None:
    """Drafts of processes that were killed. One that begins in this moment loses its name, and is
    sent without being kept."""
    for path in place.glob(f"{DRAFT}*"):
        with suppress(OSError), path.open("rb") as draft:
            fcntl.flock(draft, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _found(place: Path, key: str) -> CachedExport | None:
    with suppress(OSError):
        for path in place.glob(f"{key}.*.*.*"):
            file = path.open("rb")
            os.utime(path)
            _, records, *digests = path.name.split(".")
            digest, unencoded = map(bytes.fromhex, digests)
            return CachedExport(file, int(records), digest, unencoded)
    return None


def _written(file: IO[bytes], write: Write) -> CachedExport:
    try:
        records, digest, unencoded = write(file)
        file.flush()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return CachedExport(file, records, digest, unencoded)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Of all threads and processes that want this, one at a time; the end of one ends its turn."""
    try:
        lock = path.open("w")
    except FileNotFoundError:  # gone with the head it belongs to
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


finished = FinishedFiles(settings.EXPORT_FOLDER, settings.EXPORT_CACHE_BYTES, watch)

"""Exports that are kept: the same as new ones, one computation, nothing of a former head."""

import errno
import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from cases.api.exports import response
from cases.api.exports.files import FinishedFiles, FullDiskError
from cases.edge.latest import LatestPublication
from cases.vocabulary import RecordKind
from tests.api import published
from tests.api.checked import Told
from tests.api.downloads import FILES, LISTS, fetch, read
from tests.waiting import WAIT_TIMEOUT, until

HEAD, NEXT = LatestPublication(1, "a" * 64), LatestPublication(2, "b" * 64)


class Writing:
    """Writes some bytes, and counts how often it is asked to. may: null = at once."""

    def __init__(self, content=b"synthetic", may=None):
        self.content, self.may, self.asked = content, may, 0

    def __call__(self, file):
        self.asked += 1
        if self.may:
            assert self.may.wait(WAIT_TIMEOUT)
        file.write(self.content)
        digest = hashlib.sha256(self.content).digest()
        return 7, digest, digest


@pytest.fixture
def files(tmp_path):
    return FinishedFiles(tmp_path / "state" / "exports", 10_000, Told(HEAD))


def got(files, write, key="key", head=HEAD):
    found = files.kept(head, key) or files.get(head, key, write)
    with found.file:
        return found.file.read(), found.records, found.digest.hex()


def kept(tmp_path):
    return sorted(path for path in tmp_path.rglob("*") if path.is_file())


def test_a_file_is_written_once_and_nobody_else_may_read_it(files, tmp_path):
    write = Writing()
    first = got(files, write)
    assert got(files, write) == first
    assert first == (b"synthetic", 7, hashlib.sha256(b"synthetic").hexdigest())
    assert write.asked == 1
    got(files, other := Writing(b"other"), key="other")
    assert other.asked == 1
    for path in kept(tmp_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_is_not(files, tmp_path):
    got(files, Writing())
    [finished] = kept(tmp_path)
    left = finished.with_name("draft-of-a-killed-process")
    left.write_bytes(b"half")
    write = Writing(may=Event())
    with ThreadPoolExecutor(1) as other:
        begun = other.submit(got, files, write, "other")
        until(lambda: write.asked, "the file is being written")
        FinishedFiles(files._folder, 10_000, Told(HEAD)).forget_others(HEAD)
        assert not left.exists()
        left.write_bytes(b"half")
        got(files, Writing(), "third")
        assert not left.exists()
        write.may.set()
        assert begun.result()[0] == b"synthetic"
    assert len([path for path in kept(tmp_path) if path.suffix != ".lock"]) == 3


def test_of_many_who_want_the_same_file_one_writes(files, tmp_path):
    """Each with a store of its own, as processes have."""
    write = Writing(may=Event())
    stores = [FinishedFiles(files._folder, 10_000, Told(HEAD)) for _ in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        asked = [crowd.submit(got, store, write) for store in stores]
        write.may.set()
        assert {answer.result()[0] for answer in asked} == {b"synthetic"}
    assert write.asked == 1
    assert len(kept(tmp_path)) == 1


def test_a_file_that_fails_leaves_nothing_and_the_next_is_whole(files, tmp_path):
    def fails(file):
        file.write(b"half")
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="full"):
        got(files, fails)
    assert kept(tmp_path) == []
    assert got(files, Writing())[0] == b"synthetic"


def test_a_new_head_removes_all_files(files, tmp_path):
    reading = files.get(HEAD, "key", Writing()).file
    files._watch.head = NEXT
    files.forget_others(NEXT)
    assert kept(tmp_path) == []
    with reading:
        assert reading.read() == b"synthetic"
    got(files, Writing(b"new"), head=NEXT)
    files.forget_others(NEXT)
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize("removed", [True, False])
def test_a_file_that_was_begun_under_a_former_head_is_not_kept(files, tmp_path, removed):
    """removed: whether the folder is gone, or there again because another process made it."""

    def head_moves(file):
        files._watch.head = NEXT
        if removed:
            files.forget_others(NEXT)
        return Writing()(file)

    assert got(files, head_moves)[0] == b"synthetic"
    assert kept(tmp_path) == []
    # Nor one for which the folder is made again behind that.
    assert got(files, Writing())[0] == b"synthetic"
    assert kept(tmp_path) == []


def test_while_the_head_is_not_known_nothing_is_kept_or_used(files, tmp_path):
    got(files, Writing())
    files._watch.head = None
    assert got(files, Writing(b"new"))[0] == b"new"


@pytest.mark.parametrize("bytes_", [0, 8])
def test_what_does_not_fit_is_not_kept(tmp_path, bytes_):
    files = FinishedFiles(tmp_path, bytes_, Told(HEAD))
    assert got(files, Writing())[0] == b"synthetic"
    assert kept(tmp_path) == []


def test_the_longest_unused_files_make_room(files, tmp_path):
    for number in range(50):
        got(files, Writing(b"x" * 1_000), key=str(number))
        got(files, Writing(b"x" * 1_000), key="0")
        assert sum(path.stat().st_size for path in kept(tmp_path)) <= 10_000
    names = {path.name.split(".")[0] for path in kept(tmp_path)}
    assert names == {"0", *map(str, range(41, 50))}


def test_a_folder_that_cannot_be_made_costs_no_export(tmp_path):
    (tmp_path / "file").write_text("in the way")
    files = FinishedFiles(tmp_path / "file" / "exports", 10_000, Told(HEAD))
    assert got(files, Writing())[0] == b"synthetic"


@pytest.fixture
def keeping(dataset, tmp_path, monkeypatch):
    """The exports of this test are kept."""
    monkeypatch.setattr(response, "finished", FinishedFiles(tmp_path, 10**9, Told()))
    return tmp_path


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize("form", FILES)
def test_a_kept_file_is_that_of_a_new_one(client, keeping, monkeypatch, form, coding):
    for name in ("cases", "regions"):
        if form == "geojson" and not LISTS[name].region:
            continue
        kinds = {"Accept-Encoding": coding}
        new, kept = (fetch(client, name, form, "", **kinds) for _ in range(2))
        assert read(new) == read(kept)
        assert dict(new.items()) == dict(kept.items())
        with monkeypatch.context() as nowhere:
            nowhere.setattr(response, "finished", FinishedFiles(keeping, 0, Told()))
            again = fetch(client, name, form, "", **kinds)
        assert dict(again.items()) == dict(new.items())
        read(again)


def test_a_kept_file_needs_no_query_for_its_records(client, keeping, django_assert_num_queries):
    read(fetch(client, "cases", "csv", "&region=KZ"))
    with django_assert_num_queries(1):  # the state
        read(fetch(client, "cases", "csv", "&region=KZ"))


def test_other_selections_and_formats_are_other_files(client, keeping):
    asked = ["csv&region=KZ", "csv&region=UZ", "csv", "csv&bom=1", "csv&fields=id", "ndjson"]
    found = {read(fetch(client, "cases", address)) for address in asked}
    assert len(found) == len(asked)


def test_what_is_taken_out_of_the_past_is_gone_from_pinned_files(client, keeping):
    query = "&as_of=1&ids=KZ-0009"
    assert b"KZ-59" in read(fetch(client, "cases", "ndjson", query))
    rows = published.rows(RecordKind.CASE).filter(public_id="KZ-0009", since=1)
    rows.update(body=rows.get().body.replace("KZ-59", "XX-00"))
    # Redacting is a publication as well.
    published.publish(*published.reference(region=["XX"]))
    assert b"KZ-59" not in read(fetch(client, "cases", "ndjson", query))


class FullDisk:
    """Writes until as much is there as the disk takes, counted over all files of a folder."""

    def __init__(self, folder, room, content):
        self.folder, self.room, self.content = folder, room, content

    def __call__(self, file):
        taken = sum(path.stat().st_size for path in kept(self.folder))
        if taken + len(self.content) > self.room:
            file.write(self.content[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        file.write(self.content)
        digest = hashlib.sha256(self.content).digest()
        return 7, digest, digest


def test_on_a_full_disk_kept_files_make_room(files, tmp_path):
    for number in range(3):
        got(files, FullDisk(tmp_path, 300, b"x" * 100), key=f"key{number}")
    assert got(files, FullDisk(tmp_path, 300, b"y" * 200), key="large")[0] == b"y" * 200
    assert kept(tmp_path) == []
    # And they are kept again.
    got(files, FullDisk(tmp_path, 300, b"x" * 100))
    assert len(kept(tmp_path)) == 1


def test_without_any_room_there_is_no_file_and_nothing_is_left(files, tmp_path):
    got(files, FullDisk(tmp_path, 300, b"x" * 100))
    with pytest.raises(FullDiskError):
        got(files, FullDisk(tmp_path, 300, b"y" * 400), key="large")
    assert kept(tmp_path) == []


def test_another_failure_removes_no_file(files, tmp_path):
    got(files, Writing())

    def fail(file):
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        got(files, fail, key="other")
    assert len(kept(tmp_path)) == 1


def test_a_client_is_told_when_to_come_back_to_a_full_disk(client, dataset, monkeypatch):
    def full(*_):
        raise FullDiskError

    monkeypatch.setattr(response.finished, "kept", lambda *_: None)
    monkeypatch.setattr(response.finished, "get", full)
    answer = client.get("/api/v1/cases/?format=csv")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer.json()["code"] == "disk_full"

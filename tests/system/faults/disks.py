"""Disks that are full."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.processes import until_nothing_runs
from tests.system.tools import not_tested


@contextmanager
def small(megabytes: int) -> Iterator[Path]:
    """A folder on a disk of its own, in memory; who runs there must have ended at the end."""
    what, folder = "a full disk", Path(tempfile.mkdtemp(prefix="cases-api-small-"))
    try:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "tmpfs", str(folder)]
        if os.geteuid():
            not_tested(what, "only root may mount a small one: run the tests as root on Linux")
        if subprocess.run(mount, capture_output=True).returncode:
            not_tested(what, "this container may not mount a small one: give it CAP_SYS_ADMIN")
        try:
            yield folder
            until_nothing_runs(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


def fill(path: Path) -> None:
    """Until not a byte is left."""
    with path.open("wb", buffering=0) as file:
        block = b"\0" * 1_000_000
        while block:
            try:
                file.write(block)
            except OSError:
                block = block[: len(block) // 2]

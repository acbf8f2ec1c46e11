"""A clock that processes obey and a test sets, as an operator or a time server may.

libfaketime lets sleeps fail in threads as long as it leaves the monotonic clock alone.
"""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("clock.c")
DAY = 86_400


class Clock:
    """env: of processes that obey it."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None or os.uname().sysname != "Linux":
            assert not os.environ.get("CI"), "a C compiler is not installed"
            pytest.skip("needs Linux and a C compiler")
        library = folder / "clock.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror"]
        subprocess.run([*command, "-o", library, SOURCE], check=True)
        self._file = folder / "clock"
        self.set(0)
        self.env = {"LD_PRELOAD": str(library), "CLOCK_FILE": str(self._file)}

    def set(self, seconds: int) -> None:
        """The distance to the real time."""
        # In place: those who obey have it mapped.
        with open(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as file:
            file.write(struct.pack("=q", seconds))

"""A clock that processes obey and a test sets, as an operator or a time server may.

libfaketime lets sleeps fail in threads as long as it leaves the monotonic clock alone.
"""

import os
import struct
from pathlib import Path

from tests.system.processes import run
from tests.system.tools import not_tested, skip_without

SOURCE = Path(__file__).with_name("clock.c")
DAY = 86_400


class Clock:
    """env: of processes that obey it."""

    def __init__(self, folder: Path) -> None:
        if os.uname().sysname != "Linux":
            not_tested("clocks that are set back", "they are made for Linux only")
        compiler = skip_without("cc")
        library = folder / "clock.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror"]
        run(*command, "-o", library, SOURCE)
        self._file = folder / "clock"
        self.set(0)
        self.env = {"LD_PRELOAD": str(library), "CLOCK_FILE": str(self._file)}

    def set(self, seconds: int) -> None:
        """The distance to the real time."""
        # In place: those who obey have it mapped.
        with open(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as file:
            file.write(struct.pack("=q", seconds))

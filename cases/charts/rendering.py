"""Drawing in a process of its own: it takes 0.1 s and holds Python's lock, which would keep all
other answers of this process waiting; and what it does with memory ends with it.

One drawing at a time for each process that serves. Who waits too long is told to come again.
"""

import base64
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from select import select
from threading import Lock
from typing import Any

from django.conf import settings

from casesapi.server import spending

logger = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("renderer.py")
FONTS = Path(__file__).with_name("fonts.conf")

# Seconds that one drawing may take, and that one may wait for those before it.
TIMEOUT = settings.CHART_SECONDS
PATIENCE = settings.CHART_SECONDS
# Variables that the process gets of ours. Not the secrets: it needs none, and it draws what
# requests ask for.
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "CASES_STATE_DIR")
# What measures the coverage of tests.
MEASURED = "COVERAGE_"
# Drawings after which the process is begun anew, so that it cannot grow for ever.
LIFETIME = 500

Spec = dict[str, Any]


class BusyError(Exception):
    """Too many drawings are waiting."""


class DrawingError(Exception):
    """The drawing failed."""


class TooSlowError(DrawingError):
    """The drawing took longer than TIMEOUT."""


class Renderer:
    """Starts its process with the first drawing, and again whenever it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()
        self._drawn = 0

    def svg(self, spec: Spec) -> str:
        return str(self._ask({"spec": _printable(spec)})["svg"])

    def png(self, svg: str, scale: float) -> bytes:
        return base64.b64decode(self._ask({"svg": svg, "scale": scale})["png"])

    def stop(self) -> None:
        with self._lock:
            self._end()

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        if not self._lock.acquire(timeout=PATIENCE):
            raise BusyError
        try:
            if self._drawn >= LIFETIME:
                self._end()
            try:
                answer: dict[str, Any] = json.loads(self._answer_to(json.dumps(job)))
                spending.add(answer.pop("seconds"))
            except (OSError, ValueError, KeyError) as error:
                self._end()
                failed = TooSlowError if isinstance(error, TimeoutError) else DrawingError
                raise failed(str(error)) from error
            self._drawn += 1
        finally:
            self._lock.release()
        if "error" in answer:
            raise DrawingError(answer["error"])
        return answer

    def _answer_to(self, job: str) -> str:
        """One line; OSError if there is none in time."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(job + "\n")
        process.stdin.flush()
        # The process says nothing unasked, so what is readable is the answer to this.
        if not select([process.stdout], [], [], TIMEOUT)[0]:
            raise TimeoutError(f"no drawing after {TIMEOUT} seconds")
        return process.stdout.readline()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._drawn = 0
            self._process = subprocess.Popen(
                [sys.executable, str(PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                env=_environment(),
            )
        return self._process

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
        self._process = None


def _environment() -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in INHERITED or name.startswith(MEASURED)
    }
    # The files beside the program are no modules of its own.
    return inherited | {"PYTHONSAFEPATH": "1", "FONTCONFIG_FILE": str(FONTS)}


def _printable(part: Any) -> Any:
    """Without characters that XML cannot hold: the renderer dies of them."""
    if isinstance(part, str):
        return printable(part)
    if isinstance(part, dict):
        return {key: _printable(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_printable(value) for value in part]
    return part


def printable(text: str) -> str:
    """The text, with � for what XML cannot hold."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "�", text)


renderer = Renderer()

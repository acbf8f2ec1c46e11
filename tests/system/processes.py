"""Starting, watching and ending real processes of one state folder."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil

from casesapi.state import CHECKOUT
from tests.waiting import WAIT_TIMEOUT, until


@contextmanager
def state_folder() -> Iterator[Path]:
    """A state folder for servers, removed when the last of their processes has ended."""
    folder = Path(tempfile.mkdtemp(prefix="cases-api-state-"))
    # As root, another user runs the database and must pass.
    folder.chmod(0o711)
    yield folder
    until(lambda: not processes_of(folder), f"every process of {folder} has ended")
    shutil.rmtree(folder, ignore_errors=True)


class Process:
    """A Python process with its own session, as in a terminal of its own.

    Its signals do what they do there, even if who runs the tests was told to ignore some:
    nohup ignores SIGHUP, and a shell's background jobs ignore SIGINT.
    """

    def __init__(self, state: Path, *command: str, before=None, **env: str) -> None:
        # Read by its name: through this handle, reading would move where the process writes.
        self.output = tempfile.NamedTemporaryFile("ab")  # noqa: SIM115
        inherited = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "SECRET_KEY"}}
        self.popen = subprocess.Popen(
            [sys.executable, *command],
            cwd=CHECKOUT,
            env=inherited | {"CASES_STATE_DIR": str(state)} | env,
            stdin=subprocess.PIPE,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(as_in_a_terminal, before),
        )
        self.pid = self.popen.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.popen.poll() is None:
            self.popen.terminate()
            self.popen.wait(WAIT_TIMEOUT)
        if self.popen.stdin:
            self.popen.stdin.close()
        self.output.close()

    def printed(self) -> str:
        return Path(self.output.name).read_text()

    def waits_for(self, text: str) -> None:
        """Until the process has printed `text`."""
        until(
            lambda: text in self.printed() or self.popen.poll() is not None,
            f"the process prints {text!r}",
            self.printed,
        )
        assert text in self.printed(), self.printed()

    def ctrl_c(self) -> int:
        """The whole foreground group gets a SIGINT, as from a terminal. Returns the exit code."""
        os.killpg(self.pid, signal.SIGINT)
        return self.popen.wait(WAIT_TIMEOUT)

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait(WAIT_TIMEOUT)


def as_in_a_terminal(before) -> None:
    """In the child, before it becomes the program."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if before:
        before()


def processes_of(state: Path) -> list[psutil.Process]:
    """Everything alive that belongs to a state folder: servers, workers, database, keeper.

    Dead processes that nobody buried don't count: in a container without an init they stay.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            ours = process.environ().get("CASES_STATE_DIR") == str(state)
            if ours or any(str(state) in word for word in process.cmdline()):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(port: int) -> int | None:
    """The HTTP status of the API's front page; None when nobody listens."""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/api/v1/", timeout=WAIT_TIMEOUT
        ) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None

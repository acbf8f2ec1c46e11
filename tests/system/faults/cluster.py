"""A primary and its streaming replicas as real servers, from the embedded PostgreSQL's programs."""

import os
import shutil
import signal
from pathlib import Path

import psutil
import psycopg

from casesapi.postgres.embedded import DATABASE, SUPERUSER, EmbeddedPostgres
from tests.system.processes import free_port
from tests.waiting import WAIT_TIMEOUT, until


class Postgres:
    """One server, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        folder.chmod(0o711)
        self.server = EmbeddedPostgres(folder)
        self.data = self.server.data
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{DATABASE}"

    def create(self) -> "Postgres":
        self.server.create()
        return self.start()

    def follow(self, primary: "Postgres") -> "Postgres":
        """Becomes a replica."""
        draft = self.data.parent / "draft"
        draft.mkdir(mode=0o700)
        self.server.give(draft)
        self.server.run(
            *("pg_basebackup", "-D", draft, "--write-recovery-conf", "--checkpoint=fast"),
            *("-d", f"host=127.0.0.1 port={primary.port} user={SUPERUSER}", "--no-sync"),
        )
        draft.rename(self.data)
        return self.start()

    def start(self) -> "Postgres":
        self.server.make_socket_folder()
        self.server.clear_remains()
        options = f"-k {self.server.sockets} -p {self.port} -c listen_addresses=127.0.0.1"
        self.server.run(
            *("pg_ctl", "start", "-D", self.data, "-l", self.data / "server.log", "-w"),
            *("-t", int(WAIT_TIMEOUT)),
            *(
                "-o",
                options + " -c wal_receiver_status_interval=1 -c recovery_init_sync_method=syncfs",
            ),
            hint=str(self.data / "server.log"),
        )
        return self

    def stop(self) -> None:
        self.server.run(
            *("pg_ctl", "stop", "-D", self.data, "-m", "immediate", "-w", "-t", int(WAIT_TIMEOUT))
        )
        shutil.rmtree(self.server.sockets, ignore_errors=True)

    def kill(self) -> None:
        os.kill(self.postmaster(), signal.SIGKILL)
        until(lambda: not self.processes(), "each process of the killed server has ended")

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def processes(self) -> list[psutil.Process]:
        return postgres_of(self.data)

    def ask(self, statement: str, *params: object) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=2) as connection:
            cursor = connection.execute(statement, params)
            return cursor.fetchall() if cursor.description else []

    def newest(self) -> int:
        [(number,)] = self.ask("SELECT coalesce(max(number), 0) FROM cases_publication")
        return number


def postgres_of(data: Path) -> list[psutil.Process]:
    """All processes of the server of a data folder, also those that outlive a killed one."""
    found = []
    for process in psutil.process_iter():
        try:
            running = process.status() != psutil.STATUS_ZOMBIE
            if running and process.name() == "postgres" and process.cwd() == str(data):
                found.append(process)
        except psutil.Error:
            continue
    return found

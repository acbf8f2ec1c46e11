"""Backups by PostgreSQL's own programs, and proof that what was restored is what was published."""

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import conninfo, sql

from casesapi.postgres import embedded

# Logins are not restored: who was logged out since must stay so. Nor is who guessed at passwords
# from where.
LEFT_OUT = ("--exclude-table-data=django_session", "--exclude-table-data=axes_*")
# Lines of an error that are shown.
SHOWN = 5

Progress = Callable[[Iterable[str]], Iterable[str]]


class BackupError(Exception):
    """It did not work; the message says why and what to do."""


def back_up(file: Path, progress: Progress = iter) -> int:
    """Writes the whole database as of one moment; the file is there when it is whole. Returns its
    bytes. Only its owner may read it, for it holds what is not published."""
    if file.exists():
        raise BackupError(f"{file} exists; name another file.")
    draft = file.with_name(f"{file.name}.draft")
    try:
        with suppress(FileNotFoundError):
            draft.unlink()
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupError(f"Can't write {draft}: {error.strerror}.") from error
    try:
        _run("pg_dump", "--format=custom", *LEFT_OUT, "--file", draft, progress=progress)
        _run("pg_restore", "--list", draft, connected=False)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def is_empty() -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.get_table_list(cursor)


def check(file: Path) -> None:
    """BackupError, if the file cannot be restored from."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    _run("pg_restore", "--list", file, connected=False)


def restore(file: Path, progress: Progress = iter) -> None:
    """Into the database of this connection, which is empty: all or nothing."""
    connection.close()
    _run(
        "pg_restore",
        *("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
        *("--dbname", _address(), file),
        progress=progress,
        connected=False,
    )


@contextmanager
def database_beside() -> Iterator[None]:
    """An empty database, to which this connection leads meanwhile. It takes the place of the old
    one at the end, or is dropped when anything goes wrong."""
    name = connection.settings_dict["NAME"]
    beside = f"{name}_restoring"
    maintenance = _maintenance()
    try:
        with maintenance() as raw:
            raw.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(beside)))
            raw.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(beside))
            )
        connection.close()
        connection.settings_dict["NAME"] = beside
        yield
        connection.close()
        _swap(maintenance, name, beside)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with maintenance() as raw:
            raw.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(beside)))


def _swap(maintenance: Callable[[], Any], name: str, beside: str) -> None:
    old = f"{name}_replaced"
    names = {
        "name": sql.Identifier(name), "beside": sql.Identifier(beside), "old": sql.Identifier(old)
    }  # fmt: skip
    with maintenance() as raw:
        raw.execute(sql.SQL("DROP DATABASE IF EXISTS {old}").format(**names))
        # Both at once, so that no reader finds neither. Who is connected is sent away, and comes
        # back to the new one.
        with raw.transaction():
            raw.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            raw.execute(sql.SQL("ALTER DATABASE {name} RENAME TO {old}").format(**names))
            raw.execute(sql.SQL("ALTER DATABASE {beside} RENAME TO {name}").format(**names))
        raw.execute(sql.SQL("DROP DATABASE {old}").format(**names))


def _maintenance() -> Callable[[], Any]:
    """Makes connections to the server's own database, on which others can be made and dropped."""
    import psycopg

    address = conninfo.make_conninfo(**_parameters() | {"dbname": "postgres"})
    password = connection.settings_dict["PASSWORD"] or None
    return lambda: psycopg.connect(address, password=password, autocommit=True)


def _run(program: str, *options: object, progress: Progress = iter, connected: bool = True) -> None:
    """Runs one of PostgreSQL's programs; each line that it says is a step."""
    chosen = [_program(program), "--verbose" if "--list" not in options else None]
    if connected:
        chosen += ["--dbname", _address()]
    # Not among the options, which every user of the machine can read.
    secret = {"PGPASSWORD": str(connection.settings_dict["PASSWORD"])}
    with subprocess.Popen(
        [*filter(None, chosen), *map(str, options)],
        env={**os.environ, **(secret if secret["PGPASSWORD"] else {}), "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr
        said = deque(progress(running.stderr), maxlen=SHOWN)
    if running.returncode:
        raise BackupError(f"{program} failed: {''.join(said).strip()}")


def _parameters() -> dict[str, Any]:
    """Of libpq, without the password."""
    found = connection.get_connection_params()
    ours = {"password", "prepare_threshold", "cursor_factory", "context", "pool"}
    return {name: value for name, value in found.items() if name not in ours and value is not None}


def _address() -> str:
    return conninfo.make_conninfo(**_parameters())


def _program(name: str) -> str:
    """Ours are of the newest release and read all older servers; a dump must not be restored into
    an older one than its program, so those of the server's own release go first."""
    connection.ensure_connection()
    major = connection.connection.info.server_version // 10_000
    if found := shutil.which(name):
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
        if f" {major}." in said.stdout:
            return found
    return str(embedded.server().program(name))

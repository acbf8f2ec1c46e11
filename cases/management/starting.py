"""What comes before serving: the tables, and the dataset of this checkout.

The server serves what is published. Files in `fixtures/` that cannot be loaded are reported, and
keep it from starting only if nothing is published yet.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper
from django.db import Error, connection

from cases.importing.problems import DatasetError
from cases.models import Publication
from casesapi.databases import replicas, router
from casesapi.postgres.state_dir import CHECKOUT

FIXTURES = CHECKOUT / "fixtures"
# Problems that are printed at a start.
MAX_SHOWN = 10
# Seconds to wait for somebody who is publishing, if there is something to serve already.
LOCK_TIMEOUT = 30

_log = logging.getLogger(__name__)


def prepare(stdout: OutputWrapper, stderr: OutputWrapper) -> list[str]:
    """Bring the database up to date.

    Returns what could not be done although the server can serve, as lines for the operator.
    CommandError if it cannot serve.
    """
    try:
        call_command("migrate", verbosity=0, interactive=False, stdout=stdout, stderr=stderr)
        first_start = _newest() is None
    except Error as error:
        if replicas.replicas() and router.is_down(error):
            return _reported(f"The primary does not answer, only replicas are read: {error}")
        raise _failed(error) from error
    try:
        with _lock_timeout(0 if first_start else LOCK_TIMEOUT):
            call_command("load_dataset", str(FIXTURES), stdout=stdout, stderr=stderr)
    except Exception as error:
        try:
            newest = _newest()
        except Error as unreachable:
            raise _failed(unreachable) from error
        if newest is None:
            raise _failed(error) if isinstance(error, Error) else error from None
        return _reported(
            f"{FIXTURES} was not loaded. The server serves publication {newest.number}, without"
            " what is new in these files.",
            *_reasons(error),
            "When this is corrected, run: manage.py load_dataset fixtures. The server need not be"
            " restarted.",
        )
    return []


def _newest() -> Publication | None:
    return Publication.objects.order_by("number").last()


@contextmanager
def _lock_timeout(seconds: int) -> Iterator[None]:
    """For statements of this connection; 0 leaves them as they are."""
    if not seconds:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])
    try:
        yield
    finally:
        # A connection that is lost has lost its setting too.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _failed(error: Exception) -> CommandError:
    if router.is_down(error):
        return CommandError(f"The database does not answer: {error}")
    return CommandError(f"The database could not be brought up to date: {error}")


def _reasons(error: Exception) -> list[str]:
    """Each problem of the files, or what the database said. What the program itself does wrong goes
    to the log, which holds no values."""
    if isinstance(error.__cause__, DatasetError):
        problems = [f"  {problem}" for problem in error.__cause__.problems]
        more = len(problems) - MAX_SHOWN
        return problems[:MAX_SHOWN] + ([f"  … and {more} more problems"] if more > 0 else [])
    if isinstance(error, (CommandError, Error)):
        return [f"  {error}".rstrip()]
    _log.error("Loading failed", exc_info=error)
    return [f"  {type(error).__name__}: see the log"]


def _reported(*lines: str) -> list[str]:
    _log.error(lines[0])
    return [*lines]

"""The keeper of an embedded PostgreSQL, see `casesapi.postgres.embedded`.

It starts the server, waits until its last user has left, and stops it. Run as
`python -m casesapi.postgres.keeper STATE_FOLDER START_LOCK`, where START_LOCK is an inherited file
descriptor that locks the start. Returns when the server has started, or exits with a message.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from casesapi.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresError

STARTED = "started"


def main(state: Path, start_lock: int) -> None:
    result, report = os.pipe()
    if os.fork():
        os.close(report)
        with open(result) as reported:
            said = reported.read()
        sys.exit(None if said == STARTED else said or "The keeper of the database was killed.")
    os.close(result)
    _leave_streams()
    server = EmbeddedPostgres(state)
    said = STARTED
    try:
        server.start()
    except Exception as error:
        said = str(error) if isinstance(error, EmbeddedPostgresError) else repr(error)
    os.close(start_lock)
    # The process that launched the keeper may be gone.
    with suppress(BrokenPipeError), open(report, "w") as pipe:
        pipe.write(said)
    # Also after a failed start: a server that was too slow may be running by then.
    server.keep()


def _leave_streams() -> None:
    """So that nothing waits for the keeper, whose folder may be removed as well."""
    os.chdir("/")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

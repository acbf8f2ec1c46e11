#!/usr/bin/env python3
# A part of the interpreter. The module `signal` imports others first, and Ctrl-C comes at any time.
import _signal  # type: ignore[import-not-found]
import os
import sys

# What a shell reports for a program that Ctrl-C ended.
INTERRUPTED = 130


def end_at_once(*_: object) -> None:
    """Handle Ctrl-C while modules are imported. A KeyboardInterrupt that is raised within an
    import's own callbacks would be printed and forgotten."""
    os._exit(INTERRUPTED)


def run(argv: list[str]) -> str | int | None:
    """Run a command. Returns what `sys.exit` takes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import ManagementUtility, get_commands

    from casesapi.postgres.embedded import EmbeddedPostgresError

    try:
        django.setup()
        utility = ManagementUtility(argv)
        if argv[1:] and argv[1] in get_commands():
            utility.fetch_command(argv[1])
        if _signal.getsignal(_signal.SIGINT) == end_at_once:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        utility.execute()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (ImproperlyConfigured, EmbeddedPostgresError) as error:
        return str(error)
    finally:
        # What is left is to stop the database, which is not to be interrupted.
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
    return None


if __name__ == "__main__":
    # Otherwise it was told to ignore Ctrl-C.
    if _signal.getsignal(_signal.SIGINT) == _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, end_at_once)
    # `make serve` holds it back until here.
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, {_signal.SIGINT})
    sys.exit(run(sys.argv))

"""Migrates an empty database in processes that are killed one after the other, each as soon as it
has changed the database for good, until one of them has nothing left to do."""

import os
import signal
import sys

import django

WRITES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
# Far more than there are.
MAX_KILLS = 500


def migrate() -> None:
    """With a SIGKILL after the first statement outside a transaction, or commit, that writes."""
    from django.core.management import call_command
    from django.db import connection

    written: list[str] = []

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES):
            written.append(sql)
            if not connection.in_atomic_block:
                die()
        return result

    def committed():
        commit()
        if written:
            die()

    def die():
        print(f"killed after {written[-1].split('(')[0]!r}", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    connection.ensure_connection()
    commit, connection._commit = connection._commit, committed
    with connection.execute_wrapper(watch):
        call_command("migrate", verbosity=0, interactive=False)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
    django.setup()
    from casesapi.postgres import embedded

    # So that the server goes on when a child is killed.
    embedded.server().join()
    for kills in range(MAX_KILLS):
        child = os.fork()
        if not child:
            migrate()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            print(f"done after {kills} kills")
            return
        if not os.WIFSIGNALED(status):
            sys.exit("a run failed")
    sys.exit("no end")


if __name__ == "__main__":
    main()

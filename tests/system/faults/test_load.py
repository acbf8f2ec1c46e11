"""Mixed traffic at 80 % of capacity, for as long as a test may take; `make load` takes longer."""

import psutil

from tests.bench.load import SHARE, capacity, run
from tests.system.processes import Server

# Seconds. How long answers took is printed: on a machine that others use, no number would hold.
LENGTH = 15
# MB that may come: answers in memory, up to ANSWER_CACHE_MB in each worker, and no more.
GROWTH = 40


def test_at_four_fifths_of_its_capacity_it_fails_nobody_and_does_not_grow(state, capsys):
    with Server(state, ANSWER_CACHE_MB="8").started() as node:
        server = psutil.Process(node.pid)
        most = capacity(server, node.port, 4)
        found = run(server, node.port, LENGTH, SHARE * most)
        with capsys.disabled():
            print(f"\n  {LENGTH} s at 80 % of {most:,.0f} requests a second: {found}")
        assert found.failed == {}
        before, after = found.memory
        assert after - before < GROWTH

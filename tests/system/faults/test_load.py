"""Mixed traffic at 80 % of capacity, for as long as a test may take; `make load` takes longer."""

import psutil

from tests.bench.load import SHARE, capacity, run
from tests.system.faults.nodes import Node

# Seconds; p99 is stated, and asserted only as far as a busy machine allows.
LENGTH, BEARABLE = 20, 5.0
# MB that may come: answers in memory, up to ANSWER_CACHE_MB in each worker, and no more.
GROWTH = 40


def test_at_four_fifths_of_its_capacity_it_fails_nobody_and_does_not_grow(state, capsys):
    with Node(state, ANSWER_CACHE_MB="8") as node:
        server = psutil.Process(node.started().pid)
        most = capacity(server, node.port, 4)
        found = run(server, node.port, LENGTH, SHARE * most)
        with capsys.disabled():
            print(f"\n  {LENGTH} s at 80 % of {most:,.0f} requests a second: {found}")
        assert found.failed == {}
        assert found.p99 < BEARABLE
        before, after = found.memory
        assert after - before < GROWTH

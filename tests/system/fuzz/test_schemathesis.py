"""Requests made from the schema, right and wrong ones, to a real server: no answer may surprise."""

import os
import sys
from pathlib import Path

from casesapi.postgres.state_dir import CHECKOUT
from tests.system.processes import run

HERE = Path(__file__).parent
# Requests for each operation beside those that go through its values one by one; `make fuzz` sends
# more.
EXAMPLES = 8 if "FUZZ_REQUESTS" in os.environ else 3


def test_no_request_made_from_the_schema_gets_an_answer_that_the_schema_does_not_allow(
    server, tmp_path
):
    said = run(
        *(sys.executable, "-m", "schemathesis.cli"),
        *("--config-file", HERE / "schemathesis.toml"),
        *("run", f"{server.url}/api/v1/schema/?codes=1", "--checks", "all"),
        *("--max-examples", EXAMPLES),
        env=os.environ
        | {"SCHEMATHESIS_HOOKS": "tests.system.fuzz.hooks", "PYTHONPATH": str(CHECKOUT)},
        cwd=tmp_path,
    )
    # It leaves out the address that the schema itself is at.
    paths = server.ask("/api/v1/schema/?format=json").json()["paths"]
    assert f"Tested: {len(paths) - 1}" in said, said

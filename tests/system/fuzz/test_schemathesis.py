"""Requests made from the schema, right and wrong ones, to a real server: no answer may surprise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casesapi.state import CHECKOUT

HERE = Path(__file__).parent


def test_no_request_made_from_the_schema_gets_an_answer_that_the_schema_does_not_allow(
    server, schema, tmp_path
):
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", HERE / "schemathesis.toml"),
            *("run", f"{server}/api/v1/schema/", "--checks", "all"),
        ],
        env=os.environ
        | {"SCHEMATHESIS_HOOKS": "tests.system.fuzz.hooks", "PYTHONPATH": str(CHECKOUT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    # It leaves out the address that the schema itself is at.
    assert f"Tested: {len(schema['paths']) - 1}" in run.stdout, run.stdout


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("cases/KZ%000001/", 404),
        ("cases/KZ%000001/versions/", 404),
        ("regions/%00/", 404),
        (f"statistics/?year={'9' * 5000}", 400),
        ("statistics/?year=%D9%A2%D9%A0%D9%A2%D9%A5", 400),
        ("cases/?page_size=1_0", 400),
        ("cases/?page_size=%EF%BC%91", 400),
        ("cases/?page_size=%2B5", 400),
        ("cases/?as_of=%D9%A1", 400),
        (f"cases/?as_of={'9' * 5000}", 400),
        ("cases/?opened_before=9999-12", 200),
    ],
)
def test_what_requests_made_by_hand_have_broken_is_answered(dataset, client, address, status):
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content
    assert response.json()

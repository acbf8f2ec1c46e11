"""Clients that others make from the schema compile, and read what the API answers."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.system.processes import run

HERE = Path(__file__).parent

EXPECTED = {
    "count": 6,
    "terms": [72, 60, 60, 80, 84, 60],
    "court": "Kyzylzhar district court, North Kazakhstan",
    "names": ["Євген Люфт", "Yevgeny Luft"],
    "status": 400,
}


@pytest.fixture
def schema(server, tmp_path):
    """A file with the schema as it is served."""
    path = tmp_path / "schema.json"
    path.write_bytes(server.ask("/api/v1/schema/").body)
    return path


def test_typescript_reads_a_list_a_record_and_an_error(server, schema, packages, tmp_path):
    for name in ("package.json", "tsconfig.json", "reader.ts"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(packages / "node_modules")
    tools = packages / "node_modules" / ".bin"
    run(tools / "openapi-typescript", schema, "-o", "api.ts", cwd=tmp_path)
    run(tools / "tsc", cwd=tmp_path)
    printed = run("node", tmp_path / "built" / "reader.js", server.url)
    assert json.loads(printed) == EXPECTED | {"wrong": ["outcome"]}


def test_python_reads_a_list_a_record_and_an_error(server, schema, tmp_path):
    (tmp_path / "config.yml").write_text("post_hooks: []")
    client = tmp_path / "cases_client"
    said = run(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"),
        *("--path", schema, "--output-path", client, "--meta", "none"),
        *("--config", tmp_path / "config.yml"),
    )
    assert client.is_dir(), said
    printed = run(sys.executable, HERE / "reader.py", server.url, env={"PYTHONPATH": str(tmp_path)})
    assert json.loads(printed) == EXPECTED | {"wrong": ["ids"]}

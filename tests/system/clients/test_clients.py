"""Clients that others make from the schema compile, and read what the API answers."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.system.processes import run
from tests.system.tools import skip_without

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


@pytest.fixture
def packages():
    """The folder with the packages for TypeScript; fetched once, and outside of the checkout."""
    skip_without("npm")
    lock = HERE / "package-lock.json"
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "cases-api" / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not (folder / "installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", lock.name):
            shutil.copy(HERE / name, folder)
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
        (folder / "installed").touch()
    return folder


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

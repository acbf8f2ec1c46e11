"""Clients that others make from the schema compile, and read what the API answers."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

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
    path.write_bytes(urlopen(f"{server}/api/v1/schema/").read())
    return path


@pytest.fixture
def packages():
    """The folder with the packages for TypeScript; fetched once, and outside of the checkout."""
    if not shutil.which("npm"):
        # In CI a missing tool is a mistake in .ci/run; nobody would see what is skipped.
        assert "CI" not in os.environ, "npm is missing"
        pytest.skip("npm is missing: install Node.js to test the TypeScript client")
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


def run(*command, **options):
    """What a command prints; it must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_typescript_reads_a_list_a_record_and_an_error(server, schema, packages, tmp_path):
    for name in ("package.json", "tsconfig.json", "reader.ts"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(packages / "node_modules")
    tools = packages / "node_modules" / ".bin"
    run(tools / "openapi-typescript", schema, "-o", "api.ts", cwd=tmp_path)
    run(tools / "tsc", cwd=tmp_path)
    printed = run("node", tmp_path / "built" / "reader.js", server)
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
    printed = run(sys.executable, HERE / "reader.py", server, env={"PYTHONPATH": str(tmp_path)})
    assert json.loads(printed) == EXPECTED | {"wrong": ["ids"]}

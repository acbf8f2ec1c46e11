"""Clients that were generated at one publication read the next one, with codes they never saw."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.system.processes import Process, Server, run

HERE = Path(__file__).parent

SPARSE = {"id": "KZ-9001", "court": {"name": {"en": "Synthetic District Court"}}}


@pytest.fixture(scope="module")
def earlier(state, tmp_path_factory):
    """A server, its schema as it was, and the number of the publication that came afterwards."""
    schema = tmp_path_factory.mktemp("earlier") / "schema.json"
    with Server(state).started() as server:
        schema.write_bytes(server.ask("/api/v1/schema/").body)
        with Process(state, "-m", "tests.system.clients.new_court") as published:
            assert published.wait() == 0, published.printed()
        yield server, schema, published.printed().split()[-1]


def test_the_schema_stays_the_same(earlier):
    server, schema, _ = earlier
    assert server.ask("/api/v1/schema/").body == schema.read_bytes()


def test_a_python_client_reads_a_later_publication(earlier, tmp_path):
    server, schema, number = earlier
    (tmp_path / "config.yml").write_text("post_hooks: []")
    run(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"),
        *("--path", schema, "--output-path", tmp_path / "cases_client", "--meta", "none"),
        *("--config", tmp_path / "config.yml"),
    )
    env = {"PYTHONPATH": str(tmp_path)}
    printed = run(sys.executable, HERE / "newer.py", server.url, number, env=env)
    assert json.loads(printed) == {
        "found": ["KZ-9001"],
        "court": "synthetic-district-court",
        "listed": True,
        "sparse": SPARSE,
    }


@pytest.fixture
def typescript(earlier, packages, tmp_path):
    """A folder with the schema and all that is compiled there, and the programs that do it."""
    for name in ("package.json", "orval.config.mjs", *(path.name for path in HERE.glob("*.ts"))):
        shutil.copy(HERE / name, tmp_path)
    for path in HERE.glob("tsconfig*.json"):
        shutil.copy(path, tmp_path)
    shutil.copy(earlier[1], tmp_path / "schema.json")
    (tmp_path / "node_modules").symlink_to(packages / "node_modules")
    return tmp_path, packages / "node_modules" / ".bin"


def test_typescript_with_enums_reads_a_later_publication(earlier, typescript):
    server, _, number = earlier
    folder, tools = typescript
    run(tools / "openapi-typescript", "schema.json", "--enum", "-o", "enums.ts", cwd=folder)
    run(tools / "tsc", "-p", "tsconfig.newer.json", cwd=folder)
    printed = run("node", folder / "built" / "newer.js", server.url, number)
    assert json.loads(printed) == {
        "found": ["KZ-9001"],
        "court": "synthetic-district-court",
        "sparse": SPARSE,
        "status": None,
    }


def test_zod_of_two_generators_accepts_a_later_publication(earlier, typescript):
    server, _, number = earlier
    folder, tools = typescript
    run(tools / "orval", "--config", "orval.config.mjs", cwd=folder)
    run(tools / "openapi-ts", "-i", "schema.json", "-o", "hey", "-p", "zod", cwd=folder)
    run(tools / "tsc", "-p", "tsconfig.zod.json", cwd=folder)
    assert run("node", folder / "built" / "zod.js", server.url, number).strip() == "7"

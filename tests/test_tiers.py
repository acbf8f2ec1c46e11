"""Every test is in one tier, and the fast one needs nothing but PostgreSQL."""

import ast
from pathlib import Path

from casesapi.postgres.state_dir import CHECKOUT
from tests.tiers import HERE, TIERS, tier_of

FILES = sorted(HERE.rglob("test_*.py"))
# What fast tests may start: programs that Python packages bring along, and Python itself.
STARTERS = {"subprocess", "multiprocessing", "playwright", "granian"}
MAY_START = {
    "tests/api/test_concurrency.py",  # a publisher that is killed
    "tests/test_audit.py",  # replaces what it would start
    "tests/test_citation.py",  # check-jsonschema
    "tests/test_migrations.py",  # squawk
}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_the_two_commands_together_run_every_test():
    commands = (CHECKOUT / "Makefile").read_text()
    assert "-m fast --ignore=tests/system\n" in commands
    assert "-m system tests/system\n" in commands
    run = {"fast": set(), "system": set()}
    for path in FILES:
        run[tier_of(path)].add(path)
    assert run["system"] == {path for path in FILES if HERE / "system" in path.parents}
    assert run["fast"] | run["system"] == set(FILES)
    assert all(run.values())


def test_every_test_that_was_collected_has_one_tier(request):
    for item in request.session.items:
        assert len(TIERS.keys() & {mark.name for mark in item.iter_markers()}) == 1, item.nodeid


def test_fast_tests_start_no_server_and_no_browser():
    for path in sorted(HERE.rglob("*.py")):
        name = str(path.relative_to(CHECKOUT))
        if tier_of(path) == "system" or "bench" in path.parts or name == "tests/pictures.py":
            continue
        used = imports(path)
        assert not [module for module in used if module.startswith("tests.system")], name
        if name not in MAY_START:
            assert not {module.split(".")[0] for module in used} & STARTERS, name

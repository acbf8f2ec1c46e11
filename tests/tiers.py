"""The two tiers of the tests. The folder of a test says which it belongs to."""

from pathlib import Path

HERE = Path(__file__).parent

# One line of meaning each, as `pytest --markers` shows them.
TIERS = {
    "fast": "needs PostgreSQL and nothing else; `make test` runs it",
    "system": "starts servers, browsers or other programs; only `make test-all` runs it",
}


def tier_of(path: Path) -> str:
    """The tier of a test file."""
    return "system" if path.is_relative_to(HERE / "system") else "fast"

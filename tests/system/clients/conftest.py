"""The packages for TypeScript."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from tests.system.processes import run
from tests.system.tools import skip_without

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
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

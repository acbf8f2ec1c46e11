"""What a worker does not load: libraries that only some commands and files need."""

import os
import subprocess
import sys

from casesapi.postgres.state_dir import CHECKOUT

# Of these, numpy alone takes half a second of each start and 30 MB of each process.
HEAVY = {"numpy", "openpyxl", "pyarrow", "pandas", "altair"}

SCRIPT = f"""
import sys
import casesapi.wsgi
from django.urls import get_resolver
get_resolver().url_patterns  # imports all views
print(sorted({HEAVY} & sys.modules.keys()))
"""


def test_a_worker_starts_without_what_only_files_and_drawings_need():
    settings = {"DATABASE_URL": "postgresql://localhost/cases", "SECRET_KEY": "only-for-tests"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=CHECKOUT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")

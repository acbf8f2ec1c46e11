"""A real browser for tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = "/usr/bin/chromium"
# As root it has no sandbox. Scripts like axe run once a page: compiling them at once is quicker.
OPTIONS = ["--no-sandbox", "--js-flags=--always-sparkplug"]


@contextmanager
def chromium() -> Iterator:
    """Chromium, which Playwright drives; without one, tests are skipped, but not by CI."""
    if not Path(PROGRAM).exists():
        assert "CI" not in os.environ, f"{PROGRAM} is missing"
        pytest.skip(f"{PROGRAM} is missing")
    from playwright.sync_api import sync_playwright

    # Its loop would look to Django like one of ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=PROGRAM, args=OPTIONS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
